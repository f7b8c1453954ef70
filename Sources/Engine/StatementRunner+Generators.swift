// Table functions that make their rows.

import StarlingErrors
import StarlingGenerators
import StarlingLake
import StarlingStorage
import StarlingTables
import StarlingTypes
import StarlingVectors

extension StatementRunner {
    /// `tpch('lineitem', 1)`: a table of TPC-H at a scale, generated as it is read.
    func makeTPCHTable(
        _ arguments: [(name: String?, value: Value)]
    ) throws(StarlingError) -> any Table {
        guard let name = arguments.first?.value.text, arguments.count <= 2 else {
            throw StarlingError(
                .binding, "tpch takes a table's name and a scale: tpch('orders', 1)")
        }
        let table = try TPCHTable(named: name)
        var scale = 1.0
        if arguments.count == 2 {
            switch arguments[1].value {
            case .integer(let number): scale = Double(number)
            case .floating(let number): scale = number
            default: throw StarlingError(.binding, "the scale of tpch is a number")
            }
        }
        return GeneratedTable(table, scale: try TPCHScale(factor: scale))
    }

    /// `FILES('list_files_only' = 'true')`: what lies at a path, in StarRocks' columns.
    static func table(of files: [ListedFile]) throws(StarlingError) -> any Table {
        let columns = [
            TableColumn(name: "PATH", type: .string, isNullable: false),
            TableColumn(name: "SIZE", type: .bigint, isNullable: false),
            TableColumn(name: "IS_DIR", type: .boolean, isNullable: false),
            TableColumn(name: "MODIFICATION_TIME", type: .datetime, isNullable: false),
        ]
        let table = NativeTable(name: "files", columns: columns)
        let rows = files.map { file -> [Value] in
            [
                .text(file.path), .integer(Int128(file.byteCount)), .boolean(file.isFolder),
                .integer(Int128(file.changeMicroseconds)),
            ]
        }
        let chunks = stride(from: 0, to: rows.count, by: chunkCapacity).map { start in
            let some = rows[start..<min(rows.count, start + chunkCapacity)]
            return Chunk(
                columns: columns.indices.map { column in
                    Vector(
                        columns[column].type.widestPhysicalType,
                        values: some.map { $0[column] })
                }, count: some.count)
        }
        return rows.isEmpty ? table : try table.appending(chunks)
    }

    /// `rejects()`: the records that the last reading of files left out.
    func makeRejectsTable(
        _ arguments: [(name: String?, value: Value)]
    ) throws(StarlingError) -> any Table {
        guard arguments.isEmpty else {
            throw StarlingError(.binding, "rejects takes no arguments: SELECT * FROM rejects()")
        }
        let records = session.rejectedRecords
        let texts: [(name: String, values: [String])] = [
            ("file", records.map(\.file)), ("column", records.map(\.column)),
            ("reason", records.map(\.reason)), ("text", records.map(\.text)),
        ]
        var columns = texts.map { TableColumn(name: $0.name, type: .string, isNullable: false) }
        var vectors = texts.map { Vector(.string, values: $0.values.map { .text($0) }) }
        columns.insert(TableColumn(name: "line", type: .bigint, isNullable: false), at: 1)
        vectors.insert(
            Vector(.int64, values: records.map { .integer(Int128($0.line)) }), at: 1)
        let table = NativeTable(name: "rejects", columns: columns)
        guard !records.isEmpty else { return table }
        return try table.appending([Chunk(columns: vectors, count: records.count)])
    }
}
