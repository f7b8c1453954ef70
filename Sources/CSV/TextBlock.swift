// A piece of text of whole rows, and the index of its fields. The index is made step by step, just
// ahead of the rows that are read, so that text and index are still in the cache when values are.
//
// `ends[bases[r] + j]` is where the byte before field j of row r lies (a separator, or the newline
// of the row before), and `ends[bases[r] + j + 1]` where the field ends.

import CPlatform
import StarlingErrors
import StarlingMemory

/// Holds text and the positions of its fields.
final class TextBlock {
    /// Bytes before the text, so that there is a byte before the first field.
    static let margin = 64
    private static let stepByteCount = 1 << 16

    let buffer: Buffer
    let text: UnsafePointer<UInt8>
    /// Where the text begins and ends in the buffer.
    let start: Int
    let end: Int
    /// Where the text begins in the file; -1 where it does not lie there as it is.
    let fileOffset: Int
    let dialect: starling_dialect
    private(set) var ends: Buffer
    private(set) var bases: Buffer
    private var state = starling_separator_state()
    private var indexed: Int
    /// Rows that were indexed and already read.
    private(set) var readRowCount = 0
    private var isFinished = false
    /// Rows that break the rules of quoting; only in canonical text.
    var broken: [CanonicalText.BrokenRow] = []
    /// For each row, the newlines before it in the block; only in canonical text.
    var lines: [Int]?
    /// Newlines of the file before the text, where somebody has counted them.
    var firstLine: Int?

    /// Takes the text at `range` of the buffer.
    init(_ buffer: Buffer, _ range: Range<Int>, fileOffset: Int, _ dialect: starling_dialect) {
        self.buffer = buffer
        self.text = UnsafePointer(buffer.pointer(to: UInt8.self))
        start = range.lowerBound
        end = range.upperBound
        self.fileOffset = fileOffset
        self.dialect = dialect
        indexed = start
        let room = 2 * Self.stepByteCount
        ends = Buffer(byteCount: room * 4)
        bases = Buffer(byteCount: room * 4)
        ends.pointer(to: UInt32.self)[0] = UInt32(truncatingIfNeeded: start - 1)
        bases.pointer(to: UInt32.self)[0] = 0
        state.field_begins = 1
        state.end_count = 1
        // bases[0] is there already.
        state.row_count = 1
        isFinished = range.isEmpty
    }

    /// Makes a block whose index is known.
    init(
        _ buffer: Buffer, ends: [UInt32], bases: [UInt32], _ dialect: starling_dialect
    ) {
        self.buffer = buffer
        self.text = UnsafePointer(buffer.pointer(to: UInt8.self))
        start = 0
        end = 0
        fileOffset = -1
        self.dialect = dialect
        indexed = 0
        self.ends = Self.copy(ends)
        self.bases = Self.copy(bases)
        state.row_count = bases.count
        state.end_count = ends.count
        isFinished = true
    }

    private static func copy(_ values: [UInt32]) -> Buffer {
        let buffer = Buffer(byteCount: values.count * 4)
        values.withUnsafeBytes { all in
            if let first = all.baseAddress {
                buffer.baseAddress.copyMemory(from: first, byteCount: all.count)
            }
        }
        return buffer
    }

    /// Rows that are indexed and not read.
    var availableRowCount: Int { state.row_count - 1 - readRowCount }
    var isAtEnd: Bool { isFinished && availableRowCount == 0 }
    /// True once a quote stood where none may stand; rows indexed since the last step are wrong.
    var isIrregular: Bool { state.is_irregular != 0 || (isFinished && state.inside != 0) }
    var hasHighBytes: Bool { state.has_high_bytes != 0 }

    /// Where the next row begins in the buffer.
    var position: Int {
        Int(ends.pointer(to: UInt32.self)[Int(bases.pointer(to: UInt32.self)[readRowCount])]) + 1
    }

    /// Indexes until `count` rows are there, the text ends or quoting is broken.
    func prepare(rows count: Int) {
        guard !isFinished, availableRowCount < count else { return }
        compact()
        while !isFinished, availableRowCount < count, state.is_irregular == 0 {
            let next = min(end, indexed + Self.stepByteCount)
            makeRoom(for: next - indexed)
            withUnsafePointer(to: dialect) { dialect in
                starling_find_separators(
                    text, indexed, next, dialect, &state, ends.pointer(to: UInt32.self),
                    bases.pointer(to: UInt32.self))
            }
            indexed = next
            if indexed == end { finish() }
        }
    }

    /// Ends the last row where the text has no newline at its end.
    private func finish() {
        isFinished = true
        let all = ends.pointer(to: UInt32.self)
        let rows = bases.pointer(to: UInt32.self)
        let lastRowEnd = Int(rows[state.row_count - 1])
        let isOpen = lastRowEnd < state.end_count - 1 || Int(all[lastRowEnd]) + 1 < end
        guard isOpen else { return }
        all[state.end_count] = UInt32(truncatingIfNeeded: end)
        rows[state.row_count] = UInt32(truncatingIfNeeded: state.end_count)
        state.end_count += 1
        state.row_count += 1
    }

    /// Forgets the rows that were read.
    private func compact() {
        guard readRowCount > 0 else { return }
        let all = ends.pointer(to: UInt32.self)
        let rows = bases.pointer(to: UInt32.self)
        let first = Int(rows[readRowCount])
        let restCount = state.end_count - first
        all.update(from: all + first, count: restCount)
        for row in readRowCount..<state.row_count {
            rows[row - readRowCount] = rows[row] &- UInt32(truncatingIfNeeded: first)
        }
        state.end_count = restCount
        state.row_count -= readRowCount
        readRowCount = 0
    }

    private func makeRoom(for count: Int) {
        let wanted = (state.end_count + count + 128) * 4
        if wanted > ends.byteCount { ends = Self.grown(ends, to: wanted * 2, state.end_count) }
        let rowsWanted = (state.row_count + count + 128) * 4
        if rowsWanted > bases.byteCount {
            bases = Self.grown(bases, to: rowsWanted * 2, state.row_count)
        }
    }

    private static func grown(_ buffer: Buffer, to byteCount: Int, _ count: Int) -> Buffer {
        let larger = Buffer(byteCount: byteCount)
        larger.baseAddress.copyMemory(from: buffer.baseAddress, byteCount: count * 4)
        return larger
    }

    /// Takes `count` rows for reading and returns where their bases lie.
    func take(_ count: Int) -> UnsafePointer<UInt32> {
        let first = bases.pointer(to: UInt32.self) + readRowCount
        readRowCount += count
        return UnsafePointer(first)
    }
}
