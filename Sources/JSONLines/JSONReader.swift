// Reads a part: records are walked over a window at a time, for the columns of the query only; their
// values are parsed column by column when they are asked for.

import StarlingErrors
import StarlingFields
import StarlingFormats
import StarlingKernels
import StarlingMemory
import StarlingStreams
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Reads records of a JSON file.
final class JSONReader: PartReader {
    private let part: JSONPart
    private let file: JSONFile
    private let source: any JSONBlockSource
    private let context: ScanContext
    private let columns: [ReadColumn]
    private let parsers: [ColumnParser]
    private let slotOfKey: [Int]
    /// For each column that is read, its slot.
    private let slotOfColumn: [Int]
    private let emptySlots: [RecordWalker.Slot]
    private let bases: Buffer
    private var block: JSONBlock?
    /// The block as it came; after a fault in a line, `block` begins behind it.
    private var origin: JSONBlock?
    private var walker: RecordWalker?
    private var isArrayClosed = false
    /// Text of the last block in which a record begins that goes on behind it.
    private var rest: [UInt8] = []
    private var count = 0
    private var rowsBefore = 0
    /// Where each record of the window begins, for messages.
    private var starts = [Int](repeating: 0, count: chunkCapacity)

    init(
        _ part: JSONPart, _ source: any JSONBlockSource, columns: [ReadColumn],
        context: ScanContext
    ) {
        self.part = part
        file = part.file
        self.source = source
        self.context = context
        self.columns = columns
        let layout = file.layout
        var slotOfKey = layout.columns.map { _ in -1 }
        var slots: [RecordWalker.Slot] = []
        for column in columns where slotOfKey[column.column] < 0 {
            slotOfKey[column.column] = slots.count
            let isText: Bool =
                switch layout.columns[column.column].type {
                case .char, .varchar, .varbinary, .date, .datetime: true
                default: false
                }
            slots.append(
                RecordWalker.Slot(
                    key: layout.keys?[column.column] ?? [], reading: isText ? .text : .raw,
                    ends: Buffer(byteCount: chunkCapacity * 8)))
        }
        self.slotOfKey = slotOfKey
        slotOfColumn = columns.map { slotOfKey[$0.column] }
        emptySlots = slots
        // Every slot has two numbers a record.
        bases = Buffer(byteCount: (chunkCapacity + 1) * 4)
        for row in 0...chunkCapacity {
            bases.pointer(to: UInt32.self)[row] = UInt32(truncatingIfNeeded: 2 * row)
        }
        parsers = columns.map { read in
            ColumnParser(
                column: 0, isLast: false, type: layout.columns[read.column].type,
                layout: read.physicalType, nullTexts: [], checksNullsFirst: false,
                form: layout.patterns[read.column].flatMap { DateForm($0) })
        }
    }

    func moveWindow(to row: Int, count: Int) throws(StarlingError) {
        throw StarlingError(.internal, "the records of JSON files are not counted")
    }

    var firstRowInFile: Int? {
        part.range.map { $0.lowerBound > 0 } == true ? nil : rowsBefore - count
    }

    func moveToNextWindow(countMax: Int) throws(StarlingError) -> Int {
        count = 0
        while count == 0 {
            if walker == nil {
                guard try nextBlock() else {
                    try checkArrayIsClosed()
                    break
                }
            }
            let isDone = try walk(countMax: min(countMax, chunkCapacity))
            if count > 0, file.options.errorCountMax > 0 { try leaveOutFaults() }
            if isDone, count == 0 { walker = nil }
        }
        rowsBefore += count
        return count
    }

    private func nextBlock() throws(StarlingError) -> Bool {
        if isArrayClosed { return false }
        guard let next = try source.next(after: rest[...], context) else { return false }
        rest = []
        var slots = emptySlots
        for index in slots.indices { slots[index].ends = Buffer(byteCount: chunkCapacity * 8) }
        if next.hasHighBytes { try checkUTF8(next) }
        var walker = RecordWalker(
            next, form: file.layout.form, keys: file.layout.keys, slots: slots,
            slotOfKey: slotOfKey, isLast: source.isAtEnd)
        if file.layout.form == .array, rowsBefore == 0, block == nil { walker.skipOpening() }
        block = next
        origin = next
        self.walker = walker
        return true
    }

    /// Walks over records until the window is full; true where the block has no more.
    private func walk(countMax: Int) throws(StarlingError) -> Bool {
        guard let block, var walker = self.walker else { return true }
        self.walker = nil
        defer { self.walker = walker }
        while count < countMax {
            switch walker.walk(row: count) {
            case .record:
                starts[count] = walker.recordStart
                count += 1
            case .end:
                if walker.isAtEndOfArray { isArrayClosed = true }
                noteUnknown(&walker)
                return true
            case .incomplete:
                guard source.isAtEnd || file.layout.form == .lines && part.range != nil else {
                    rest = Array(
                        UnsafeBufferPointer(
                            start: block.text + walker.position, count: block.end - walker.position)
                    )
                    noteUnknown(&walker)
                    walker.finish()
                    return true
                }
                let reason =
                    block.endsInString ? "a string is never closed" : "the record is never closed"
                try refuse(walker.position, "", reason)
                walker = walkerBehindLine(walker)
            case .fault(let place, let reason):
                try refuse(max(place, walker.position), "", reason)
                walker = walkerBehindLine(walker)
            }
        }
        return false
    }

    /// Goes on behind the line at fault, whose quotes would confuse the index of all that follows.
    private func walkerBehindLine(_ walker: RecordWalker) -> RecordWalker {
        var walker = walker
        walker.skipLine()
        guard let old = block, let origin else { return walker }
        let new = JSONBlock(
            old.buffer, min(walker.position, old.end)..<old.end, fileOffset: origin.fileOffset)
        block = new
        return RecordWalker(
            new, form: file.layout.form, keys: file.layout.keys, slots: walker.slots,
            slotOfKey: slotOfKey, isLast: source.isAtEnd)
    }

    private func checkArrayIsClosed() throws(StarlingError) {
        guard file.layout.form == .array, !isArrayClosed, block != nil else { return }
        isArrayClosed = true
        throw StarlingError(.data, "\(file.path): the array of records is never closed")
    }

    private func noteUnknown(_ walker: inout RecordWalker) {
        for (key, number) in walker.takeUnknown() {
            let name = String(decoding: key, as: UTF8.self)
            guard file.options.columns == nil else { continue }
            file.options.report.addUnread(number, file: file.path, key: name)
        }
    }

    private func window(_ position: Int) -> FieldWindow? {
        guard let block, let walker else { return nil }
        let ends = walker.slots[slotOfColumn[position]].ends
        return FieldWindow(
            text: UnsafePointer(block.text), ends: UnsafePointer(ends.pointer(to: UInt32.self)),
            bases: UnsafePointer(bases.pointer(to: UInt32.self)), count: count,
            owner: block.buffer, quote: nil)
    }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        guard let window = window(position) else {
            throw StarlingError(.internal, "a column is read before the window")
        }
        var faults: [FieldFault] = []
        let parser = parsers[position]
        let vector = parser.read(window, selection, faults: &faults)
        let name = file.layout.columns[columns[position].column].name
        if let first = faults.first {
            guard file.options.fillsMismatches else {
                throw try failure(starts[first.row], name, reason(first, parser.type))
            }
            file.options.report.addFilled(faults.count, file: file.path, column: name)
        }
        let isOther = vector.physicalType != parser.layout && vector.physicalType.isInteger
        return isOther ? vector.withIntegerLayout(parser.layout) : vector
    }

    // MARK: Faults

    /// Reads all columns to see which records cannot be read, and leaves those out.
    private func leaveOutFaults() throws(StarlingError) {
        var faulty: Set<Int> = []
        for (position, parser) in parsers.enumerated() {
            guard let window = window(position) else { return }
            var faults: [FieldFault] = []
            _ = parser.read(window, nil, faults: &faults)
            let name = file.layout.columns[columns[position].column].name
            for fault in faults where faulty.insert(fault.row).inserted {
                try refuse(starts[fault.row], name, reason(fault, parser.type))
            }
        }
        guard !faulty.isEmpty, let slots = walker?.slots else { return }
        var kept = 0
        for row in 0..<count where !faulty.contains(row) {
            for slot in slots {
                let ends = slot.ends.pointer(to: UInt32.self)
                ends[2 * kept] = ends[2 * row]
                ends[2 * kept + 1] = ends[2 * row + 1]
            }
            starts[kept] = starts[row]
            kept += 1
        }
        count = kept
    }

    private func reason(_ fault: FieldFault, _ type: LogicalType) -> String {
        "'\(String(decoding: fault.text.prefix(60), as: UTF8.self))' is no \(type)"
    }

    private func line(of place: Int) throws(StarlingError) -> Int {
        guard let block = origin else { return 0 }
        var line = try source.lineCount(before: block) + 1
        for index in block.start..<max(block.start, min(place, block.end))
        where block.text[index] == 10 { line += 1 }
        return line
    }

    private func failure(
        _ place: Int, _ column: String, _ reason: String
    ) throws(StarlingError) -> StarlingError {
        let name = column.isEmpty ? "" : ", column \(column)"
        return StarlingError(
            .data,
            "\(file.path), line \(try line(of: place))\(name): \(reason); name another type with "
                + "'types', read it as NULL with 'fill_mismatch_column_with' = 'null', or leave "
                + "such records out with 'max_errors'")
    }

    private func refuse(
        _ place: Int, _ column: String, _ reason: String
    ) throws(StarlingError) {
        guard file.options.errorCountMax > 0 else {
            let line = try line(of: place)
            let name = column.isEmpty ? "" : ", column \(column)"
            throw StarlingError(.data, "\(file.path), line \(line)\(name): \(reason)")
        }
        try file.options.report.reject(
            RejectedRecord(
                file: file.path, line: line(of: place), column: column, reason: reason, text: ""),
            limit: file.options.errorCountMax)
    }

    private func checkUTF8(_ block: JSONBlock) throws(StarlingError) {
        let bytes = UnsafeRawBufferPointer(
            start: block.text + block.start, count: block.end - block.start)
        guard let place = firstInvalidUTF8(bytes) else { return }
        // A block of a stream may end within a character.
        if !source.isAtEnd, place >= bytes.count - 3 { return }
        throw StarlingError(
            .data,
            "\(file.path), line \(try line(of: block.start + place)): byte \(bytes[place]) is no "
                + "UTF-8, which JSON is written in")
    }
}
