// One file: its footer, checked as far as everything else relies on it.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingMemory
import StarlingTables
import Synchronization

/// Holds an open file and its footer.
package final class ParquetFile: Sendable {
    package let file: any ReadableFile
    let metadata: FileMetadata
    let schema: FileSchema
    let pageIndexes = PageIndexCache()
    /// The number of values of the dictionaries whose headers were read, by offset.
    private let dictionaryValueCounts = Mutex<[Int: Int]>([:])

    /// Reads the footer of a file.
    package init(_ file: any ReadableFile) throws(StarlingError) {
        self.file = file
        let footer = try Self.readFooter(file)
        do throws(ParquetDamage) {
            var reader = ThriftReader(
                UnsafeRawBufferPointer(start: footer.baseAddress, count: footer.byteCount))
            metadata = try FileMetadata(&reader)
            schema = try FileSchema(metadata.schema)
            try Self.check(metadata, schema)
        } catch {
            throw error.located(in: file.path)
        }
        withExtendedLifetime(footer) {}
    }

    /// Tells whether the file's first bytes are those of the format.
    package static func recognizes(_ start: [UInt8]) -> Bool {
        start.starts(with: Array("PAR1".utf8)) || start.starts(with: Array("PARE".utf8))
    }

    /// Reads the header of the dictionary page at `offset`; nil where there is none.
    func dictionaryValueCount(at offset: Int) -> Int? {
        if let known = dictionaryValueCounts.withLock({ $0[offset] }) { return known }
        guard offset >= 4, offset < file.byteCount,
            let bytes = try? file.read(offset..<min(file.byteCount, offset + 128)),
            let header = try? PageHeader(
                UnsafeRawBufferPointer(start: bytes.baseAddress, count: bytes.byteCount)),
            header.kind == .dictionary
        else { return nil }
        withExtendedLifetime(bytes) {}
        dictionaryValueCounts.withLock { $0[offset] = header.valueCount }
        return header.valueCount
    }

    private static func readFooter(_ file: any ReadableFile) throws(StarlingError) -> Buffer {
        let size = file.byteCount
        func damage(_ message: String) -> StarlingError {
            StarlingError(.file, "\(file.path): \(message)")
        }
        guard size >= 12 else { throw damage("the file is too short to be Parquet") }
        let tailByteCount = min(size, 1 << 16)
        let tail = try file.read((size - tailByteCount)..<size)
        let end = tail.baseAddress + tailByteCount
        let magic = [UInt8](UnsafeRawBufferPointer(start: end - 4, count: 4))
        if magic == Array("PARE".utf8) {
            throw StarlingError(
                .unsupported,
                "\(file.path): the file is encrypted; write it without encryption")
        }
        guard magic == Array("PAR1".utf8) else {
            throw damage("the file does not end as Parquet does; it may be cut off")
        }
        let length = Int(UInt32(littleEndian: (end - 8).loadUnaligned(as: UInt32.self)))
        withExtendedLifetime(tail) {}
        guard length > 0, length <= size - 12 else {
            throw damage("the footer's length is impossible")
        }
        return try file.read((size - 8 - length)..<(size - 8))
    }

    private static func check(
        _ metadata: FileMetadata, _ schema: FileSchema
    ) throws(ParquetDamage) {
        var total = 0
        for (number, group) in metadata.rowGroups.enumerated() {
            guard group.rowCount >= 0, group.rowCount <= 1 << 40, total <= 1 << 50 else {
                throw ParquetDamage("row group \(number) has an impossible number of rows")
            }
            total += group.rowCount
            guard group.columns.count == schema.leafCount else {
                throw ParquetDamage("row group \(number) has not as many columns as the schema")
            }
            for source in schema.sources.compactMap({ $0 }) {
                let chunk = group.columns[source.leaf]
                guard chunk.hasMetadata || chunk.isEncrypted,
                    chunk.isEncrypted || chunk.physicalType == source.carrier.rawValue,
                    chunk.isEncrypted || chunk.valueCount == group.rowCount
                else {
                    throw ParquetDamage("row group \(number) contradicts the schema")
                }
            }
        }
        guard total == metadata.rowCount else {
            throw ParquetDamage("the row groups don't have as many rows as the file")
        }
    }
}

extension ParquetFile: LakeFile {
    package var path: String { file.path }
    package var columns: [TableColumn] { schema.columns }
    package var instants: [InstantPlaces] { schema.trees.map(\.instants) }
}
