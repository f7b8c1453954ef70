// The stems of English words: Snowball's algorithm for English ("Porter2", M. F. Porter,
// https://snowballstem.org/algorithms/english/stemmer.html), step by step as its page describes it.
//
// 1. R1 is what follows the first consonant behind a vowel, R2 the same within R1.
// 2. Plurals and possessives go (steps 0 and 1a), then -ed and -ing (1b), y becomes i (1c).
// 3. Longer endings become shorter ones (2, 3) or go (4), the last e and l go where they may (5).

/// Finds the stems of English words.
package enum EnglishStemmer {
    /// The stem of a word in small letters; nil where it is the word itself, or no word of English.
    package static func stem(_ word: [UInt8]) -> [UInt8]? {
        guard word.count > 2, word.allSatisfy({ isLetter($0) || $0 == apostrophe }) else {
            return nil
        }
        if let known = exceptions[word] { return known == word ? nil : known }
        var stemmer = StemmedWord(word)
        stemmer.run()
        return stemmer.word == word ? nil : stemmer.word
    }

    static let apostrophe = UInt8(ascii: "'")

    private static func isLetter(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }

    /// What the rules would get wrong.
    private static let exceptions: [[UInt8]: [UInt8]] = {
        var table: [[UInt8]: [UInt8]] = [:]
        let changed =
            "skis ski skies sky dying die lying lie tying tie idly idl gently gentl ugly ugli "
            + "early earli only onli singly singl"
        let words = changed.split(separator: " ").map { Array($0.utf8) }
        for place in stride(from: 0, to: words.count, by: 2) {
            table[words[place]] = words[place + 1]
        }
        for word in "sky news howe atlas cosmos bias andes".split(separator: " ") {
            table[Array(word.utf8)] = Array(word.utf8)
        }
        return table
    }()
}

/// Is a word while its endings go.
private struct StemmedWord {
    var word: [UInt8]
    private var first = 0
    private var second = 0

    /// A `y` that is a consonant.
    private static let consonantY = UInt8(ascii: "Y")

    init(_ word: [UInt8]) {
        self.word = word
        if self.word.first == EnglishStemmer.apostrophe { self.word.removeFirst() }
        for place in self.word.indices where self.word[place] == UInt8(ascii: "y") {
            if place == 0 || isVowel(place - 1) { self.word[place] = Self.consonantY }
        }
        first = firstRegion
        second = region(from: first)
    }

    mutating func run() {
        removePossessive()
        removePlural()
        let unchanged = [
            "inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed",
        ]
        if !unchanged.contains(where: { word.elementsEqual($0.utf8) }) {
            removePast()
            replaceLastY()
            shorten(Self.longEndings, in: first)
            shorten(Self.middleEndings, in: first)
            removeEnding()
            removeLast()
        }
        for place in word.indices where word[place] == Self.consonantY {
            word[place] = UInt8(ascii: "y")
        }
    }

    // MARK: Regions

    private func isVowel(_ place: Int) -> Bool {
        switch word[place] {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"),
            UInt8(ascii: "u"), UInt8(ascii: "y"):
            true
        default: false
        }
    }

    private var firstRegion: Int {
        for prefix in ["gener", "commun", "arsen"] where word.starts(with: prefix.utf8) {
            return prefix.utf8.count
        }
        return region(from: 0)
    }

    /// Finds what follows the first consonant behind a vowel.
    private func region(from start: Int) -> Int {
        var place = start + 1
        while place < word.count {
            if !isVowel(place), isVowel(place - 1) { return place + 1 }
            place += 1
        }
        return word.count
    }

    // MARK: Endings

    private func ends(_ ending: String) -> Bool {
        let bytes = ending.utf8
        return word.count >= bytes.count && word.suffix(bytes.count).elementsEqual(bytes)
    }

    private mutating func remove(_ count: Int) { word.removeLast(count) }

    private mutating func replace(_ ending: String, by new: String) {
        word.removeLast(ending.utf8.count)
        word += new.utf8
    }

    private func hasVowel(before end: Int) -> Bool { (0..<end).contains { isVowel($0) } }

    /// Tells whether the letters before `end` end in a short syllable.
    private func endsShort(_ end: Int) -> Bool {
        guard end >= 2, isVowel(end - 2), !isVowel(end - 1) else { return false }
        if end == 2 { return true }
        let isOpen = [UInt8(ascii: "w"), UInt8(ascii: "x"), Self.consonantY].contains(word[end - 1])
        return !isVowel(end - 3) && !isOpen
    }

    private var isShort: Bool { first >= word.count && endsShort(word.count) }

    // MARK: Steps

    private mutating func removePossessive() {
        for ending in ["'s'", "'s", "'"] where ends(ending) { return remove(ending.utf8.count) }
    }

    private mutating func removePlural() {
        if ends("sses") { return remove(2) }
        if ends("ied") || ends("ies") { return remove(word.count > 4 ? 2 : 1) }
        if ends("us") || ends("ss") { return }
        if ends("s"), word.count > 2, hasVowel(before: word.count - 2) { remove(1) }
    }

    private mutating func removePast() {
        for ending in ["eedly", "eed"] where ends(ending) {
            if word.count - ending.utf8.count >= first { replace(ending, by: "ee") }
            return
        }
        for ending in ["ingly", "edly", "ing", "ed"] where ends(ending) {
            let count = ending.utf8.count
            guard hasVowel(before: word.count - count) else { return }
            remove(count)
            if ends("at") || ends("bl") || ends("iz") {
                word.append(UInt8(ascii: "e"))
            } else if ["bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt"].contains(where: ends) {
                remove(1)
            } else if isShort {
                word.append(UInt8(ascii: "e"))
            }
            return
        }
    }

    private mutating func replaceLastY() {
        guard word.count > 2, let last = word.last,
            last == UInt8(ascii: "y") || last == Self.consonantY, !isVowel(word.count - 2)
        else { return }
        word[word.count - 1] = UInt8(ascii: "i")
    }

    /// What endings become, longest first.
    private static let longEndings: [(String, String)] = [
        ("ization", "ize"), ("ational", "ate"), ("fulness", "ful"), ("ousness", "ous"),
        ("iveness", "ive"), ("tional", "tion"), ("biliti", "ble"), ("lessli", "less"),
        ("entli", "ent"), ("ation", "ate"), ("alism", "al"), ("aliti", "al"), ("ousli", "ous"),
        ("iviti", "ive"), ("fulli", "ful"), ("enci", "ence"), ("anci", "ance"), ("abli", "able"),
        ("izer", "ize"), ("ator", "ate"), ("alli", "al"), ("bli", "ble"), ("ogi", "og"), ("li", ""),
    ]

    private static let middleEndings: [(String, String)] = [
        ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"),
        ("ative", ""), ("ical", "ic"), ("ness", ""), ("ful", ""),
    ]

    /// Lets the longest ending become a shorter one, where it lies in a region.
    private mutating func shorten(_ endings: [(String, String)], in region: Int) {
        guard let (ending, new) = endings.first(where: { ends($0.0) }) else { return }
        let start = word.count - ending.utf8.count
        guard start >= region else { return }
        switch ending {
        case "ogi": guard start > 0, word[start - 1] == UInt8(ascii: "l") else { return }
        case "li": guard start > 0, "cdeghkmnrt".utf8.contains(word[start - 1]) else { return }
        case "ative": guard start >= second else { return }
        default: break
        }
        replace(ending, by: new)
    }

    private mutating func removeEnding() {
        let endings = [
            "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti",
            "ous", "ive", "ize", "ion", "al", "er", "ic",
        ]
        guard let ending = endings.first(where: { ends($0) }) else { return }
        let start = word.count - ending.utf8.count
        guard start >= second else { return }
        if ending == "ion" {
            guard start > 0, "st".utf8.contains(word[start - 1]) else { return }
        }
        remove(ending.utf8.count)
    }

    private mutating func removeLast() {
        let end = word.count - 1
        if ends("e") {
            if end >= second || (end >= first && !endsShort(end)) { remove(1) }
        } else if ends("l"), end >= second, end > 0, word[end - 1] == UInt8(ascii: "l") {
            remove(1)
        }
    }
}
