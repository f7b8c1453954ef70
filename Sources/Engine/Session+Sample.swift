// The sample: TPC-H at a small scale as Parquet files, with views over them.

import StarlingErrors
import StarlingExecution
import StarlingFiles
import StarlingGenerators
import StarlingLake
import StarlingParquetWriting
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors
import Synchronization

extension Session {
    /// Writes TPC-H's tables into a folder and makes views over them; returns their names.
    public func writeSample(
        folder: String, scale: Double
    ) throws(DatabaseError) -> [String] {
        do throws(StarlingError) {
            let scale = try TPCHScale(factor: scale)
            if try localFiles.information(of: folder) == nil { try localFiles.makeFolder(folder) }
            for table in TPCHTable.allCases {
                let path = "\(folder)/\(table.rawValue).parquet"
                try TableWriter(GeneratedTable(table, scale: scale), database).write(to: path)
            }
        } catch {
            throw DatabaseError(error, in: "")
        }
        let quoted = folder.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "\\'")
        let names = TPCHTable.allCases.map(\.rawValue)
        for name in names {
            _ = try execute(
                "CREATE OR REPLACE VIEW \(name) AS SELECT * FROM '\(quoted)/\(name).parquet'")
        }
        return names
    }
}

/// Writes all rows of a table into a Parquet file: workers encode row groups, each from
/// consecutive parts, and the groups are appended in the order of the table.
struct TableWriter {
    private let table: any Table
    private let database: Database

    init(_ table: any Table, _ database: Database) {
        self.table = table
        self.database = database
    }

    /// Is what the workers share: the file, and groups that wait for those before them.
    private struct Output {
        var writer: ParquetWriter
        var next = 0
        var waiting: [Int: EncodedRowGroup] = [:]
    }

    func write(to path: String) throws(StarlingError) {
        let encoder = try RowGroupEncoder(columns: table.columns, options: ParquetOptions())
        let file = try localFiles.create(path)
        let output = Mutex(Output(writer: try ParquetWriter(file, encoder)))
        let groups = groups(rowCount: encoder.options.rowGroupRowCount)
        let counter = SharedCounter()
        let cancellation = Cancellation()
        let context = ScanContext(budget: database.budget, cancellation: cancellation)
        try database.pool.run(cancellation: cancellation) { (_) throws(StarlingError) in
            while case let number = counter.next(), number < groups.count {
                try cancellation.check()
                let group = try encoder.encode(read(groups[number], context))
                try append(group, number, to: output)
            }
        }
        let failure: StarlingError? = output.withLock { output in
            do throws(StarlingError) {
                try output.writer.finish()
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// Puts consecutive parts together until they fill a row group.
    private func groups(rowCount: Int) -> [[any TablePart]] {
        var groups: [[any TablePart]] = []
        var current: [any TablePart] = []
        var count = 0
        for part in table.parts {
            current.append(part)
            count += part.rowCount
            if count >= rowCount {
                groups.append(current)
                current = []
                count = 0
            }
        }
        return current.isEmpty ? groups : groups + [current]
    }

    private func read(
        _ parts: [any TablePart], _ context: ScanContext
    ) throws(StarlingError) -> [Chunk] {
        let columns = table.columns.enumerated().map {
            ReadColumn(column: $0, physicalType: $1.type.widestPhysicalType)
        }
        var chunks: [Chunk] = []
        for part in parts {
            let reader = try part.makeReader(columns: columns, context: context)
            for start in stride(from: 0, to: part.rowCount, by: chunkCapacity) {
                let count = min(chunkCapacity, part.rowCount - start)
                try reader.moveWindow(to: start, count: count)
                var vectors: [Vector] = []
                for position in columns.indices {
                    vectors.append(try reader.read(position, selection: nil))
                }
                chunks.append(Chunk(columns: vectors, count: count))
            }
        }
        return chunks
    }

    private func append(
        _ group: EncodedRowGroup, _ number: Int, to output: borrowing Mutex<Output>
    ) throws(StarlingError) {
        let failure: StarlingError? = output.withLock { output in
            output.waiting[number] = group
            do throws(StarlingError) {
                while let ready = output.waiting.removeValue(forKey: output.next) {
                    try output.writer.append(ready)
                    output.next += 1
                }
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }
}
