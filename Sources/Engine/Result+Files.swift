// Results as files of a format that can be written.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingLake
import StarlingTables
import StarlingTypes
import StarlingVectors

extension Result {
    /// Makes the bytes of a file with the result's rows.
    package func fileBytes(format: String) throws(DatabaseError) -> [UInt8] {
        do throws(StarlingError) {
            let writer = try fileWriter(named: format, path: "", otherwise: format)
            return try bytes(as: writer)
        } catch {
            throw DatabaseError(error, in: "")
        }
    }

    private func bytes<Writer: FileWriter>(
        as type: Writer.Type
    ) throws(StarlingError) -> [UInt8] {
        let columns = zip(uniqueNames(columns.map(\.name)), columns).map {
            TableColumn(name: $0, type: $1.type)
        }
        let writer = try Writer(WrittenRows(columns: columns), options: WriteOptions())
        let file = MemoryWritableFile()
        let assembler = try writer.begin(file)
        var block: [Chunk] = []
        var rowCount = 0
        for chunk in chunks {
            block.append(chunk)
            rowCount += chunk.count
            guard rowCount >= writer.blockRowCount else { continue }
            try assembler.append(try writer.encode(block))
            block = []
            rowCount = 0
        }
        if rowCount > 0 { try assembler.append(try writer.encode(block)) }
        try assembler.finish()
        return file.bytes
    }
}
