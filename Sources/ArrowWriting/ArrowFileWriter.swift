// Arrow's IPC files and streams as a row of the formats that can be written.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingTables
import StarlingVectors

package struct ArrowFileWriter: FileWriter {
    package static let name = "arrow"

    package static let options: [WriteOption] = [
        WriteOption("compression", aliases: ["codec"], ArrowCompression.names),
        WriteOption("compression_level", "the codec's own level; more takes longer"),
        WriteOption("batch_size", aliases: ["row_group_size"], "rows of a record batch"),
        WriteOption("stream", "true: a stream, which has no footer"),
    ]

    private let columns: [TableColumn]
    private let schema: FlatValue
    private let compression: ArrowCompression
    private let isStream: Bool
    package let blockRowCount: Int

    package init(_ rows: WrittenRows, options: WriteOptions) throws(StarlingError) {
        columns = rows.columns
        schema = try ArrowSchema.schema(rows.columns)
        compression = try ArrowCompression(options)
        isStream = try options.flag("stream") ?? false
        blockRowCount = try options.integer("batch_size", in: 1...16_777_216) ?? 65_536
    }

    package var fileExtension: String { isStream ? "arrows" : "arrow" }

    package func encode(_ chunks: [Chunk]) throws(StarlingError) -> ArrowBlock {
        try ArrowBatchEncoder.encode(chunks, columns, compression)
    }

    package func begin(
        _ file: any WritableFile
    ) throws(StarlingError) -> any FileAssembler<ArrowBlock> {
        try ArrowAssembler(file, schema: schema, isStream: isStream)
    }
}

extension ArrowBlock: EncodedBlock {}

/// Puts a file or stream together: the schema, the record batches, and where they lie.
final class ArrowAssembler: FileAssembler {
    private static let magic = Array("ARROW1".utf8)

    private let file: any WritableFile
    private let schema: FlatValue
    private let isStream: Bool
    /// Where each batch lies: its place, the bytes of its metadata and of its body.
    private var blocks: [Int64] = []
    private(set) var byteCount = 0

    init(
        _ file: any WritableFile, schema: FlatValue, isStream: Bool
    ) throws(StarlingError) {
        self.file = file
        self.schema = schema
        self.isStream = isStream
        if !isStream { try write(Self.magic + [0, 0]) }
        try writeMessage(ArrowSchema.message(.schema, schema))
    }

    private func write(_ bytes: [UInt8]) throws(StarlingError) {
        try file.write(bytes)
        byteCount += bytes.count
    }

    /// Writes the metadata of a message behind its length.
    private func writeMessage(_ metadata: [UInt8]) throws(StarlingError) {
        try write([0xFF, 0xFF, 0xFF, 0xFF] + Self.bytes(metadata.count) + metadata)
    }

    private static func bytes(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    func append(_ block: ArrowBlock) throws(StarlingError) {
        guard block.rowCount > 0 else { return }
        blocks += [
            Int64(byteCount), Int64(block.metadata.count + 8), Int64(block.bodyByteCount),
        ]
        try writeMessage(block.metadata)
        let pieces = block.body.map {
            UnsafeRawBufferPointer(start: $0.buffer.baseAddress, count: $0.paddedCount)
        }
        defer { withExtendedLifetime(block) {} }
        try file.write(gathered: pieces)
        byteCount += block.bodyByteCount
    }

    func finish() throws(StarlingError) {
        try write([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0])
        if isStream { return }
        let footer = FlatBuilder.message(
            .table([
                0: .short(ArrowSchema.version), 1: schema, 2: .numbers([], width: 3),
                3: .numbers(blocks, width: 3),
            ]))
        try write(footer + Self.bytes(footer.count) + Self.magic)
    }
}
