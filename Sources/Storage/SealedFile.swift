// A small file that stands beside the log and is written anew as a whole: what it is, a checksum of the
// rest (8), the rest.

import StarlingErrors
import StarlingMemory

/// Seals what a kind of file holds, and opens it again.
struct SealedFile {
    /// The eight letters that it begins with.
    let magic: [UInt8]

    private static let headerByteCount = 16

    func sealing(_ body: ByteWriter) -> ByteWriter {
        let file = ByteWriter(capacity: Self.headerByteCount + body.count)
        file.append(magic)
        file.append(XXHash64.hash(body.bytes))
        file.append(body.bytes)
        return file
    }

    /// Returns a reader of what was sealed; throws where the file is another one, or damaged.
    func opening(_ bytes: [UInt8], _ path: String) throws(StarlingError) -> RecordReader {
        var header = RecordReader(bytes[...], of: path)
        for byte in magic where try header.integer(UInt8.self) != byte {
            throw header.failure("it does not begin as one")
        }
        let checksum = try header.integer(UInt64.self)
        let body = bytes[Self.headerByteCount...]
        guard body.withUnsafeBytes({ XXHash64.hash($0) }) == checksum else {
            throw header.failure("its checksum is wrong")
        }
        return RecordReader(body, of: path)
    }
}
