// Writes generated tables as the reference generator does: a '|' after each value.

import StarlingErrors
import StarlingMemory
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors

import StarlingGenerators

/// Reads all rows of a table as text, in windows of a given size.
struct TableText {
    let table: any Table
    var windowRowCount = chunkCapacity
    /// Uses the narrowest layout that each part's bounds allow.
    var usesNarrowTypes = false

    init(_ table: TPCHTable, scale: Double) throws(StarlingError) {
        self.table = GeneratedTable(table, scale: try TPCHScale(factor: scale))
    }

    func forEachRow(_ body: ([UInt8]) -> Void) throws(StarlingError) {
        for part in table.parts {
            let reader = try makeReader(part)
            var row = 0
            while row < part.rowCount {
                let count = min(windowRowCount, part.rowCount - row)
                try reader.moveWindow(to: row, count: count)
                for line in try lines(reader, selection: nil, count: count) { body(line) }
                row += count
            }
        }
    }

    func makeReader(_ part: any TablePart) throws(StarlingError) -> any PartReader {
        let columns = table.columns.indices.map { position in
            let bounds = part.statistics(ofColumn: position).bounds
            let narrow = bounds.map(PhysicalType.narrowest(for:))
            let widest = table.columns[position].type.widestPhysicalType
            return ReadColumn(
                column: position,
                physicalType: usesNarrowTypes ? narrow ?? widest : widest)
        }
        let budget = MemoryBudget(byteLimit: 1 << 30, settingName: "test")
        return try part.makeReader(
            columns: columns,
            context: ScanContext(budget: budget, cancellation: Cancellation()))
    }

    func lines(
        _ reader: any PartReader, selection: Selection?, count: Int
    ) throws(StarlingError) -> [[UInt8]] {
        var lines = [[UInt8]](repeating: [], count: count)
        for (position, column) in table.columns.enumerated() {
            let vector = try reader.read(position, selection: selection)
            precondition(vector.count == count)
            for row in 0..<count {
                append(vector.value(at: row), column, to: &lines[row])
                lines[row].append(UInt8(ascii: "|"))
            }
        }
        return lines
    }

    private func append(_ value: Value, _ column: TableColumn, to line: inout [UInt8]) {
        switch value {
        case .bytes(let bytes): line += bytes
        case .integer(let number): line += text(Int(number), column).utf8
        default: line += "?".utf8
        }
    }

    private func text(_ number: Int, _ column: TableColumn) -> String {
        // The reference writes quantities without a fraction.
        if column.name == "l_quantity" { return number % 100 == 0 ? "\(number / 100)" : "?" }
        switch column.type {
        case .decimal:
            let digits = String(abs(number) % 100)
            return (number < 0 ? "-" : "") + "\(abs(number) / 100)."
                + (digits.count < 2 ? "0" : "") + digits
        case .date: return date(number)
        default: return String(number)
        }
    }

    private func date(_ day: Int) -> String {
        var rest = day
        var year = 1970
        func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
        while rest >= (isLeap(year) ? 366 : 365) {
            rest -= isLeap(year) ? 366 : 365
            year += 1
        }
        var month = 0
        let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        while rest >= lengths[month] {
            rest -= lengths[month]
            month += 1
        }
        func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(year)-\(twoDigits(month + 1))-\(twoDigits(rest + 1))"
    }
}
