import StarlingBlocks
import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingStorage
import StarlingTables
import StarlingTestSupport
import StarlingTypes
import StarlingVectors

/// Gives a test a folder for a database, and takes it away again.
final class TemporaryDatabase {
    let path = temporaryFolder() + "/starling-database-\(UInt64.random(in: 0 ... .max))"
    private let files = LocalFileSystem()

    deinit { try? remove(path) }

    private func remove(_ path: String) throws(StarlingError) {
        for entry in try files.list(path) {
            let place = path + "/" + entry.name
            if entry.isFolder { try remove(place) } else { try files.remove(place) }
        }
        try files.remove(path)
    }

    /// Opens the database and returns the changes of its commits, but for those that close it.
    func open() throws -> (DatabaseFolder, [[Change]]) {
        var commits: [[Change]] = []
        let folder = try DatabaseFolder.open(path) { _, commit in
            if !commit.changes.isEmpty { commits.append(commit.changes) }
        }
        return (folder, commits)
    }

    func bytes(of name: String) throws -> [UInt8] {
        let file = try files.open(path + "/" + name)
        let buffer = try file.read(0..<file.byteCount)
        return Array(UnsafeRawBufferPointer(start: buffer.baseAddress, count: file.byteCount))
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        let file = try files.create(path + "/" + name)
        try file.write(bytes)
        try file.close()
    }
}

/// Makes a table of a number and a text a row.
func sampleTable(rowCount: Int) throws -> NativeTable {
    let columns = [
        TableColumn(name: "number", type: .bigint), TableColumn(name: "text", type: .string),
    ]
    let table = NativeTable(name: "sample", columns: columns)
    let chunks = stride(from: 0, to: rowCount, by: chunkCapacity).map { start in
        let rows = start..<min(rowCount, start + chunkCapacity)
        return Chunk(
            columns: [
                Vector(.int64, values: rows.map { .integer(Int128($0 * 3)) }),
                Vector(.string, values: rows.map { $0 % 5 == 0 ? .null : .text("text \($0)") }),
            ], count: rows.count)
    }
    return try table.appending(chunks)
}

extension DatabaseFolder {
    /// Makes a commit that survives a loss of power.
    func commit(_ changes: [Change]) throws { try synchronize(upTo: append(changes)) }
}

/// Reads all rows of segments.
func rows(of segments: [Segment]) throws -> [[Value]] {
    var rows: [[Value]] = []
    for segment in segments {
        var columns: [[Value]] = []
        for column in segment.columns {
            let block = try column.block()
            columns.append(
                try block.read(0..<segment.rowCount, as: block.physicalType)
                    .allValues)
        }
        for row in 0..<segment.rowCount { rows.append(columns.map { $0[row] }) }
    }
    return rows
}
