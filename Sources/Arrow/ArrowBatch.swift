// Messages of the format: their metadata, and where their bodies lie in the file.

import StarlingErrors
import StarlingFiles
import StarlingMemory

/// Locates one message of a file.
struct ArrowMessage {
    enum Kind: UInt8 {
        case schema = 1
        case dictionary = 2
        case batch = 3
    }

    /// Nil for kinds that tables don't have.
    let kind: Kind?
    let version: ArrowVersion
    let header: FlatTable
    /// The bytes behind the metadata.
    let body: Range<Int>
    /// What the buffers are compressed with where the header doesn't tell.
    let codec: ArrowBatch.Codec?

    /// Reads the message that begins at `start`; nil at the end of the messages.
    init?(_ file: any ReadableFile, at start: Int) throws(StarlingError) {
        guard start <= file.byteCount - 8 else { return nil }
        let head = try file.read(start..<(start + 8))
        let words = head.pointer(to: UInt32.self)
        // Before version 0.15 the length stood alone.
        let isMarked = words[0] == 0xFFFF_FFFF
        let length = Int(isMarked ? words[1] : words[0])
        withExtendedLifetime(head) {}
        guard length > 0 else { return nil }
        let metadata = start + (isMarked ? 8 : 4)
        guard length <= file.byteCount - metadata else {
            throw StarlingError(
                .file, "\(file.path): a message ends behind the file; the file may be cut off")
        }
        let bytes = try file.read(metadata..<(metadata + length))
        let root = try FlatMessage(bytes, path: file.path).root
        let bodyByteCount = try root.number(3, default: Int64(0))
        let bodyStart = metadata + length
        guard bodyByteCount >= 0, bodyByteCount <= file.byteCount - bodyStart else {
            throw StarlingError(
                .file, "\(file.path): a message ends behind the file; the file may be cut off")
        }
        version = try ArrowVersion(root)
        kind = Kind(rawValue: try root.number(1, default: UInt8(0)))
        guard let header = try root.table(2) else {
            throw StarlingError(.file, "\(file.path): a message has no header")
        }
        self.header = header
        body = bodyStart..<(bodyStart + Int(bodyByteCount))
        codec = version == .beforeUnionsLostTheirValidity ? try Self.noted(root) : nil
    }

    /// Reads the codec that Arrow 0.17 noted as a pair of words, before the format had a place.
    private static func noted(_ root: FlatTable) throws(StarlingError) -> ArrowBatch.Codec? {
        for pair in try root.tables(4)
        where try pair.text(0) == "ARROW:experimental_compression" {
            switch try pair.text(1)?.lowercased() {
            case "lz4": return .lz4
            case "zstd": return .zstd
            case "uncompressed": return nil
            default:
                throw root.message.damage("a record batch is compressed with an unknown codec")
            }
        }
        return nil
    }
}

/// Locates the values of a record batch's columns.
struct ArrowBatch: Sendable {
    struct Node: Sendable {
        var rowCount: Int
        var nullCount: Int
    }

    /// The codec that buffers are compressed with; the raw value is the format's code.
    enum Codec: Int8, Sendable {
        case lz4 = 0
        case zstd = 1
    }

    let rowCount: Int
    /// Where the body of its message begins in the file.
    let place: Int
    let nodes: [Node]
    /// Ranges of the file.
    let buffers: [Range<Int>]
    let codec: Codec?
    /// For each column of views the buffers that its values lie in.
    let viewBufferCounts: [Int]

    /// Reads the description of values: a message's header, or a part of it.
    init(_ table: FlatTable, of whole: ArrowMessage) throws(StarlingError) {
        let (message, body) = (table.message, whole.body)
        place = body.lowerBound
        let count = try table.number(0, default: Int64(0))
        guard (0...(1 << 40)).contains(count) else {
            throw message.damage("a record batch has an impossible number of rows")
        }
        rowCount = Int(count)
        nodes = try table.numbers(1, width: 2).map { row in
            Node(rowCount: Int(row[0]), nullCount: Int(row[1]))
        }
        var buffers: [Range<Int>] = []
        for row in try table.numbers(2, width: 2) {
            guard row[0] >= 0, row[1] >= 0, row[0] <= body.count, row[1] <= body.count,
                Int(row[0]) + Int(row[1]) <= body.count
            else { throw message.damage("a record batch refers to bytes outside of its body") }
            let start = body.lowerBound + Int(row[0])
            buffers.append(start..<(start + Int(row[1])))
        }
        self.buffers = buffers
        if let compression = try table.table(3) {
            guard let codec = Codec(rawValue: try compression.number(0, default: Int8(0))) else {
                throw message.damage("a record batch is compressed with an unknown codec")
            }
            self.codec = codec
        } else {
            codec = whole.codec
        }
        viewBufferCounts = try table.numbers(4, width: 1).map { Int($0[0]) }
        guard viewBufferCounts.allSatisfy({ (0...buffers.count).contains($0) }) else {
            throw message.damage("a record batch has an impossible number of buffers")
        }
    }
}
