// Reads sections of a file that hold one message, compressed as everything else is.

import StarlingErrors
import StarlingFiles
import StarlingTables

/// Reads messages, and opens streams with data.
struct SectionReader: Sendable {
    let file: any ReadableFile
    let codec: ORCCodec
    private let blockByteCount: Int

    /// No message takes more, decompressed.
    private static let byteCountMax = 1 << 28

    init(_ file: any ReadableFile, _ postScript: PostScript) throws(ORCDamage) {
        guard let codec = ORCCodec(rawValue: postScript.codec) else {
            throw .unsupported("the file is compressed with the unknown codec \(postScript.codec)")
        }
        guard codec != .lzo else {
            throw .unsupported(
                "the file is compressed with LZO, which can't be read; write it with ZSTD, ZLIB, "
                    + "Snappy, LZ4 or without compression")
        }
        guard codec == .none || (1...(1 << 26)).contains(postScript.blockByteCount) else {
            throw ORCDamage("the file has an impossible block size")
        }
        self.file = file
        self.codec = codec
        blockByteCount = postScript.blockByteCount
    }

    func makeDecompressor() -> Decompressor {
        Decompressor(codec, blockByteCount: blockByteCount)
    }

    /// Reads the message in a range of the file.
    func read<Message: ProtobufMessage>(
        _ range: Range<Int>, _ context: ScanContext? = nil
    ) throws(ORCDamage) -> Message {
        try read(range, context) { (reader) throws(ORCDamage) in try reader.message() }
    }

    /// Lends the bytes in a range of the file to `body`.
    func read<Message>(
        _ range: Range<Int>, _ context: ScanContext? = nil,
        _ body: (inout ProtobufReader) throws(ORCDamage) -> Message
    ) throws(ORCDamage) -> Message {
        let stream = ByteStream(StripeBytes(file, context), makeDecompressor(), range: range)
        try stream.prepare(Self.byteCountMax)
        guard stream.isAtEnd else { throw ORCDamage("the metadata is too large") }
        var reader = ProtobufReader(
            UnsafeRawBufferPointer(start: stream.next, count: stream.byteCount))
        let result = try body(&reader)
        withExtendedLifetime(stream) {}
        return result
    }
}
