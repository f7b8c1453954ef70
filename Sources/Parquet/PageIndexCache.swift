// The page indexes of a file, read when they are first asked for and kept with the footer.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingTables
import Synchronization

/// Reads and keeps the page indexes of one file.
final class PageIndexCache: Sendable {
    struct Chunk: Hashable {
        var rowGroup: Int
        var leaf: Int
    }

    private struct Entry {
        var layout: PageLayout?
        var zones: [Zone]?
        var hasZones = false
    }

    private let entries = Mutex<[Chunk: Entry]>([:])
    private static let byteCountMax = 64 << 20

    /// Returns the pages of a chunk; nil where the file doesn't say or contradicts itself.
    func layout(
        _ key: Chunk, of metadata: RowGroupMetadata, in file: any ReadableFile
    ) throws(StarlingError) -> PageLayout? {
        if let known = entries.withLock({ $0[key] }) { return known.layout }
        let chunk = metadata.columns[key.leaf]
        var layout: PageLayout?
        if let section = chunk.offsetIndex, !chunk.isEncrypted, let range = chunk.byteRange,
            let index: OffsetIndexMetadata = try Self.read(section, file)
        {
            layout = PageLayout(index.locations, rowCount: metadata.rowCount, chunk: range)
        }
        entries.withLock { $0[key] = Entry(layout: layout) }
        return layout
    }

    /// Returns the pages of a chunk with their statistics.
    func zones(
        _ key: Chunk, of metadata: RowGroupMetadata, bounds: BoundReader,
        in file: any ReadableFile
    ) throws(StarlingError) -> [Zone]? {
        let chunk = metadata.columns[key.leaf]
        guard let section = chunk.columnIndex, !chunk.isEncrypted,
            let layout = try layout(key, of: metadata, in: file)
        else { return nil }
        if let known = entries.withLock({ $0[key] }), known.hasZones { return known.zones }
        var zones: [Zone]?
        if let index: ColumnIndexMetadata = try Self.read(section, file) {
            zones = index.zones(layout, bounds)
        }
        entries.withLock { $0[key] = Entry(layout: layout, zones: zones, hasZones: true) }
        return zones
    }

    /// Reads a structure of the file; nil where it is none.
    private static func read<Index: ThriftStructure>(
        _ section: FileSection, _ file: any ReadableFile
    ) throws(StarlingError) -> Index? {
        guard let count = section.byteCount, count > 0, count <= byteCountMax,
            section.offset >= 4, count <= file.byteCount,
            section.offset <= file.byteCount - count
        else { return nil }
        let bytes = try file.read(section.offset..<(section.offset + count))
        defer { withExtendedLifetime(bytes) {} }
        var reader = ThriftReader(
            UnsafeRawBufferPointer(start: bytes.baseAddress, count: bytes.byteCount))
        return try? Index(&reader)
    }
}
