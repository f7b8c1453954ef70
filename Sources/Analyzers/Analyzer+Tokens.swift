// Cutting a text into tokens.

/// Hands out the texts of a row, one after the other: one, or the elements of an array.
package typealias RowTexts = (_ take: (UnsafeRawBufferPointer) -> Void) -> Void

extension Analyzer {
    /// The places between the terms of a text of a row and those of the next: a phrase stands across
    /// two texts only where its slop is as large.
    package static let gapBetweenTexts = 100

    /// Says for what a text is cut: to be stored, or to be sought.
    package enum Purpose: Sendable {
        case storing
        case seeking
    }

    /// Replaces what is in a list by the tokens of a text.
    package func analyze(
        _ text: UnsafeRawBufferPointer, for purpose: Purpose = .storing, into list: inout TokenList
    ) {
        list.removeAll()
        append(text, for: purpose, to: &list)
    }

    /// Replaces what is in a list by the tokens of all texts of a row.
    package func analyze(texts: RowTexts, into list: inout TokenList) {
        list.removeAll()
        texts { text in
            let count = list.tokens.count
            append(text, for: .storing, to: &list)
            list.separate(from: count, by: Self.gapBetweenTexts)
        }
    }

    /// Tells whether a text is cut as it is written, so that tokens say where they stand in it.
    package func keepsCharacters(of text: UnsafeRawBufferPointer) -> Bool {
        characterFilters.changed(text) == nil
    }

    private func append(
        _ text: UnsafeRawBufferPointer, for purpose: Purpose, to list: inout TokenList
    ) {
        guard let changed = characterFilters.changed(text) else { return cut(text, purpose, &list) }
        changed.withUnsafeBytes { cut($0, purpose, &list) }
    }

    /// Lists the tokens of a text.
    package func tokens(of text: [UInt8], for purpose: Purpose = .storing) -> TokenList {
        var list = TokenList()
        text.withUnsafeBytes { analyze($0, for: purpose, into: &list) }
        return list
    }

    private func cut(
        _ text: UnsafeRawBufferPointer, _ purpose: Purpose, _ list: inout TokenList
    ) {
        switch tokenizer {
        case .whole:
            guard !text.isEmpty else { return }
            var position = 0
            add(CharacterCursor(text: text), 0..<text.count, .whole, &position, &list)
        case .words: cutWords(text, pairing: false, purpose, &list)
        case .bigrams: cutWords(text, pairing: true, purpose, &list)
        case .letters: cutRuns(text, &list) { $0.isLetterOrDigit || $0 == .extend }
        case .whitespace: cutAtSpace(text, &list)
        case .grams(let sizes): cutGrams(text, sizes, &list)
        }
    }

    // MARK: Tokens

    /// Makes a token of bytes of the text, after the filters; its position is counted in any case.
    @inline(__always)
    private func add(
        _ cursor: CharacterCursor, _ places: Range<Int>, _ kind: TokenKind,
        _ position: inout Int, _ list: inout TokenList, isPrefix: Bool = false
    ) {
        let first = list.bytes.count
        let isSmall =
            lowercases && list.appendSmall(UnsafeRawBufferPointer(rebasing: cursor.text[places]))
        if lowercases, !isSmall {
            var place = places.lowerBound
            while place < places.upperBound {
                let byte = cursor.text[place]
                if byte < 0x80 {
                    list.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
                    place += 1
                    continue
                }
                let (value, byteCount) = cursor.character(place)
                if value == CharacterCursor.invalid {
                    list.append(byte)
                } else {
                    SmallLetters.append(value, to: &list)
                }
                place += byteCount
            }
        } else if !isSmall {
            list.append(UnsafeRawBufferPointer(rebasing: cursor.text[places]))
        }
        defer { position += 1 }
        if filters.count > 1 || (filters.count == 1 && !lowercases),
            !passes(&list, from: first)
        {
            return list.drop(from: first)
        }
        list.finish(from: first, position: position, places, kind, isPrefix: isPrefix)
    }

    /// Lets the filters change the last term; false where it goes.
    private func passes(_ list: inout TokenList, from first: Int) -> Bool {
        var term = list.lastTerm(from: first)
        var isChanged = false
        for filter in filters {
            switch filter {
            case .lowercase: break
            case .stop(let words): if words.contains(term) { return false }
            case .stem:
                guard let stem = EnglishStemmer.stem(term) else { continue }
                term = stem
                isChanged = true
            case .length(let lengths):
                let count = term.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
                if !lengths.contains(count) { return false }
            case .removePunctuation:
                let left = Self.withoutPunctuation(term)
                if left.isEmpty { return false }
                isChanged = isChanged || left.count != term.count
                term = left
            }
        }
        if isChanged { list.replaceLast(from: first, by: term) }
        return true
    }

    private static func withoutPunctuation(_ term: [UInt8]) -> [UInt8] {
        term.withUnsafeBytes { bytes in
            let cursor = CharacterCursor(text: bytes)
            var result: [UInt8] = []
            var place = 0
            while place < bytes.count {
                let (kind, next) = cursor.classified(place)
                if kind.isLetterOrDigit || kind == .extend { result += bytes[place..<next] }
                place = next
            }
            return result
        }
    }

    // MARK: Words

    /// Cuts words at the boundaries of UAX #29. Signs of Chinese and Japanese are words each, or come
    /// in pairs.
    private func cutWords(
        _ text: UnsafeRawBufferPointer, pairing: Bool, _ purpose: Purpose, _ list: inout TokenList
    ) {
        let cursor = CharacterCursor(text: text)
        var position = 0
        var place = 0
        while place < text.count {
            let (kind, next) = cursor.classified(place)
            if pairing, kind.isPaired {
                place = addPairs(cursor, place, purpose, &position, &list)
                continue
            }
            switch kind {
            case .sign:
                let end = cursor.behindExtensions(next)
                add(cursor, place..<end, .sign, &position, &list)
                place = end
            case .letter, .digit, .hangul, .katakana, .connector:
                let (end, kind) = wordEnd(cursor, place, kind, next, pairing: pairing)
                if let kind { add(cursor, place..<end, kind, &position, &list) }
                place = end
            default: place = next
            }
        }
    }

    /// Finds the end of a word, and what it is; nil where there is neither letter nor digit in it.
    private func wordEnd(
        _ cursor: CharacterCursor, _ start: Int, _ first: CharacterClass, _ behind: Int,
        pairing: Bool
    ) -> (end: Int, kind: TokenKind?) {
        var last = first == .hangul ? .letter : first
        var kind: TokenKind? = last == .connector ? nil : last == .digit ? .number : .word
        var end = behind
        while end < cursor.text.count {
            var (next, place) = cursor.classified(end)
            if pairing, next.isPaired { return (end, kind) }
            if next == .hangul { next = .letter }
            switch next {
            case .extend: break
            case .letter, .digit:
                if last == .katakana { return (end, kind) }
                if next == .letter { kind = .word } else if kind == nil { kind = .number }
                last = next
            case .katakana:
                guard last == .katakana || last == .connector else { return (end, kind) }
                kind = .word
                last = next
            case .connector: last = next
            case .middle, .middleLetter, .middleNumber:
                let (other, behind) = cursor.classified(cursor.behindExtensions(place))
                let isLetter = other == .letter || (other == .hangul && !pairing)
                let joinsLetters = next != .middleNumber && last == .letter && isLetter
                let joinsDigits = next != .middleLetter && last == .digit && other == .digit
                guard joinsLetters || joinsDigits else { return (end, kind) }
                place = behind
            default: return (end, kind)
            }
            end = place
        }
        return (end, kind)
    }

    /// Makes tokens of pairs of signs; the last one of a run is a token, too, where texts are stored,
    /// so that each sign begins one.
    private func addPairs(
        _ cursor: CharacterCursor, _ start: Int, _ purpose: Purpose, _ position: inout Int,
        _ list: inout TokenList
    ) -> Int {
        var before = start
        var place = cursor.behindExtensions(cursor.classified(start).next)
        var isAlone = true
        while place < cursor.text.count, cursor.classified(place).kind.isPaired {
            let end = cursor.behindExtensions(cursor.classified(place).next)
            add(cursor, before..<end, .gram, &position, &list)
            isAlone = false
            before = place
            place = end
        }
        if purpose == .storing || isAlone {
            add(
                cursor, before..<place, .sign, &position, &list,
                isPrefix: purpose == .seeking)
        } else {
            position += 1
        }
        return place
    }

    // MARK: Runs and grams

    private func cutRuns(
        _ text: UnsafeRawBufferPointer, _ list: inout TokenList,
        _ isInside: (CharacterClass) -> Bool
    ) {
        let cursor = CharacterCursor(text: text)
        var position = 0
        var place = 0
        while place < text.count {
            let (kind, behindFirst) = cursor.classified(place)
            var end = behindFirst
            guard isInside(kind), kind != .extend else {
                place = end
                continue
            }
            var isNumber = kind == .digit
            while end < text.count, case let (next, behind) = cursor.classified(end),
                isInside(next)
            {
                isNumber = isNumber && next == .digit
                end = behind
            }
            add(cursor, place..<end, isNumber ? .number : .word, &position, &list)
            place = end
        }
    }

    private func cutAtSpace(_ text: UnsafeRawBufferPointer, _ list: inout TokenList) {
        let cursor = CharacterCursor(text: text)
        func isSpace(_ place: Int) -> (Bool, Int) {
            let (value, byteCount) = cursor.character(place)
            let scalar = value == CharacterCursor.invalid ? nil : Unicode.Scalar(value)
            return (scalar?.properties.isWhitespace ?? false, place + byteCount)
        }
        var position = 0
        var place = 0
        while place < text.count {
            var (isOutside, end) = isSpace(place)
            if isOutside {
                place = end
                continue
            }
            while end < text.count {
                let next: Int
                (isOutside, next) = isSpace(end)
                if isOutside { break }
                end = next
            }
            add(cursor, place..<end, .word, &position, &list)
            place = end
        }
    }

    private func cutGrams(
        _ text: UnsafeRawBufferPointer, _ sizes: ClosedRange<Int>, _ list: inout TokenList
    ) {
        let cursor = CharacterCursor(text: text)
        var starts: [Int] = []
        var place = 0
        while place < text.count {
            starts.append(place)
            place += cursor.character(place).byteCount
        }
        starts.append(text.count)
        let count = starts.count - 1
        for first in 0..<count {
            for size in sizes where first + size <= count {
                var position = first
                add(cursor, starts[first]..<starts[first + size], .gram, &position, &list)
            }
        }
    }
}
