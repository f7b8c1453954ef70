// One file: a header, and blocks of rows, each behind their number and size. Blocks are found by
// going from one to the next without reading them, which also counts the rows.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingMemory
import StarlingTables
import StarlingTypes

/// Locates a block.
struct AvroBlock: Sendable {
    /// The bytes of the file that hold its rows, perhaps compressed.
    var bytes: Range<Int>
    var rowCount: Int
    /// The number of its first row in the file.
    var firstRow: Int

    /// The number of the row behind its last.
    var endRow: Int { firstRow + rowCount }
}

/// Holds an opened file.
package final class AvroFile: PartedFile, Sendable {
    let file: any ReadableFile
    let codec: AvroCodec
    /// The types of the columns.
    let nodes: [AvroNode]
    let definitions: [AvroNode]
    package let columns: [TableColumn]
    let blocks: [AvroBlock]
    private let partByteCount: Int

    package var path: String { file.path }

    /// Opens a file; parts have about as many bytes as its size suggests, or as many as are given.
    package init(
        _ file: any ReadableFile, partByteCount: Int? = nil
    ) throws(StarlingError) {
        let header = try AvroHeader.read(file)
        self.file = file
        codec = header.codec
        let schema = header.schema.root
        definitions = header.schema.definitions
        var names = ["value"]
        if case .record = schema.form, schema.nullBranch == nil {
            names = schema.names
            nodes = schema.children
        } else {
            nodes = [schema]
        }
        columns = zip(names, nodes).map { name, node in
            TableColumn(name: name, type: node.type, isNullable: node.isNullable)
        }
        var walk = AvroBlockWalk(file, header)
        blocks = try walk.blocks()
        self.partByteCount =
            partByteCount ?? min(max(file.byteCount / 16, 1 << 18), 1 << 20)
    }

    package var statistics: TableStatistics {
        TableStatistics(
            rowCount: blocks.last?.endRow ?? 0, columns: columns.map { _ in ColumnStatistics() })
    }

    package var instants: [InstantPlaces] { nodes.map(\.instants) }

    package var parts: [any TablePart] {
        var parts: [AvroPart] = []
        var first = 0
        for (number, block) in blocks.enumerated() {
            let end = number + 1
            let byteCount = block.bytes.upperBound - blocks[first].bytes.lowerBound
            if byteCount >= partByteCount || end == blocks.count {
                parts.append(AvroPart(file: self, blocks: first..<end))
                first = end
            }
        }
        return parts
    }
}

/// Goes through a file from block to block.
private struct AvroBlockWalk {
    /// Holds the heads of many blocks that are small, and is read for nothing where they are not.
    private static let readByteCount = 4_096

    private let file: any ReadableFile
    private let header: AvroHeader
    private var place: Int
    private var bytes: Buffer
    private var range = 0..<0

    init(_ file: any ReadableFile, _ header: AvroHeader) {
        self.file = file
        self.header = header
        place = header.end
        bytes = Buffer(byteCount: Self.readByteCount)
    }

    mutating func blocks() throws(StarlingError) -> [AvroBlock] {
        var blocks: [AvroBlock] = []
        var rowCount = 0
        while place < file.byteCount {
            let block = try next(firstRow: rowCount)
            if block.rowCount > 0 { blocks.append(block) }
            rowCount += block.rowCount
        }
        return blocks
    }

    private mutating func next(firstRow: Int) throws(StarlingError) -> AvroBlock {
        let start = place
        func damage(_ what: String) -> StarlingError {
            StarlingError(.file, "\(file.path): the block at byte \(start) \(what)")
        }
        try load(20)
        var cursor = AvroCursor(bytes, byteCount: range.count, from: start - range.lowerBound)
        let count: Int
        let byteCount: Int
        do throws(AvroCursor.Fault) {
            count = try cursor.long()
            byteCount = try cursor.long()
        } catch {
            if case .damage(let what) = error { throw damage(what) }
            throw damage("ends early; the file may be cut off")
        }
        let data = range.lowerBound + cursor.place
        guard byteCount >= 0, byteCount <= file.byteCount - data - AvroHeader.markerByteCount
        else { throw damage("ends behind the file; the file may be cut off") }
        guard count >= 0, count <= countMax(byteCount), firstRow + count <= 1 << 48 else {
            throw damage("has an impossible number of rows")
        }
        place = data + byteCount
        try load(AvroHeader.markerByteCount + 20)
        var end = AvroCursor(bytes, byteCount: range.count, from: place - range.lowerBound)
        guard let marker = try? end.bytes(AvroHeader.markerByteCount), marker == header.marker
        else { throw damage("is not followed by the file's marker") }
        place += AvroHeader.markerByteCount
        return AvroBlock(
            bytes: data..<(data + byteCount), rowCount: count, firstRow: firstRow)
    }

    /// The most rows that so many bytes can hold.
    private func countMax(_ byteCount: Int) -> Int {
        let least = header.schema.root.byteCountMin
        // Rows of nothing but nulls have no bytes.
        guard least > 0 else { return 1 << 24 }
        let slack = header.codec == .none ? 0 : 64
        return (min(byteCount, 1 << 40) + slack) * header.codec.growthMax / least
    }

    /// Reads what stands at the place, where it isn't there from the last time.
    private mutating func load(_ count: Int) throws(StarlingError) {
        let end = min(place + count, file.byteCount)
        guard place < range.lowerBound || end > range.upperBound else { return }
        range = place..<min(place + Self.readByteCount, file.byteCount)
        try file.read(range, into: bytes.baseAddress)
    }
}
