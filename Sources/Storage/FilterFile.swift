// What queries filter by, kept with the database. Nothing that is true depends on it: a file that is
// missing or damaged is as if no query had run.
//
//   file := "STARFLT2", checksum of the rest (8), count of tables (4), table …
//   table := database, name, count of shapes (4), shape …
//   shape := how often (8, floating point), count of filters (4), filter …
//   filter := count of conditions (4), condition …
//   condition := number of the column (4), count of keys of a path (4), these, kind (1), low, high, count
//                of values (4), values, 1 and what is sought in texts, or 0
//   sought := function, text, analyzer

import StarlingErrors
import StarlingMemory
import StarlingTypes

/// Encodes filters, and reads them.
enum FilterFile {
    private static let form = SealedFile(magic: Array("STARFLT2".utf8))
    /// More than this is nothing that was written.
    private static let countMax = 1 << 16

    static func make(_ logs: [(table: TableName, log: FilterLog)]) -> ByteWriter {
        let body = ByteWriter()
        body.append(UInt32(logs.count))
        for (table, log) in logs {
            body.append(text: table.database)
            body.append(text: table.name)
            let usages = log.usages
            body.append(UInt32(usages.count))
            for usage in usages {
                body.append(usage.count)
                body.append(UInt32(usage.examples.count))
                for filter in usage.examples {
                    body.append(UInt32(filter.conditions.count))
                    for condition in filter.conditions { body.append(condition) }
                }
            }
        }
        return form.sealing(body)
    }

    /// Reads what was known of each table.
    static func read(
        _ bytes: [UInt8], _ path: String
    ) throws(StarlingError) -> [TableName: [FilterLog.Usage]] {
        var reader = try form.opening(bytes, path)
        var tables: [TableName: [FilterLog.Usage]] = [:]
        for _ in 0..<(try count(&reader)) {
            let name = TableName(database: try reader.text(), name: try reader.text())
            for _ in 0..<(try count(&reader)) {
                tables[name, default: []].append(try usage(&reader))
            }
        }
        return tables
    }

    private static func usage(
        _ reader: inout RecordReader
    ) throws(StarlingError) -> FilterLog.Usage {
        let frequency = Double(bitPattern: try reader.integer(UInt64.self))
        var usage = FilterLog.Usage(count: frequency.isFinite ? frequency : 0, examples: [])
        for _ in 0..<(try count(&reader)) {
            var conditions: [RecordedCondition] = []
            for _ in 0..<(try count(&reader)) { conditions.append(try reader.condition()) }
            if let filter = RecordedFilter(conditions) { usage.examples.append(filter) }
        }
        return usage
    }

    fileprivate static func count(_ reader: inout RecordReader) throws(StarlingError) -> Int {
        let count = Int(try reader.integer(UInt32.self))
        guard count <= countMax else { throw reader.failure("a count is too large") }
        return count
    }
}

extension ByteWriter {
    fileprivate func append(_ condition: RecordedCondition) {
        append(condition.target.column)
        append(UInt32(condition.target.keys.count))
        for key in condition.target.keys {
            append(UInt32(key.count))
            append(key)
        }
        append(condition.kind.rawValue)
        append(condition.low)
        append(condition.high)
        append(UInt32(condition.values.count))
        for value in condition.values { append(value) }
        append(UInt8(condition.search == nil ? 0 : 1))
        guard let search = condition.search else { return }
        append(text: search.function)
        append(UInt32(search.text.count))
        append(search.text)
        append(text: search.analyzer)
    }
}

extension RecordReader {
    fileprivate mutating func condition() throws(StarlingError) -> RecordedCondition {
        var target = RecordedTarget(column: try integer(UInt32.self))
        for _ in 0..<(try FilterFile.count(&self)) { target.keys.append(try bytes()) }
        guard let kind = RecordedCondition.Kind(rawValue: try integer(UInt8.self)) else {
            throw failure("the kind of a condition is not known")
        }
        let (low, high) = (try value(), try value())
        var values: [Value] = []
        for _ in 0..<(try FilterFile.count(&self)) {
            if let value = try value() { values.append(value) }
        }
        guard try integer(UInt8.self) == 0 else {
            return RecordedCondition(
                target,
                RecordedSearch(
                    function: try text(), text: try bytes(), analyzer: try text()))
        }
        return kind == .elements
            ? RecordedCondition(target, elements: values)
            : RecordedCondition(target, low: low, high: high, values: values)
    }
}
