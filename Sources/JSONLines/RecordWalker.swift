// Walks over the records of a block by its index, noting where the values lie that somebody wants.

import CPlatform
import StarlingErrors
import StarlingFields
import StarlingMemory

/// Finds values in records.
struct RecordWalker {
    enum Outcome {
        case record
        /// There are no more records.
        case end
        /// The text ends within a record.
        case incomplete
        case fault(place: Int, reason: String)
    }

    /// Says what stands before the place that is read next in an array of records.
    enum Separator {
        case opening, record, comma
        /// The bracket that ends the array.
        case end
        /// Text that was left out.
        case unknown
    }

    private let block: JSONBlock
    private var index: DocumentIndex
    /// The keys that are columns; nil where each record is one value.
    private let keys: KeyTable?
    /// For each key, where to note its values; nil where the column is not read.
    private let targets: [SpanTarget?]
    /// The spans of the columns that are read.
    private let wanted: [ValueSpans]
    private var next = 0
    /// Where the record begins that is read next.
    private(set) var position: Int
    /// Where the record begins that was read last.
    private(set) var recordStart: Int
    private(set) var separator: Separator
    /// True where no text follows the block.
    private let isLast: Bool

    init(
        _ block: JSONBlock, _ form: RecordForm, keys: KeyTable?, spans: [ValueSpans?],
        after separator: Separator, isLast: Bool
    ) {
        self.separator = separator
        self.block = block
        self.isLast = isLast
        self.keys = keys
        targets = spans.map { $0.map(SpanTarget.init) }
        wanted = spans.compactMap { $0 }
        index = DocumentIndex(block, form)
        position = block.start
        recordStart = block.start
    }

    /// Moves behind blanks, and in an array behind the comma before an element.
    private mutating func skipToRecord() {
        skipBlanks()
        if index.form == .array, separator == .record || separator == .unknown,
            position < block.end, index.text[position] == UInt8(ascii: ",")
        {
            separator = .comma
            position += 1
            skipBlanks()
        }
        while next < index.count, index.place(next) < position { next += 1 }
    }

    private mutating func skipBlanks() {
        while position < block.end, isJSONSpace(index.text[position]) { position += 1 }
    }

    /// Says what is wrong with the place in an array of records at which one is to be read.
    private func misplacement(of byte: UInt8) -> String? {
        switch (byte, separator) {
        case (_, .end): "something follows the end of the array of records"
        case (UInt8(ascii: ","), _): "a record is missing before a comma"
        case (UInt8(ascii: "]"), .comma): "a record is missing behind the last comma"
        case (UInt8(ascii: "]"), _): nil
        case (_, .record): "a comma is missing between records"
        default: nil
        }
    }

    /// Reads the next record and notes its values as those of row `row`.
    mutating func walk(row: Int) -> Outcome {
        skipToRecord()
        recordStart = position
        guard position < block.end else { return .end }
        if index.form == .array {
            let byte = index.text[position]
            if let reason = misplacement(of: byte) {
                return .fault(place: position, reason: reason)
            }
            if byte == UInt8(ascii: "]") {
                separator = .end
                position += 1
                return walk(row: row)
            }
        }
        for target in targets { target?.clear(row) }
        if index.hasEscapes {
            for spans in wanted { spans.forgetEscapes(from: row) }
        }
        let outcome = walkRecord(row)
        if case .record = outcome { separator = .record }
        return outcome
    }

    private mutating func walkRecord(_ row: Int) -> Outcome {
        guard let keys else { return walkValue(row) }
        guard index.text[position] == UInt8(ascii: "{") else {
            return .fault(place: position, reason: "the record is no object")
        }
        return walkObject(row, keys)
    }

    /// Moves behind the bracket that opens an array of records.
    mutating func skipOpening() {
        skipBlanks()
        if position < block.end, index.text[position] == UInt8(ascii: "[") { position += 1 }
    }

    /// Leaves the rest of the block unread.
    mutating func finish() { position = block.end }

    /// Moves to the line behind the one in which reading failed, and finds the structure of what
    /// follows again: quotes of that line would confuse all of it.
    mutating func skipLine() throws(StarlingError) {
        if separator != .end { separator = .unknown }
        // Where a comma too many stands before the end of an array, the end is none the less there.
        if separator == .unknown, index.form == .array, position < block.end,
            index.text[position] == UInt8(ascii: "]")
        {
            return
        }
        while position < block.end, index.text[position] != 10 { position += 1 }
        try block.findStructure(from: position)
        index = DocumentIndex(block, index.form)
    }

    private mutating func walkObject(_ row: Int, _ keys: KeyTable) -> Outcome {
        var after = next
        switch index.walkObject(&after, keys, targets, entry: row) {
        case .incomplete: return .incomplete
        case .fault(let place, let reason): return .fault(place: place, reason: reason)
        case nil: break
        }
        let end = index.place(after - 1) + 1
        // A string that is never closed ends where the next one begins, lines below.
        if index.form == .lines, starling_has_byte(index.text, position, end, 10) != 0 {
            return .fault(place: position, reason: "the line ends within a string")
        }
        if index.hasEscapes {
            for spans in wanted where !spans.unescape(index.text).isEmpty {
                return .fault(place: position, reason: "a string has an escape that is none")
            }
        }
        position = end
        next = after
        return .record
    }

    /// Reads a whole record as one value.
    private mutating func walkValue(_ row: Int) -> Outcome {
        let text = index.text
        let mark = next
        var close = position
        switch text[position] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard let end = index.skipNested(&next) else { return .incomplete }
            close = end + 1
        case UInt8(ascii: "\""):
            guard next + 1 < index.count else { return .incomplete }
            close = index.place(next + 1) + 1
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
            if kind != .null {
                for spans in wanted { spans.note(row, position, close, mark: mark) }
            }
        } catch {
            return .fault(place: error.place, reason: error.reason)
        }
        position = close
        return .record
    }
}
