// Reads whole tables through the part readers, in windows and with selections.

import StarlingErrors
import StarlingMemory
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors

/// Says how to read: window size, physical types, and which rows.
package struct Reading: Sendable, CustomStringConvertible {
    package var windowCount = chunkCapacity
    package var isNarrow = false
    /// Keeps every nth row, counted over the part; nil keeps all without a selection.
    package var keepEvery: Int?
    /// Reads only every nth window of a column, to make readers skip.
    package var windowEvery = 1
    package var verifiesChecksums = false

    package init(
        windowCount: Int = chunkCapacity, isNarrow: Bool = false, keepEvery: Int? = nil,
        windowEvery: Int = 1, verifiesChecksums: Bool = false
    ) {
        self.windowCount = windowCount
        self.isNarrow = isNarrow
        self.keepEvery = keepEvery
        self.windowEvery = windowEvery
        self.verifiesChecksums = verifiesChecksums
    }

    package var description: String {
        "windows of \(windowCount), \(isNarrow ? "narrow" : "wide"), "
            + "\(keepEvery.map { "every \($0)th row" } ?? "all rows"), window step \(windowEvery)"
    }

    package static let all: [Reading] = [
        Reading(), Reading(windowCount: 7), Reading(isNarrow: true),
        Reading(windowCount: 7, isNarrow: true, keepEvery: 3), Reading(keepEvery: 5),
        Reading(isNarrow: true, keepEvery: 97), Reading(windowCount: 500, windowEvery: 3),
        Reading(windowCount: 64, keepEvery: 2, windowEvery: 2),
    ]

    /// Lists the rows of a part that are read.
    package func keeps(_ row: Int) -> Bool {
        (row / windowCount) % windowEvery == 0 && (keepEvery.map { row % $0 == 0 } ?? true)
    }
}

package func makeContext(verifiesChecksums: Bool = false) -> ScanContext {
    ScanContext(
        budget: MemoryBudget(byteLimit: 1 << 30, settingName: "query_mem_limit"),
        cancellation: Cancellation(), verifiesChecksums: verifiesChecksums)
}

/// Reads the kept rows of `column`, for each part the row number in the table and the value.
package func readColumn(
    _ table: any Table, _ column: Int, _ reading: Reading, rowCountMax: Int = .max
) throws -> [(row: Int, value: Value)] {
    var result: [(row: Int, value: Value)] = []
    var firstRow = 0
    let type = (table.columns + table.virtualColumns)[column].type
    for part in table.parts {
        var physical = type.widestPhysicalType
        if reading.isNarrow, physical.isInteger {
            let bounds = part.statistics(ofColumn: column).bounds
            physical = bounds.map { .narrowest(for: $0) } ?? physical
        }
        let reader = try part.makeReader(
            columns: [ReadColumn(column: column, physicalType: physical)],
            context: makeContext(verifiesChecksums: reading.verifiesChecksums))
        let rowCount = min(part.rowCount, rowCountMax)
        for (number, start) in stride(from: 0, to: rowCount, by: reading.windowCount).enumerated() {
            guard number % reading.windowEvery == 0 else { continue }
            let count = min(reading.windowCount, rowCount - start)
            try reader.moveWindow(to: start, count: count)
            let kept = (0..<count).filter { reading.keeps(start + $0) }
            var selection: Selection?
            if reading.keepEvery != nil {
                selection = Selection()
                for (index, row) in kept.enumerated() { selection!.rows[index] = UInt16(row) }
                selection!.count = kept.count
            }
            let vector = try reader.read(0, selection: selection)
            guard vector.count == kept.count, vector.physicalType == physical else {
                throw StarlingError(.internal, "a vector has the wrong shape")
            }
            for (index, row) in kept.enumerated() {
                result.append((firstRow + start + row, vector.value(at: index)))
            }
        }
        firstRow += part.rowCount
    }
    return result
}
