// Steps along the structural characters of a block: from key to key and from element to element,
// over values that nobody wants without looking at them.

import StarlingFields

/// Is the index of a block, as those see it who walk along it.
struct DocumentIndex {
    /// Says why a walk ended too early.
    enum Problem {
        /// The text ends.
        case incomplete
        case fault(place: Int, reason: String)
    }

    let form: RecordForm
    let text: UnsafeMutablePointer<UInt8>
    let places: UnsafePointer<UInt32>
    let count: Int
    /// Where the text ends.
    let end: Int
    let hasEscapes: Bool

    init(_ block: JSONBlock, _ form: RecordForm) {
        self.form = form
        text = block.text
        places = UnsafePointer(block.places.pointer(to: UInt32.self))
        count = block.placeCount
        end = block.end
        hasEscapes = block.hasEscapes
    }

    @inline(__always)
    func place(_ index: Int) -> Int { Int(places[index]) }

    @inline(__always)
    func byte(_ index: Int) -> UInt8 { text[Int(places[index])] }

    @inline(__always)
    func skipNewlines(_ index: inout Int) {
        while index < count, byte(index) == 10, form != .lines { index &+= 1 }
    }

    @inline(__always)
    func isBlank(_ from: Int, _ to: Int) -> Bool {
        var place = from
        while place < to, isJSONSpace(text[place]) { place &+= 1 }
        return place >= to
    }

    /// Tells whether nothing but blanks lies before the next structural character.
    @inline(__always)
    func followsBlank(_ from: Int, _ index: Int) -> Bool {
        isBlank(from, index < count ? place(index) : from)
    }

    /// Steps over an object or array and returns where it closes; nil where the text ends first.
    func skipNested(_ index: inout Int) -> Int? {
        var depth = 0
        while index < count {
            let place = Int(places[index])
            index &+= 1
            switch text[place] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth &+= 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth &-= 1
                if depth == 0 { return place }
            case 10 where form == .lines: return nil
            default: break
            }
        }
        return nil
    }

    func fault(_ index: Int, _ reason: String) -> Problem {
        let place = index < count ? Int(places[index]) : end
        if place < end, text[place] == 10, form == .lines {
            return .fault(place: place, reason: "the line ends within a record")
        }
        return .fault(place: place, reason: reason)
    }

    /// Walks over the members of the object that opens at `index`, which moves behind its end.
    ///
    /// - Parameters:
    ///   - targets: where to note the values, for each key; nil for those that nobody wants.
    ///   - entry: what the values are noted as.
    func walkObject(
        _ index: inout Int, _ keys: KeyTable, _ targets: [SpanTarget?], entry: Int
    ) -> Problem? {
        let isPlain = targets.withUnsafeBufferPointer {
            guard let first = $0.baseAddress else { return false }
            return walkPlainObject(&index, keys, first, entry: entry)
        }
        if isPlain { return nil }
        for target in targets { target?.forget(entry) }
        return walkMembers(&index) { start, end, ordinal in
            let number = keys.number(text, start, end, ordinal)
            return (number >= 0 ? targets[number] : nil, entry)
        }
    }

    /// Walks over an object and notes its keys and values from `entry` on, which moves on.
    func walkMap(
        _ index: inout Int, keys: ValueSpans, values: ValueSpans, entry: inout Int
    ) -> Problem? {
        var next = entry
        let problem = walkMembers(&index) { start, end, _ in
            keys.append(next)
            values.append(next)
            keys.note(next, start, end, hasEscapes: hasEscapes && hasEscape(start, end))
            next &+= 1
            return (values, next &- 1)
        }
        if problem == nil { entry = next }
        return problem
    }

    /// Walks over the array that opens at `index` and notes its elements from `entry` on.
    func walkArray(_ index: inout Int, _ spans: ValueSpans, entry: inout Int) -> Problem? {
        var next = entry
        var start = place(index) + 1
        index &+= 1
        skipNewlines(&index)
        guard index < count else { return .incomplete }
        if byte(index) == UInt8(ascii: "]"), isBlank(start, place(index)) {
            index &+= 1
            return nil
        }
        while true {
            spans.append(next)
            if let problem = walkValue(&index, from: start, spans, next) { return problem }
            next &+= 1
            skipNewlines(&index)
            guard index < count else { return .incomplete }
            if byte(index) == UInt8(ascii: ",") {
                start = place(index) + 1
                index &+= 1
            } else if byte(index) == UInt8(ascii: "]") {
                break
            } else {
                return fault(index, "a comma or ']' is missing")
            }
        }
        index &+= 1
        entry = next
        return nil
    }

    /// Walks over the members of an object; `member` tells by a key where to note its value.
    @inline(__always)
    private func walkMembers<Target: SpanNoting>(
        _ index: inout Int, _ member: (Int, Int, Int) -> (Target?, Int)
    ) -> Problem? {
        var ordinal = 0
        index &+= 1
        while true {
            let before = place(index &- 1) + 1
            skipNewlines(&index)
            guard index < count else { return .incomplete }
            if byte(index) == UInt8(ascii: "}"), ordinal == 0 { break }
            guard byte(index) == UInt8(ascii: "\""), isBlank(before, place(index))
            else { return fault(index, "a key is missing") }
            guard index + 1 < count else { return .incomplete }
            let keyStart = place(index) + 1
            let keyEnd = place(index + 1)
            index &+= 2
            if let problem = skipColon(&index, behind: keyEnd) { return problem }
            let colon = place(index)
            index &+= 1
            let (wanted, entry) = member(keyStart, keyEnd, ordinal)
            if let problem = walkValue(&index, from: colon + 1, wanted, entry) { return problem }
            ordinal &+= 1
            skipNewlines(&index)
            guard index < count else { return .incomplete }
            if byte(index) == UInt8(ascii: ",") {
                index &+= 1
            } else if byte(index) == UInt8(ascii: "}") {
                break
            } else {
                return fault(index, "a comma or '}' is missing")
            }
        }
        index &+= 1
        return nil
    }

    @inline(__always)
    private func skipColon(_ index: inout Int, behind keyEnd: Int) -> Problem? {
        skipNewlines(&index)
        guard index < count else { return .incomplete }
        guard byte(index) == UInt8(ascii: ":"), isBlank(keyEnd + 1, place(index)) else {
            return fault(index, "a colon is missing behind a key")
        }
        return nil
    }

    /// Walks over the value that begins behind `start`; `index` moves to what stands behind it.
    @inline(__always)
    func walkValue<Target: SpanNoting>(
        _ index: inout Int, from start: Int, _ target: Target?, _ entry: Int
    ) -> Problem? {
        skipNewlines(&index)
        guard index < count else { return .incomplete }
        let place = place(index)
        switch text[place] {
        case UInt8(ascii: "\""):
            guard isBlank(start, place) else { return fault(index, "a value is no JSON") }
            guard index + 1 < count else { return .incomplete }
            let close = self.place(index + 1)
            index &+= 2
            guard followsBlank(close + 1, index) else { return fault(index, "a comma is missing") }
            if let target { noteString(target, entry, place, close) }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard isBlank(start, place) else { return fault(index, "a value is no JSON") }
            let mark = index
            guard let close = skipNested(&index) else { return .incomplete }
            guard followsBlank(close + 1, index) else { return fault(index, "a comma is missing") }
            if let target {
                target.note(entry, place, close + 1, mark: mark, hasEscapes: false)
            }
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"):
            var from = start
            var to = place
            while from < to, isJSONSpace(text[from]) { from &+= 1 }
            while to > from, isJSONSpace(text[to - 1]) { to &-= 1 }
            guard to > from else { return fault(index, "a value is missing") }
            if let target, !isNull(from, to) {
                target.note(entry, from, to, mark: 0, hasEscapes: false)
            }
        default: return fault(index, "a value is missing")
        }
        return nil
    }

    @inline(__always)
    func isNull(_ from: Int, _ to: Int) -> Bool {
        to - from == 4 && text[from] == UInt8(ascii: "n") && text[from + 1] == UInt8(ascii: "u")
            && text[from + 2] == UInt8(ascii: "l") && text[from + 3] == UInt8(ascii: "l")
    }

    @inline(__always)
    func noteString<Target: SpanNoting>(
        _ target: Target, _ entry: Int, _ open: Int, _ close: Int
    ) {
        let isText =
            target.reading == .text || (target.reading == .scalar && close > open &+ 1)
        guard isText else {
            return target.note(entry, open, close + 1, mark: 0, hasEscapes: false)
        }
        target.note(
            entry, open + 1, close, mark: 0,
            hasEscapes: hasEscapes && hasEscape(open + 1, close))
    }

    private func hasEscape(_ from: Int, _ to: Int) -> Bool {
        for place in from..<to where text[place] == UInt8(ascii: "\\") { return true }
        return false
    }
}
