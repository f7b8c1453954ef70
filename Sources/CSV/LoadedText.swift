// A stretch of a file in memory, which grows where a row goes on behind it.

import CPlatform
import StarlingErrors
import StarlingFiles
import StarlingMemory

/// Holds the bytes of a file from `offset` on.
struct LoadedText {
    private let file: any ReadableFile
    private let budget: MemoryBudget
    let offset: Int
    private(set) var buffer: Buffer
    private(set) var end: Int

    init(_ file: any ReadableFile, from offset: Int, _ budget: MemoryBudget) {
        self.file = file
        self.budget = budget
        self.offset = offset
        end = offset
        buffer = Buffer(byteCount: 0)
    }

    /// Loads what lies before `place` and is not there yet.
    mutating func extend(to place: Int) throws(StarlingError) {
        guard place > end else { return }
        let wanted = place - offset + 2 * TextBlock.margin
        if wanted > buffer.byteCount {
            // Rows seldom end where the file is cut: room for the rest of one, as it is looked for.
            let byteCount = wanted + RowBoundaries.stepByteCount
            let larger =
                end == offset
                ? Buffer(byteCount: byteCount)
                : try Buffer(byteCount: byteCount, within: budget, for: CSVFile.largeRow)
            if end > offset {
                (larger.baseAddress + TextBlock.margin).copyMemory(
                    from: buffer.baseAddress + TextBlock.margin, byteCount: end - offset)
            }
            buffer = larger
        }
        try file.read(
            end..<place, into: buffer.baseAddress + TextBlock.margin + (end - offset))
        end = place
    }

    private var text: UnsafePointer<UInt8> { UnsafePointer(buffer.pointer(to: UInt8.self)) }

    private func index(_ place: Int) -> Int { place - offset + TextBlock.margin }

    func has(_ byte: UInt8, from start: Int, to end: Int) -> Bool {
        starling_has_byte(text, index(start), index(max(start, end)), byte) != 0
    }

    func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        for place in start..<max(start, end) where text[index(place)] == byte { return place }
        return nil
    }

    /// Finds the end of the row that reaches `place`, reading from the start of a row; nil where
    /// the text ends before.
    func rowEnd(from start: Int, atLeast place: Int, _ dialect: CSVDialect) -> Int? {
        var state = starling_separator_state()
        state.field_begins = 1
        let found = withUnsafePointer(to: dialect.masks) { masks in
            starling_find_row_end(text, index(start), index(end), index(place), masks, &state)
        }
        if state.is_irregular == 0 {
            guard found < index(end) else { return nil }
            return found - TextBlock.margin + offset + 1
        }
        // Quotes stand where none may stand: field by field, as the rows will be read as well.
        let all = UnsafeRawBufferPointer(start: text + index(start), count: end - start)
        var scanner = FieldScanner(dialect, all)
        while case .row = scanner.next(isWhole: end == file.byteCount) {
            if scanner.endedAtNewline, start + scanner.position > place {
                return start + scanner.position
            }
        }
        return nil
    }
}

/// Finds where the last row of a text ends, in one pass; nil where none does or quoting is broken.
func lastRowEnd(
    _ text: UnsafePointer<UInt8>, from start: Int, to end: Int, _ dialect: CSVDialect
) -> Int? {
    var state = starling_separator_state()
    state.field_begins = 1
    let newline = dialect.newline[0]
    guard let quote = dialect.quote, starling_has_byte(text, start, end, quote) != 0 else {
        var place = end
        while place > start, text[place - 1] != newline { place -= 1 }
        return place > start ? place : nil
    }
    var last: Int?
    var next = start
    withUnsafePointer(to: dialect.masks) { masks in
        while next < end {
            // Steps of many rows: the scan starts anew at each row end that it finds.
            let found = starling_find_row_end(
                text, next, end, min(end - 1, next + 1 << 15), masks, &state)
            if state.is_irregular != 0 || found >= end { break }
            last = found + 1
            next = found + 1
            state = starling_separator_state()
            state.field_begins = 1
        }
        // What is left is less than a step: row by row.
        while next < end, state.is_irregular == 0 {
            state = starling_separator_state()
            state.field_begins = 1
            let found = starling_find_row_end(text, next, end, next, masks, &state)
            if state.is_irregular != 0 || found >= end { break }
            last = found + 1
            next = found + 1
        }
    }
    return state.is_irregular == 0 ? last : nil
}
