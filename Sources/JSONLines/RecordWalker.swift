// Walks over the records of a block by its index: from key to key, noting where the values lie that
// somebody wants. The order of keys is learned, so that one comparison finds most of them.

import StarlingFields
import StarlingMemory

/// Finds values in records.
struct RecordWalker {
    /// How the values of a key are to be read.
    enum Reading {
        /// The text of a string without quotes and escapes, or another value as it is written.
        case text
        /// The value as it is written.
        case raw
    }

    /// Is a column that is read.
    struct Slot {
        var key: [UInt8]
        var reading: Reading
        /// For each record two numbers: the byte before the value, and its end. Equal ones mean
        /// that there is no value.
        var ends: Buffer
    }

    enum Outcome {
        case record
        /// There are no more records.
        case end
        /// The text ends within a record.
        case incomplete
        case fault(place: Int, reason: String)
    }

    let form: RecordForm
    /// All keys that are columns.
    private let keys: [[UInt8]]?
    /// The bytes of all keys, and where each begins.
    private let keyText: Buffer
    private let keyOffsets: Buffer
    /// For each key, its slot; -1 where the column is not read.
    private let slotOfKey: [Int]
    var slots: [Slot]
    private let block: JSONBlock
    private let text: UnsafeMutablePointer<UInt8>
    private let places: UnsafePointer<UInt32>
    private let placeCount: Int
    private var next = 0
    /// Where the record begins that is read next.
    private(set) var position: Int
    /// Where the record begins that was read last.
    private(set) var recordStart: Int
    private(set) var isAtEndOfArray = false
    /// For each place in a record, the key that stood there last.
    private var expected: [Int] = []
    /// Keys that are no columns, with how often they were seen.
    private var unknown: [[UInt8]: Int] = [:]
    /// Slots whose strings have escapes; they are replaced when the record is known to be whole,
    /// since one that is not is read again.
    private var escaped: [Int] = []
    /// True where no text follows the block.
    private let isLast: Bool

    init(
        _ block: JSONBlock, form: RecordForm, keys: [[UInt8]]?, slots: [Slot], slotOfKey: [Int],
        isLast: Bool
    ) {
        self.isLast = isLast
        self.block = block
        self.form = form
        self.keys = keys
        let all = keys ?? []
        keyText = Buffer(byteCount: all.reduce(0) { $0 + $1.count })
        keyOffsets = Buffer(byteCount: (all.count + 1) * 8)
        var offset = 0
        for (index, key) in all.enumerated() {
            keyOffsets.pointer(to: Int.self)[index] = offset
            for byte in key {
                keyText.pointer(to: UInt8.self)[offset] = byte
                offset += 1
            }
        }
        keyOffsets.pointer(to: Int.self)[all.count] = offset
        self.slots = slots
        self.slotOfKey = slotOfKey
        text = block.text
        places = UnsafePointer(block.places.pointer(to: UInt32.self))
        placeCount = block.placeCount
        position = block.start
        recordStart = block.start
    }

    private func byte(_ index: Int) -> UInt8 { text[Int(places[index])] }

    /// Moves behind blanks, and in an array behind the comma before an element.
    private mutating func skipToRecord() {
        while true {
            while position < block.end, isJSONSpace(text[position]) { position += 1 }
            guard form == .array, position < block.end, text[position] == UInt8(ascii: ",") else {
                break
            }
            position += 1
        }
        while next < placeCount, Int(places[next]) < position { next += 1 }
    }

    /// Reads the next record and notes its values as those of row `row`.
    mutating func walk(row: Int) -> Outcome {
        skipToRecord()
        recordStart = position
        guard position < block.end else { return .end }
        if form == .array, text[position] == UInt8(ascii: "]") {
            isAtEndOfArray = true
            return .end
        }
        for slot in slots {
            let ends = slot.ends.pointer(to: UInt32.self)
            ends[2 * row] = 0
            ends[2 * row + 1] = 0
        }
        escaped.removeAll(keepingCapacity: true)
        if keys == nil { return walkValue(row) }
        guard text[position] == UInt8(ascii: "{") else {
            return .fault(place: position, reason: "the record is no object")
        }
        return walkObject(row)
    }

    /// Moves behind the bracket that opens an array of records.
    mutating func skipOpening() {
        while position < block.end, isJSONSpace(text[position]) { position += 1 }
        if position < block.end, text[position] == UInt8(ascii: "[") { position += 1 }
    }

    /// Returns the keys that are no columns, with how often they were seen since the last call.
    mutating func takeUnknown() -> [[UInt8]: Int] {
        let taken = unknown
        unknown = [:]
        return taken
    }

    /// Leaves the rest of the block unread.
    mutating func finish() { position = block.end }

    /// Moves to the line behind the one in which reading failed.
    mutating func skipLine() {
        while position < block.end, text[position] != 10 { position += 1 }
    }

    private mutating func walkObject(_ row: Int) -> Outcome {
        var index = next + 1
        var ordinal = 0
        while true {
            skipNewlines(&index)
            guard index < placeCount else { return .incomplete }
            if byte(index) == UInt8(ascii: "}"), ordinal == 0 { break }
            guard byte(index) == UInt8(ascii: "\"") else {
                return fault(index, "a key is missing")
            }
            guard index + 1 < placeCount else { return .incomplete }
            let keyStart = Int(places[index]) + 1
            let keyEnd = Int(places[index + 1])
            index += 2
            skipNewlines(&index)
            guard index < placeCount else { return .incomplete }
            guard byte(index) == UInt8(ascii: ":"), isBlank(keyEnd + 1, Int(places[index])) else {
                return fault(index, "a colon is missing behind a key")
            }
            let colon = Int(places[index])
            index += 1
            let slot = slot(ofKey: keyStart, keyEnd, ordinal)
            if let problem = walkMember(row, slot, colon + 1, &index) { return problem }
            ordinal += 1
            skipNewlines(&index)
            guard index < placeCount else { return .incomplete }
            if byte(index) == UInt8(ascii: ",") {
                index += 1
            } else if byte(index) == UInt8(ascii: "}") {
                break
            } else {
                return fault(index, "a comma or '}' is missing")
            }
        }
        for slot in escaped where !unescape(row, slot) {
            return .fault(place: position, reason: "a string has an escape that is none")
        }
        position = Int(places[index]) + 1
        next = index + 1
        return .record
    }

    /// Replaces the escapes in a value's text; false where one is none.
    private func unescape(_ row: Int, _ slot: Int) -> Bool {
        let ends = slots[slot].ends.pointer(to: UInt32.self)
        let start = Int(ends[2 * row]) + 1
        guard let count = JSONText.unescape(text + start, Int(ends[2 * row + 1]) - start) else {
            return false
        }
        ends[2 * row + 1] = UInt32(truncatingIfNeeded: start + count)
        return true
    }

    /// Reads the value behind a colon; `index` moves to what stands behind it.
    @inline(__always)
    private mutating func walkMember(
        _ row: Int, _ slot: Int, _ start: Int, _ index: inout Int
    ) -> Outcome? {
        skipNewlines(&index)
        guard index < placeCount else { return .incomplete }
        let place = Int(places[index])
        switch text[place] {
        case UInt8(ascii: "\""):
            guard isBlank(start, place) else { return fault(index, "a value is no JSON") }
            guard index + 1 < placeCount else { return .incomplete }
            let close = Int(places[index + 1])
            index += 2
            guard followsBlank(close + 1, index) else { return fault(index, "a comma is missing") }
            if slot >= 0 { noteString(row, slot, place, close) }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard isBlank(start, place) else { return fault(index, "a value is no JSON") }
            guard let close = skipNested(&index) else { return .incomplete }
            guard followsBlank(close + 1, index) else { return fault(index, "a comma is missing") }
            if slot >= 0 { note(row, slot, place, close + 1) }
        case UInt8(ascii: ","), UInt8(ascii: "}"):
            var from = start
            var to = place
            while from < to, isJSONSpace(text[from]) { from += 1 }
            while to > from, isJSONSpace(text[to - 1]) { to -= 1 }
            guard to > from else { return fault(index, "a value is missing") }
            if slot >= 0, !isNull(from, to) { note(row, slot, from, to) }
        default: return fault(index, "a value is missing")
        }
        return nil
    }

    /// Reads a whole record as one value.
    private mutating func walkValue(_ row: Int) -> Outcome {
        var close = position
        switch text[position] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard let end = skipNested(&next) else { return .incomplete }
            close = end + 1
        case UInt8(ascii: "\""):
            guard next + 1 < placeCount else { return .incomplete }
            close = Int(places[next + 1]) + 1
            next += 2
        default:
            while close < block.end, !isJSONSpace(text[close]), text[close] != UInt8(ascii: ","),
                text[close] != UInt8(ascii: "]")
            { close += 1 }
            if close == block.end, !isLast { return .incomplete }
        }
        let cursor = JSONCursor(UnsafeRawBufferPointer(start: text, count: close), from: position)
        var checked = cursor
        do throws(JSONCursor.Fault) {
            let (kind, _) = try checked.value()
            if checked.position != close {
                return .fault(place: position, reason: "the record is no JSON")
            }
            if !slots.isEmpty, kind != .null { note(row, 0, position, close) }
        } catch {
            return .fault(place: error.place, reason: error.reason)
        }
        position = close
        return .record
    }

    // MARK: Steps

    private func skipNewlines(_ index: inout Int) {
        while index < placeCount, byte(index) == 10, form != .lines { index += 1 }
    }

    private func isBlank(_ from: Int, _ to: Int) -> Bool {
        var place = from
        while place < to, isJSONSpace(text[place]) { place &+= 1 }
        return place >= to
    }

    /// Tells whether nothing but blanks lies before the next structural character.
    private func followsBlank(_ from: Int, _ index: Int) -> Bool {
        isBlank(from, index < placeCount ? Int(places[index]) : from)
    }

    /// Steps over an object or array and returns where it closes; nil where the text ends first.
    private func skipNested(_ index: inout Int) -> Int? {
        var depth = 0
        while index < placeCount {
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

    private func isNull(_ from: Int, _ to: Int) -> Bool {
        to - from == 4 && text[from] == UInt8(ascii: "n") && text[from + 1] == UInt8(ascii: "u")
            && text[from + 2] == UInt8(ascii: "l") && text[from + 3] == UInt8(ascii: "l")
    }

    private func fault(_ index: Int, _ reason: String) -> Outcome {
        let place = index < placeCount ? Int(places[index]) : block.end
        if place < block.end, text[place] == 10, form == .lines {
            return .fault(place: place, reason: "the line ends within a record")
        }
        return .fault(place: place, reason: reason)
    }

    // MARK: Values

    private func note(_ row: Int, _ slot: Int, _ from: Int, _ to: Int) {
        let ends = slots[slot].ends.pointer(to: UInt32.self)
        // The first of several values of a key counts.
        guard ends[2 * row + 1] == 0 else { return }
        ends[2 * row] = UInt32(truncatingIfNeeded: from - 1)
        ends[2 * row + 1] = UInt32(truncatingIfNeeded: to)
    }

    private mutating func noteString(_ row: Int, _ slot: Int, _ open: Int, _ close: Int) {
        guard slots[slot].reading == .text else { return note(row, slot, open, close + 1) }
        if block.hasEscapes, hasEscape(open + 1, close), !escaped.contains(slot) {
            escaped.append(slot)
        }
        note(row, slot, open + 1, close)
    }

    private func hasEscape(_ from: Int, _ to: Int) -> Bool {
        for place in from..<to where text[place] == UInt8(ascii: "\\") { return true }
        return false
    }

    /// Finds the slot of a key; -1 where nobody reads it.
    @inline(__always)
    private mutating func slot(ofKey start: Int, _ end: Int, _ ordinal: Int) -> Int {
        if ordinal < expected.count {
            let guess = expected[ordinal]
            if guess >= 0, matches(guess, start, end) { return slotOfKey[guess] }
        }
        return findSlot(start, end, ordinal)
    }

    @inline(__always)
    private func matches(_ key: Int, _ start: Int, _ end: Int) -> Bool {
        let offsets = keyOffsets.pointer(to: Int.self)
        let count = offsets[key &+ 1] &- offsets[key]
        return count == end &- start
            && bytesAreEqual(keyText.baseAddress + offsets[key], text + start, count)
    }

    @inline(never)
    private mutating func findSlot(_ start: Int, _ end: Int, _ ordinal: Int) -> Int {
        let raw = Array(UnsafeBufferPointer(start: text + start, count: max(0, end - start)))
        let key = JSONText.unescaped(raw)
        while expected.count <= ordinal { expected.append(-1) }
        guard let found = keys!.firstIndex(of: key) else {
            if unknown.count < 100 || unknown[key] != nil { unknown[key, default: 0] += 1 }
            return -1
        }
        expected[ordinal] = found
        return slotOfKey[found]
    }
}
