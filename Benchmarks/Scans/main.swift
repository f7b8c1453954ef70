// Measures how fast a file's columns are decoded, one by one, on one thread.
//
// Usage: ScanBenchmarks FILE [COLUMN] [repetitions]

import CPlatform
import StarlingErrors
import StarlingLake
import StarlingMemory
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors

/// Reads a column in full windows, or each window's rows in `selection`, and returns the rows read.
func scan(_ table: any Table, _ column: Int, selection: Selection?) throws -> Int {
    let context = ScanContext(
        budget: MemoryBudget(byteLimit: 1 << 33, settingName: "query_mem_limit"),
        cancellation: Cancellation())
    let type = table.columns[column].type
    var physical = type.widestPhysicalType
    if physical.isInteger, let bounds = table.statistics.columns[column].bounds {
        physical = .narrowest(for: bounds)
    }
    var total = 0
    for part in table.parts {
        let reader = try part.makeReader(
            columns: [ReadColumn(column: column, physicalType: physical)], context: context)
        var row = 0
        while row < part.rowCount {
            let count = min(chunkCapacity, part.rowCount - row)
            try reader.moveWindow(to: row, count: count)
            var limited = selection
            while let last = limited, last.count > 0, Int(last.rows[last.count - 1]) >= count {
                limited!.count -= 1
            }
            total += try reader.read(0, selection: limited).count
            row += count
        }
    }
    return total
}

func selection(every step: Int) -> Selection {
    var selection = Selection()
    for row in stride(from: 0, to: chunkCapacity, by: step) {
        selection.rows[selection.count] = UInt16(row)
        selection.count += 1
    }
    return selection
}

func bestMilliseconds(_ repetitions: Int, _ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<repetitions {
        let start = monotonicNanoseconds()
        try body()
        best = min(best, Double(monotonicNanoseconds() - start) / 1e6)
    }
    return best
}

func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

func rounded(_ number: Double) -> String { String((number * 100).rounded() / 100) }

do {
    starling_tune_allocator()
    let arguments = CommandLine.arguments
    let opening = monotonicNanoseconds()
    let table = try openFiles(arguments[1])
    print("open \(rounded(Double(monotonicNanoseconds() - opening) / 1e6)) ms")
    let repetitions = arguments.count > 3 ? Int(arguments[3]) ?? 3 : 3
    var totals = (0.0, 0.0, 0.0)
    for (index, column) in table.columns.enumerated() {
        if arguments.count > 2, arguments[2] != "all", arguments[2] != column.name { continue }
        let all = try bestMilliseconds(repetitions) {
            _ = try scan(table, index, selection: nil)
        }
        let some = try bestMilliseconds(repetitions) {
            _ = try scan(table, index, selection: selection(every: 10))
        }
        let few = try bestMilliseconds(repetitions) {
            _ = try scan(table, index, selection: selection(every: 200))
        }
        totals = (totals.0 + all, totals.1 + some, totals.2 + few)
        let perRow = all * 1e6 / Double(table.statistics.rowCount)
        print(
            padded(column.name, 18), padded(rounded(all), 8), "ms",
            padded(rounded(perRow), 6), "ns a row; every 10th", padded(rounded(some), 8),
            "ms; every 200th", padded(rounded(few), 8), "ms;",
            table.statistics.columns[index].estimatedDistinctCount ?? -1, "distinct")
    }
    print("total", rounded(totals.0), rounded(totals.1), rounded(totals.2))
} catch {
    print(error)
}
