// Objects as machines write them: no newlines within, at most one blank behind a colon or a comma.
// The walk over them is one loop without calls; whatever is unlike them is left to the walk that
// knows all of JSON and can say what is wrong.

import StarlingFields

extension DocumentIndex {
    /// Walks over the object that opens at `index`, which moves behind its end; false where the
    /// object is no plain one. Some of its values may be noted then.
    @inline(__always)
    func walkPlainObject(
        _ index: inout Int, _ keys: KeyTable, _ targets: UnsafePointer<SpanTarget?>, entry: Int
    ) -> Bool {
        let order = keys.order
        var at = index &+ 1
        var ordinal = 0
        var previous = place(index)
        while true {
            // The quotes of the key, its colon, two quotes of a value and what follows it.
            guard at &+ 5 < count else { return false }
            let open = place(at)
            let keyEnd = place(at &+ 1)
            let colon = place(at &+ 2)
            guard text[open] == UInt8(ascii: "\""), colon == keyEnd &+ 1,
                text[colon] == UInt8(ascii: ":"), isNext(open, after: previous)
            else { return false }
            at &+= 3
            var number = order.guess(text + (open &+ 1), keyEnd &- open &- 1, ordinal)
            if number < 0 {
                guard let found = keys.find(text, open &+ 1, keyEnd, ordinal, isTrial: true)
                else { return false }
                number = found
            }
            let target = number >= 0 ? targets[number] : nil
            let start = text[colon &+ 1] == UInt8(ascii: " ") ? colon &+ 2 : colon &+ 1
            guard let end = walkPlainValue(&at, start, target, entry) else { return false }
            previous = end
            ordinal &+= 1
            let delimiter = text[end]
            if delimiter == UInt8(ascii: ",") { continue }
            guard delimiter == UInt8(ascii: "}") else { return false }
            index = at
            return true
        }
    }

    /// Tells whether a place is the one behind `previous`, or one blank farther.
    @inline(__always)
    private func isNext(_ place: Int, after previous: Int) -> Bool {
        place == previous &+ 1
            || (place == previous &+ 2 && text[previous &+ 1] == UInt8(ascii: " "))
    }

    /// Notes the value that begins at `start` and moves behind the delimiter that follows, whose
    /// place is returned; nil where the value is no plain one.
    @inline(__always)
    private func walkPlainValue(
        _ at: inout Int, _ start: Int, _ target: SpanTarget?, _ entry: Int
    ) -> Int? {
        let first = place(at)
        let byte = text[start]
        var end = first
        if byte == UInt8(ascii: "\"") {
            let close = place(at &+ 1)
            end = place(at &+ 2)
            at &+= 3
            guard first == start, end == close &+ 1 else { return nil }
            if let target { noteString(target, entry, start, close) }
        } else if byte | 0x20 == UInt8(ascii: "{") {
            let mark = at
            guard first == start, let close = skipNested(&at), at < count else { return nil }
            end = place(at)
            at &+= 1
            guard end == close &+ 1 else { return nil }
            if let target {
                target.note(entry, start, end, mark: mark, hasEscapes: false)
            }
        } else {
            at &+= 1
            guard first > start, !isJSONSpace(byte), !isJSONSpace(text[first &- 1]) else {
                return nil
            }
            if let target, !isNull(start, first) {
                target.note(entry, start, first, mark: 0, hasEscapes: false)
            }
        }
        return end
    }
}
