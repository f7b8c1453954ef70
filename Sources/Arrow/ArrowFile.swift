// One file or stream: its schema and where its batches lie. A file has a footer that tells; in a
// stream the messages are passed over once, without reading their bodies.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingTables
import StarlingTypes

/// Holds an opened file.
package final class ArrowFile: PartedFile, Sendable {
    let file: any ReadableFile
    let fields: [ArrowField]
    package let columns: [TableColumn]
    /// The first node of each column.
    private let nodePositions: [Int]
    private let batches: [ArrowBatch]
    let dictionaries: ArrowDictionaries

    package var path: String { file.path }
    package var instants: [InstantPlaces] { fields.map(\.instants) }

    static let magic = Array("ARROW1".utf8)

    package init(_ file: any ReadableFile) throws(StarlingError) {
        self.file = file
        let contents = try Self.hasFooter(file) ? Self.readFooter(file) : Self.readStream(file)
        guard let schema = contents.schema else {
            throw StarlingError(.file, "\(file.path): there is no schema")
        }
        guard try schema.number(0, default: Int16(0)) == 0 else {
            throw StarlingError(.unsupported, "\(file.path): its numbers are big-endian")
        }
        var room = schema.message.bytes.byteCount / 8
        var fields: [ArrowField] = []
        for table in try schema.tables(1) {
            fields.append(try ArrowField(table, contents.version, room: &room))
        }
        self.fields = fields
        nodePositions = fields.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.nodeCount) }
        columns = fields.map {
            TableColumn(name: $0.name, type: $0.type, isNullable: $0.isNullable)
        }
        batches = contents.batches
        dictionaries = ArrowDictionaries(file, contents.dictionaries)
        for batch in batches { try Self.check(batch, fields, file) }
    }

    /// Tells whether the file's first bytes are those of a file or of a stream.
    package static func recognizes(_ start: [UInt8]) -> Bool {
        if start.starts(with: magic) { return true }
        guard start.count >= 16, start.starts(with: [0xFF, 0xFF, 0xFF, 0xFF]) else { return false }
        // A schema's message is a multiple of 8 bytes, and its root lies near its beginning.
        return start[4] % 8 == 0 && start[7] == 0 && start[9] == 0 && start[10] == 0
    }

    package var parts: [any TablePart] {
        var firstRow = 0
        return batches.filter { $0.rowCount > 0 }.map { batch in
            defer { firstRow += batch.rowCount }
            return ArrowPart(file: self, batch: batch, firstRow: firstRow)
        }
    }

    package var statistics: TableStatistics {
        TableStatistics(
            rowCount: batches.reduce(0) { $0 + $1.rowCount },
            columns: fields.indices.map { position in
                let node = nodePosition(ofColumn: position)
                let counts = batches.compactMap { nullCount($0, node, fields[position]) }
                return ColumnStatistics(
                    nullCount: counts.count == batches.count ? counts.reduce(0, +) : nil)
            })
    }

    /// The first node of a column.
    func nodePosition(ofColumn column: Int) -> Int { nodePositions[column] }

    /// Counts a column's NULLs; nil where a dictionary or runs may hold more.
    func nullCount(_ batch: ArrowBatch, _ node: Int, _ field: ArrowField) -> Int? {
        if field.dictionary != nil || field.storage == .runs { return nil }
        return field.storage == .nothing ? batch.rowCount : batch.nodes[node].nullCount
    }

    // MARK: Opening

    private struct Contents {
        var schema: FlatTable?
        var batches: [ArrowBatch] = []
        var dictionaries: [ArrowMessage] = []
        /// That of the batches: footers bear the writer's newest one.
        private(set) var version = ArrowVersion.current

        mutating func addBatch(_ message: ArrowMessage) throws(StarlingError) {
            guard batches.isEmpty || message.version == version else {
                throw message.header.message.damage("the versions of its messages differ")
            }
            version = message.version
            batches.append(try ArrowBatch(message.header, of: message))
        }
    }

    private static func hasFooter(_ file: any ReadableFile) throws(StarlingError) -> Bool {
        guard file.byteCount >= 6 else { return false }
        let start = try file.read(0..<6)
        defer { withExtendedLifetime(start) {} }
        return [UInt8](UnsafeRawBufferPointer(start: start.baseAddress, count: 6)) == magic
    }

    private static func readFooter(
        _ file: any ReadableFile
    ) throws(StarlingError) -> Contents {
        func damage(_ message: String) -> StarlingError {
            StarlingError(.file, "\(file.path): \(message)")
        }
        let size = file.byteCount
        guard size >= 8 + 4 + 6 else { throw damage("the file is too short to be Arrow") }
        let tail = try file.read((size - 10)..<size)
        let length = Int(Int32(littleEndian: tail.baseAddress.loadUnaligned(as: Int32.self)))
        let end = [UInt8](UnsafeRawBufferPointer(start: tail.baseAddress + 4, count: 6))
        withExtendedLifetime(tail) {}
        guard end == magic else {
            throw damage("the file does not end as Arrow does; it may be cut off")
        }
        guard length > 0, length <= size - 18 else {
            throw damage("the footer's length is impossible")
        }
        let bytes = try file.read((size - 10 - length)..<(size - 10))
        let footer = try FlatMessage(bytes, path: file.path).root
        var contents = Contents(schema: try footer.table(1))
        for block in try footer.numbers(2, width: 3) {
            guard let message = try message(file, block), message.kind == .dictionary else {
                throw damage("the footer refers to a dictionary that is none")
            }
            contents.dictionaries.append(message)
        }
        for block in try footer.numbers(3, width: 3) {
            guard let message = try message(file, block), message.kind == .batch else {
                throw damage("the footer refers to a record batch that is none")
            }
            try contents.addBatch(message)
        }
        return contents
    }

    private static func message(
        _ file: any ReadableFile, _ block: [Int64]
    ) throws(StarlingError) -> ArrowMessage? {
        guard block[0] >= 0, block[0] <= file.byteCount else { return nil }
        return try ArrowMessage(file, at: Int(block[0]))
    }

    private static func readStream(
        _ file: any ReadableFile
    ) throws(StarlingError) -> Contents {
        var contents = Contents()
        var place = 0
        while let message = try ArrowMessage(file, at: place) {
            switch message.kind {
            case .schema: contents.schema = contents.schema ?? message.header
            case .dictionary: contents.dictionaries.append(message)
            case .batch: try contents.addBatch(message)
            case nil: break
            }
            place = message.body.upperBound
        }
        return contents
    }

    private static func check(
        _ batch: ArrowBatch, _ fields: [ArrowField], _ file: any ReadableFile
    ) throws(StarlingError) {
        let nodeCount = fields.reduce(0) { $0 + $1.nodeCount }
        let viewCount = fields.reduce(0) { $0 + $1.viewCount }
        let bufferCount =
            fields.reduce(0) { $0 + $1.totalBufferCount }
            + batch.viewBufferCounts.reduce(0, +)
        guard batch.nodes.count >= nodeCount, batch.viewBufferCounts.count >= viewCount,
            batch.buffers.count >= bufferCount
        else {
            throw StarlingError(
                .file, "\(file.path): a record batch has less than the schema's columns")
        }
        var node = 0
        for field in fields {
            let found = batch.nodes[node]
            guard found.rowCount == batch.rowCount, (0...batch.rowCount).contains(found.nullCount)
            else {
                throw StarlingError(
                    .file, "\(file.path): column \(field.name) contradicts its record batch")
            }
            node += field.nodeCount
        }
    }
}
