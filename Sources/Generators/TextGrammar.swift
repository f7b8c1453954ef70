// The grammar of TPC-H's comments (specification, clause 4.2.2.14): weighted sentence forms over
// weighted words.

/// Gives weighted choices as a table with an entry a unit of weight.
struct WordTable: Sendable {
    /// 15 bytes of text and its length, so that a word is written with one store.
    let entries: [SIMD16<UInt8>]

    /// Makes a table of words that are each followed by `suffix`.
    init(_ words: [(String, Int)], suffix: String = " ") {
        entries = words.flatMap { word, weight in
            var entry = SIMD16<UInt8>()
            let text = Array((word + suffix).utf8)
            precondition(text.count <= 15)
            for (i, byte) in text.enumerated() { entry[i] = byte }
            entry[15] = UInt8(text.count)
            return Array(repeating: entry, count: weight)
        }
    }
}

/// Holds the words and forms that comments are made of.
enum TextGrammar {
    enum SentencePart: Sendable {
        case nounPhrase
        case verbPhrase
        case prepositionalPhrase
    }

    /// Sentence forms without the terminator that ends each, an entry a unit of weight.
    static let sentences: [[SentencePart]] = weighted([
        ([.nounPhrase, .verbPhrase], 3),
        ([.nounPhrase, .verbPhrase, .prepositionalPhrase], 3),
        ([.nounPhrase, .verbPhrase, .nounPhrase], 3),
        ([.nounPhrase, .prepositionalPhrase, .verbPhrase, .nounPhrase], 1),
        ([.nounPhrase, .prepositionalPhrase, .verbPhrase, .prepositionalPhrase], 1),
    ])

    static let nounPhrases: [[WordTable]] = weighted([
        ([nouns], 10),
        ([adjectives, nouns], 20),
        ([adjectivesWithComma, adjectives, nouns], 10),
        ([adverbs, adjectives, nouns], 50),
    ])

    static let verbPhrases: [[WordTable]] = weighted([
        ([verbs], 30),
        ([auxiliaries, verbs], 1),
        ([verbs, adverbs], 40),
        ([auxiliaries, verbs, adverbs], 1),
    ])

    static let terminators = WordTable([
        (".", 50), (";", 1), (":", 1), ("?", 1), ("!", 1), ("--", 1),
    ])

    static let nouns = WordTable(
        [
            ("packages", 40), ("requests", 40), ("accounts", 40), ("deposits", 40),
            ("foxes", 20), ("ideas", 20), ("theodolites", 20), ("pinto beans", 20),
            ("instructions", 20), ("dependencies", 10), ("excuses", 10), ("platelets", 10),
            ("asymptotes", 10), ("courts", 5), ("dolphins", 5),
        ]
            + single(
                "multipliers sauternes warthogs frets dinos attainments somas Tiresias patterns "
                    + "forges braids frays warhorses dugouts notornis epitaphs pearls tithes waters "
                    + "orbits gifts sheaves depths sentiments decoys realms pains grouches escapades"
            )
            + [("hockey players", 1)])

    static let verbs = WordTable(
        [
            ("sleep", 20), ("wake", 20), ("are", 20), ("cajole", 20), ("haggle", 20), ("nag", 10),
            ("use", 10), ("boost", 10), ("affix", 5), ("detect", 5), ("integrate", 5),
        ]
            + single(
                "maintain nod was lose sublate solve thrash promise engage hinder print x-ray "
                    + "breach eat grow impress mold poach serve run dazzle snooze doze unwind "
                    + "kindle play hang believe doubt"))

    static let adverbs = WordTable(
        single("sometimes always never")
            + [
                ("furiously", 50), ("slyly", 50), ("carefully", 50), ("blithely", 40),
                ("quickly", 30), ("fluffily", 20),
            ]
            + single(
                "slowly quietly ruthlessly thinly closely doggedly daringly bravely stealthily "
                    + "permanently enticingly idly busily regularly finally ironically evenly "
                    + "boldly silently"))

    static let prepositions = WordTable(
        [
            ("about", 50), ("above", 50), ("according to", 50), ("across", 50), ("after", 50),
            ("against", 40), ("along", 40), ("alongside of", 30), ("among", 30), ("around", 20),
            ("at", 10),
        ]
            + single("atop before behind beneath beside besides between beyond by despite during")
            + single("except for from") + [("in place of", 1), ("inside", 1), ("instead of", 1)]
            + single("into near of on outside over past since through throughout to toward under")
            // The misspelt one is so in the reference generator.
            + single("until up upon whithout with within"))

    static let auxiliaries = WordTable(
        single("do may might shall will would can could should") + [("ought to", 1), ("must", 1)]
            + [
                ("will have to", 1), ("shall have to", 1), ("could have to", 1),
                ("should have to", 1), ("must have to", 1), ("need to", 1), ("try to", 1),
            ])

    static let adjectives = WordTable(adjectiveWords)
    static let adjectivesWithComma = WordTable(adjectiveWords, suffix: ", ")

    private static let adjectiveWords =
        [("special", 20), ("pending", 20), ("unusual", 20), ("express", 20)]
        + single(
            "furious sly careful blithe quick fluffy slow quiet ruthless thin close dogged daring "
                + "brave stealthy permanent enticing idle busy")
        + [
            ("regular", 50), ("final", 40), ("ironic", 40), ("even", 30), ("bold", 20),
            ("silent", 10),
        ]

    private static func single(_ words: String) -> [(String, Int)] {
        words.split(separator: " ").map { (String($0), 1) }
    }

    private static func weighted<Form>(_ forms: [(Form, Int)]) -> [Form] {
        forms.flatMap { form, weight in Array(repeating: form, count: weight) }
    }
}
