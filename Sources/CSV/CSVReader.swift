// Reads a part: block by block, window by window, column by column, each column only for the rows
// that somebody asks for.

import StarlingErrors
import StarlingFields
import StarlingFormats
import StarlingKernels
import StarlingMemory
import StarlingStreams
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Reads rows of a CSV file.
final class CSVReader: PartReader {
    let file: CSVFile
    private let part: Int
    private let blocks: any BlockSource
    private let context: ScanContext
    private let parsers: [ColumnParser]
    /// Those of all columns where rows with faults are left out, whichever columns are asked for.
    private let checkers: [ColumnParser]
    private(set) var block: TextBlock?
    /// Where the rows of the window lie in the block's index.
    private var bases: UnsafePointer<UInt32>?
    private var count = 0
    /// Bases that were picked or padded, where not all rows are whole.
    private var picked: Buffer?
    private var paddedEnds: Buffer?
    /// The numbers of the window's rows among the block's, where some were left out.
    private var firstRowOfWindow = 0
    private var rowsReadInBlock = 0
    private var rowsBefore = 0
    /// True once a row was left out, so that those behind it have no certain number.
    private var hasGaps = false
    /// True where rows are counted for somebody else, who reports faults by himself.
    private let isCounting: Bool
    private var checkedUTF8 = false

    init(
        _ file: CSVFile, part: Int, _ blocks: any BlockSource, columns: [ReadColumn],
        context: ScanContext, isCounting: Bool = false
    ) {
        self.file = file
        self.isCounting = isCounting
        self.part = part
        self.blocks = blocks
        self.context = context
        parsers = columns.map { Self.parser(of: $0.column, $0.physicalType, file) }
        checkers =
            file.options.errorCountMax == 0
            ? []
            : file.layout.columns.enumerated().map {
                Self.parser(of: $0, $1.type.widestPhysicalType, file)
            }
    }

    private static func parser(
        of column: Int, _ physicalType: PhysicalType, _ file: CSVFile
    ) -> ColumnParser {
        let layout = file.layout
        let nullTexts = file.options.nullTexts ?? [[], Array("\\N".utf8)]
        return ColumnParser(
            column: column, isLast: column == layout.columns.count - 1,
            type: layout.columns[column].type, layout: physicalType,
            nullTexts: nullTexts + layout.nullTexts[column],
            checksNullsFirst: nullTexts.contains { !$0.isEmpty && $0 != Array("\\N".utf8) },
            form: layout.patterns[column].flatMap { TimeForm($0) },
            isDetected: layout.areDetected[column], isInstant: layout.areInstants[column])
    }

    func moveWindow(to row: Int, count: Int) throws(StarlingError) {
        throw StarlingError(.internal, "the rows of CSV files are not counted")
    }

    func moveToNextWindow(countMax: Int) throws(StarlingError) -> Int {
        while true {
            if block == nil || block!.isAtEnd {
                rowsReadInBlock = 0
                checkedUTF8 = false
                block = try blocks.next(context)
                if block == nil {
                    count = 0
                    if !hasGaps { file.rowCounts.note(part, rowsBefore) }
                    return 0
                }
            }
            try prepare(rows: countMax)
            guard let block else { return 0 }
            let available = min(countMax, block.availableRowCount)
            guard available > 0 else { continue }
            firstRowOfWindow = rowsReadInBlock
            rowsReadInBlock += available
            bases = block.take(available)
            count = available
            try checkShape()
            if file.options.errorCountMax > 0 { try leaveOutFaults() }
            rowsBefore += count
            if count > 0 { return count }
        }
    }

    /// Indexes rows; where quoting is broken, reads the rest of the block field by field.
    private func prepare(rows countMax: Int) throws(StarlingError) {
        guard let block else { return }
        block.prepare(rows: countMax)
        if block.hasHighBytes, !checkedUTF8 { try checkUTF8(block) }
        guard block.isIrregular else { return }
        let start = block.position
        let text = UnsafeRawBufferPointer(start: block.text + start, count: block.end - start)
        let canonical = CanonicalText(file.layout.dialect, text).block
        let skipped = UnsafeRawBufferPointer(
            start: block.text + block.start, count: start - block.start)
        let newline = file.layout.dialect.newline[0]
        var lines = try blocks.lineCount(before: block)
        for byte in skipped where byte == newline { lines += 1 }
        canonical.firstLine = lines
        rowsReadInBlock = 0
        self.block = canonical
    }

    private var window: FieldWindow {
        let block = block!
        return FieldWindow(
            text: block.text,
            ends: UnsafePointer((paddedEnds ?? block.ends).pointer(to: UInt32.self)),
            bases: bases!, count: count, owner: block.buffer,
            quote: block.dialect.has_quote != 0 ? block.dialect.quote : nil)
    }

    // MARK: Rows

    /// Sees to it that every row of the window has all fields: blank lines go, rows with too few or
    /// too many are an error, padded or left out.
    private func checkShape() throws(StarlingError) {
        guard let block, let bases else { return }
        picked = nil
        paddedEnds = nil
        let width = UInt32(truncatingIfNeeded: file.layout.columns.count)
        var differing: UInt32 = 0
        for row in 0..<count { differing |= (bases[row + 1] &- bases[row]) ^ width }
        guard differing != 0 || !block.broken.isEmpty else { return }
        var shape = RowShape(width: Int(width), count: count)
        let ends = UnsafePointer(block.ends.pointer(to: UInt32.self))
        for row in 0..<count {
            let fieldCount = Int(bases[row + 1] &- bases[row])
            let base = Int(bases[row])
            let broken = block.broken.first { $0.row == firstRowOfWindow + row }
            if let broken {
                try refuse(row, broken.field, broken.reason, fieldCount)
            } else if fieldCount == Int(width) {
                shape.add(base, ends, fieldCount)
            } else if fieldCount == 1, isBlank(base, ends) {
                continue
            } else if fieldCount < Int(width), file.options.padsWithNulls {
                shape.add(base, ends, fieldCount)
            } else if file.options.fillsMismatches {
                let column = min(fieldCount, Int(width) - 1)
                if !isCounting {
                    file.options.report.addFilled(
                        1, file: file.path,
                        column: fieldCount > Int(width)
                            ? "(more than \(width))" : file.layout.columns[column].name)
                }
                shape.add(base, ends, fieldCount)
            } else {
                // Without a header the first row may be one of more names than the rows have fields.
                let mayPad = !file.options.padsWithNulls && !file.layout.hasHeader
                try refuse(
                    row, min(fieldCount, Int(width)),
                    "the row has \(fieldCount) fields instead of \(width)", fieldCount,
                    remedy: fieldCount < Int(width) || mayPad
                        ? "read fields that rows lack as NULL with 'null_padding' = 'true', or "
                        : "")
            }
        }
        let (newEnds, newBases, kept) = shape.finish()
        paddedEnds = newEnds
        picked = newBases
        self.bases = UnsafePointer(newBases.pointer(to: UInt32.self))
        count = kept
    }

    private func isBlank(_ base: Int, _ ends: UnsafePointer<UInt32>) -> Bool {
        let start = Int(ends[base]) + 1
        let end = Int(ends[base + 1])
        return end <= start || (end == start + 1 && block!.text[start] == 13)
    }

    /// Reads all columns to see which rows cannot be read, and leaves those out.
    private func leaveOutFaults() throws(StarlingError) {
        var faulty: Set<Int> = []
        for parser in checkers {
            var faults: [FieldFault] = []
            _ = parser.read(window, nil, faults: &faults)
            for fault in faults where faulty.insert(fault.row).inserted {
                try reject(
                    line: line(ofRow: fault.row), parser.column,
                    reason(fault, parser.type),
                    text(ofRow: fault.row, fieldCount: file.layout.columns.count))
            }
        }
        guard !faulty.isEmpty, let bases else { return }
        let buffer = Buffer(byteCount: (count + 1) * 4)
        let kept = buffer.pointer(to: UInt32.self)
        var next = 0
        for row in 0..<count where !faulty.contains(row) {
            kept[next] = bases[row]
            next += 1
        }
        picked = buffer
        self.bases = UnsafePointer(kept)
        count = next
    }

    // MARK: Columns

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        var faults: [FieldFault] = []
        let parser = parsers[position]
        let vector = parser.read(window, selection, faults: &faults)
        if let first = faults.first {
            guard file.options.fillsMismatches else {
                throw failure(
                    line: try line(ofRow: first.row), parser.column, reason(first, parser.type))
            }
            file.options.report.addFilled(
                faults.count, file: file.path, column: file.layout.columns[parser.column].name)
        }
        let isOther = vector.physicalType != parser.layout && vector.physicalType.isInteger
        return isOther ? vector.withIntegerLayout(parser.layout) : vector
    }

    var firstRowInFile: Int? {
        get throws(StarlingError) {
            let earlier = try file.rowCounts.sum(before: part) {
                (number) throws(StarlingError) in try countRows(ofPart: number)
            }
            try checkGaps()
            return earlier + rowsBefore - count
        }
    }

    private func countRows(ofPart number: Int) throws(StarlingError) -> Int {
        guard file.boundaries == nil else {
            return try countRows(ofPart: number, nil)
        }
        // Pieces are found one after the other: all of them are counted at once.
        let pieces = file.makePieces(context.budget)
        var result = 0
        for part in 0..<file.partCount {
            let count = try countRows(ofPart: part, pieces)
            file.rowCounts.note(part, count)
            if part == number { result = count }
        }
        return result
    }

    private func countRows(
        ofPart number: Int, _ pieces: SharedPieces?
    ) throws(StarlingError) -> Int {
        let blocks: any BlockSource =
            if let boundaries = file.boundaries {
                PartBlocks(boundaries, part: number)
            } else {
                StreamBlocks(file, pieces ?? file.makePieces(context.budget), part: number)
            }
        let reader = CSVReader(
            file, part: number, blocks, columns: [], context: context, isCounting: true)
        while try reader.moveToNextWindow(countMax: chunkCapacity) > 0 {}
        try reader.checkGaps()
        return reader.rowsBefore
    }

    private func checkGaps() throws(StarlingError) {
        guard hasGaps else { return }
        throw StarlingError(
            .unsupported,
            "\(file.path): the numbers of rows behind lines that are left out are not known; read "
                + "file_row_number without 'max_errors'")
    }

    // MARK: Faults

    private func checkUTF8(_ block: TextBlock) throws(StarlingError) {
        checkedUTF8 = true
        let bytes = UnsafeRawBufferPointer(
            start: block.text + block.start, count: block.end - block.start)
        guard let place = firstInvalidUTF8(bytes) else { return }
        let newline = file.layout.dialect.newline[0]
        var line = try blocks.lineCount(before: block) + 1
        for byte in bytes[..<place] where byte == newline { line += 1 }
        throw StarlingError(
            .data,
            "\(file.path), line \(line): byte \(bytes[place]) is no UTF-8; name the encoding with "
                + "'encoding' = 'latin-1' or another one")
    }

    private func reason(_ fault: FieldFault, _ type: LogicalType) -> String {
        let text = String(decoding: fault.text.prefix(60), as: UTF8.self)
        return "'\(text)' is no \(type)"
    }

    /// Returns the number of the line in which a row of the window begins, counted from 1.
    private func line(ofRow row: Int) throws(StarlingError) -> Int {
        guard let block, let bases else { return 0 }
        if let lines = block.lines {
            var before = 0
            if let known = block.firstLine {
                before = known
            } else {
                before = try blocks.lineCount(before: block)
            }
            let number = min(lines.count - 1, originalRow(row))
            return before + (number >= 0 ? lines[number] : 0) + 1
        }
        let ends = (paddedEnds ?? block.ends).pointer(to: UInt32.self)
        let place = Int(ends[Int(bases[row])]) + 1
        let newline = file.layout.dialect.newline[0]
        var line = try blocks.lineCount(before: block) + 1
        for index in block.start..<max(block.start, min(place, block.end))
        where block.text[index] == newline { line += 1 }
        return line
    }

    /// Rows of canonical text that were left out before shift the numbers; the text tells.
    private func originalRow(_ row: Int) -> Int { firstRowOfWindow + row }

    private func text(ofRow row: Int, fieldCount: Int) -> String {
        guard let block, let bases else { return "" }
        let ends = (paddedEnds ?? block.ends).pointer(to: UInt32.self)
        let base = Int(bases[row])
        let start = Int(ends[base]) + 1
        let end = min(Int(ends[base + fieldCount]), start + RejectedRecord.textByteCountMax)
        guard end > start else { return "" }
        return String(
            decoding: UnsafeBufferPointer(start: block.text + start, count: end - start),
            as: UTF8.self)
    }

    private static let valueRemedy =
        "name another type with 'types', read it as NULL with 'fill_mismatch_column_with' = 'null', "
        + "or leave such rows out with 'max_errors'"

    private func failure(
        line: Int, _ column: Int, _ reason: String, remedy: String = valueRemedy
    ) -> StarlingError {
        let names = file.layout.columns.map(\.name)
        let place = column < names.count ? ", column \(names[column])" : ""
        return StarlingError(
            .data,
            "\(file.path), line \(line)\(place): \(reason); \(remedy)")
    }

    /// Leaves out a row of the window, or throws.
    private func refuse(
        _ row: Int, _ column: Int, _ reason: String, _ fieldCount: Int, remedy: String = ""
    ) throws(StarlingError) {
        let line = try line(ofRow: row)
        guard file.options.errorCountMax > 0 else {
            throw failure(
                line: line, column, reason,
                remedy: remedy + "leave such rows out with 'max_errors'")
        }
        try reject(line: line, column, reason, text(ofRow: row, fieldCount: fieldCount))
    }

    private func reject(
        line: Int, _ column: Int, _ reason: String, _ text: String
    ) throws(StarlingError) {
        hasGaps = true
        guard !isCounting else { return }
        let names = file.layout.columns.map(\.name)
        try file.options.report.reject(
            RejectedRecord(
                file: file.path, line: line, column: column < names.count ? names[column] : "",
                reason: reason, text: text),
            limit: file.options.errorCountMax)
    }
}
