// Reads a part: records are walked over a window at a time, for the columns of the query only; their
// values are parsed column by column when they are asked for.

import StarlingErrors
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
    private let keys: KeyTable?
    private let unknown: UnknownKeys
    /// For each key, where its values lie; nil where the column is not read.
    private let spans: [ValueSpans?]
    private let readers: [ValueReader]
    /// Those of whole columns, which the others are fields of; of all columns where records with
    /// faults are left out, whichever columns are asked for.
    private let roots: [ValueReader?]
    private let window = DocumentWindow()
    private var block: JSONBlock?
    private var walker: RecordWalker?
    private var separator = RecordWalker.Separator.opening
    /// Text of the last block in which a record begins that goes on behind it.
    private var rest: [UInt8] = []
    private var count = 0
    /// The records of the window that are kept; nil where all are.
    private var kept: Selection?
    private var rowsBefore = 0
    /// True once a record was left out, so that those behind it have no certain number.
    private var hasGaps = false
    /// Where each record of the window begins, for messages.
    private var starts = [Int](repeating: 0, count: chunkCapacity)
    /// True where records are counted for somebody else, who reports faults by himself.
    private let isCounting: Bool

    init(
        _ part: JSONPart, _ source: any JSONBlockSource, columns: [ReadColumn],
        context: ScanContext, isCounting: Bool = false
    ) {
        self.part = part
        file = part.file
        self.source = source
        self.context = context
        self.columns = columns
        self.isCounting = isCounting
        let layout = file.layout
        var roots: [ValueReader?] = layout.columns.map { _ in nil }
        let leavesOutFaults = file.options.errorCountMax > 0
        let used = leavesOutFaults ? Array(layout.columns.indices) : columns.map(\.column)
        let unknown = UnknownKeys(areCounted: file.options.fillsMismatches)
        self.unknown = unknown
        for column in used where roots[column] == nil {
            let root = ValueReader(
                layout.shapes[column], layout.columns[column].name, window, unknown)
            if leavesOutFaults { root.makeChildren() }
            roots[column] = root
        }
        readers = columns.compactMap { roots[$0.column]?.field($0.path[...]) }
        self.roots = roots
        spans = roots.map { $0?.spans }
        keys = layout.keys.map { KeyTable($0) }
        let whole = Set(columns.lazy.filter(\.path.isEmpty).map(\.column))
        if file.options.columns == nil, leavesOutFaults || whole.count == layout.columns.count {
            keys?.unknown = unknown
        }
    }

    func moveWindow(to row: Int, count: Int) throws(StarlingError) {
        throw StarlingError(.internal, "the records of JSON files are not counted")
    }

    func moveToNextWindow(countMax: Int) throws(StarlingError) -> Int {
        rowsBefore += count
        count = 0
        while count == 0 {
            if walker == nil {
                guard try nextBlock() else {
                    noteUnknown()
                    try checkArrayIsClosed()
                    if !hasGaps { file.rowCounts.note(part.number, rowsBefore) }
                    break
                }
            }
            let isDone = try walk(countMax: min(countMax, chunkCapacity))
            if let block, count > 0 {
                window.begin(block, file.layout.form, count: count)
                kept = nil
                if file.options.errorCountMax > 0 { try leaveOutFaults() }
            }
            if isDone, count == 0 { walker = nil }
        }
        return count
    }

    private func nextBlock() throws(StarlingError) -> Bool {
        guard let next = try source.next(after: rest[...], context) else { return false }
        rest = []
        if next.hasHighBytes { try checkUTF8(next) }
        var walker = RecordWalker(
            next, file.layout.form, keys: keys, spans: spans, after: separator,
            isLast: source.isAtEnd)
        if file.layout.form == .array, rowsBefore == 0, block == nil { walker.skipOpening() }
        block = next
        self.walker = walker
        return true
    }

    /// Walks over records until the window is full; true where the block has no more.
    private func walk(countMax: Int) throws(StarlingError) -> Bool {
        guard let block, var walker = self.walker else { return true }
        self.walker = nil
        defer {
            separator = walker.separator
            self.walker = walker
        }
        while count < countMax {
            switch walker.walk(row: count) {
            case .record:
                if let key = unknown.settle() {
                    let start = walker.recordStart
                    try refuse(
                        start, "", UnknownKeys.reason(key), from: start,
                        remedy: UnknownKeys.remedy)
                    continue
                }
                starts[count] = walker.recordStart
                count += 1
            case .end: return true
            case .incomplete:
                unknown.forget()
                guard source.isAtEnd else {
                    rest = Array(
                        UnsafeBufferPointer(
                            start: block.text + walker.position, count: block.end - walker.position)
                    )
                    walker.finish()
                    return true
                }
                let reason =
                    block.endsInString ? "a string is never closed" : "the record is never closed"
                try refuse(walker.position, "", reason, from: walker.position)
                try walker.skipLine()
            case .fault(let place, let reason):
                unknown.forget()
                try refuse(max(place, walker.position), "", reason, from: walker.position)
                try walker.skipLine()
            }
        }
        return false
    }

    private func checkArrayIsClosed() throws(StarlingError) {
        guard file.layout.form == .array, separator != .end, block != nil else { return }
        separator = .end
        throw StarlingError(.data, "\(file.path): the array of records is never closed")
    }

    private func noteUnknown() {
        guard !isCounting else { return }
        for (path, number) in unknown.take() {
            file.options.report.addUnread(number, file: file.path, key: path)
        }
    }

    var firstRowInFile: Int? {
        get throws(StarlingError) {
            let earlier = try file.rowCounts.sum(before: part.number) {
                (number) throws(StarlingError) in try file.countRecords(ofPart: number, context)
            }
            try checkGaps()
            return earlier + rowsBefore
        }
    }

    /// Reads all records and tells how many there are.
    func countRecords() throws(StarlingError) -> Int {
        while try moveToNextWindow(countMax: chunkCapacity) > 0 {}
        try checkGaps()
        return rowsBefore
    }

    private func checkGaps() throws(StarlingError) {
        guard hasGaps else { return }
        throw StarlingError(
            .unsupported,
            "\(file.path): the numbers of rows behind records that are left out are not known; read "
                + "file_row_number without 'max_errors'")
    }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        guard block != nil else {
            throw StarlingError(.internal, "a column is read before the window")
        }
        var faults: [ValueFault] = []
        let vector = readers[position].read(selectionOfKept(selection), faults: &faults)
        if let first = faults.first {
            guard file.options.fillsMismatches else {
                throw try failure(starts[first.row], first)
            }
            let name = file.layout.columns[columns[position].column].name
            file.options.report.addFilled(faults.count, file: file.path, column: name)
        }
        let wanted = columns[position].physicalType
        let isOther = vector.physicalType != wanted && vector.physicalType.isInteger
        return isOther ? vector.withIntegerLayout(wanted) : vector
    }

    // MARK: Faults

    /// Reads all columns to see which records cannot be read, and leaves those out.
    private func leaveOutFaults() throws(StarlingError) {
        var faulty: Set<Int> = []
        for root in roots {
            var faults: [ValueFault] = []
            _ = root?.read(nil, faults: &faults)
            for fault in faults where faulty.insert(fault.row).inserted {
                let start = starts[fault.row]
                try refuse(start, fault.name, Self.reason(fault), from: start)
            }
        }
        guard !faulty.isEmpty else { return }
        var kept = Selection()
        for row in 0..<count where !faulty.contains(row) {
            kept.rows[kept.count] = UInt16(truncatingIfNeeded: row)
            kept.count += 1
        }
        count = kept.count
        self.kept = kept
    }

    /// Brings a selection among the records that are kept to one among all of the window.
    private func selectionOfKept(_ selection: Selection?) -> Selection? {
        guard let kept, let selection else { return selection ?? kept }
        var result = Selection()
        for place in 0..<selection.count {
            result.rows[place] = kept.rows[Int(selection.rows[place])]
        }
        result.count = selection.count
        return result
    }

    private static func reason(_ fault: ValueFault) -> String {
        fault.reason
            ?? "'\(String(decoding: fault.text.prefix(60), as: UTF8.self))' is no \(fault.type)"
    }

    private func line(of place: Int) throws(StarlingError) -> Int {
        guard let block else { return 0 }
        return try line(of: place, in: block)
    }

    private func line(of place: Int, in block: JSONBlock) throws(StarlingError) -> Int {
        try source.lineCount(before: block) + 1 + block.lineCount(before: place)
    }

    private func failure(
        _ place: Int, _ fault: ValueFault
    ) throws(StarlingError) -> StarlingError {
        StarlingError(
            .data,
            "\(file.path), line \(try line(of: place)), column \(fault.name): "
                + "\(Self.reason(fault)); \(fault.remedy)")
    }

    private func refuse(
        _ place: Int, _ column: String, _ reason: String, from start: Int, remedy: String? = nil
    ) throws(StarlingError) {
        let limit = file.options.errorCountMax
        guard limit > 0 else {
            let line = try line(of: place)
            let name = column.isEmpty ? "" : ", column \(column)"
            let hint = remedy.map { "; \($0)" } ?? ""
            throw StarlingError(.data, "\(file.path), line \(line)\(name): \(reason)\(hint)")
        }
        hasGaps = true
        guard !isCounting else { return }
        try file.options.report.reject(
            RejectedRecord(
                file: file.path, line: line(of: place), column: column, reason: reason,
                text: text(from: start, past: place)),
            limit: limit)
    }

    /// Returns what stands between the start of a record and the end of the line with the fault.
    private func text(from start: Int, past place: Int) -> String {
        guard let block, start < block.end else { return "" }
        var end = min(max(start, place), block.end)
        while end < block.end, block.text[end] != UInt8(ascii: "\n") { end += 1 }
        let count = min(end - start, RejectedRecord.textByteCountMax)
        return String(
            decoding: UnsafeBufferPointer(start: block.text + start, count: count), as: UTF8.self)
    }

    private func checkUTF8(_ block: JSONBlock) throws(StarlingError) {
        let bytes = UnsafeRawBufferPointer(
            start: block.text + block.start, count: block.end - block.start)
        guard let place = firstInvalidUTF8(bytes) else { return }
        // A block of a stream may end within a character.
        if !source.isAtEnd, place >= bytes.count - 3 { return }
        throw StarlingError(
            .data,
            "\(file.path), line \(try line(of: block.start + place, in: block)): byte \(bytes[place]) is no "
                + "UTF-8, which JSON is written in")
    }
}
