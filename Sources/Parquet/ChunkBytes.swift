// The bytes of one column chunk in memory: the whole of it where it is of a usual size, else piece
// by piece; and where it is known which pages are wanted, only the stretches they lie in.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingTables

/// Lends bytes of a column chunk.
final class ChunkBytes {
    let range: Range<Int>
    private let file: any ReadableFile
    private let context: ScanContext
    /// What is in memory.
    private(set) var owner: Buffer?
    private var loaded = 0..<0
    /// The stretches that will be asked for, ascending; nil where all may be.
    private var sections: [Range<Int>]?

    private static let wholeChunkByteCount = 8 << 20
    private static let pieceByteCount = 2 << 20

    init(file: any ReadableFile, range: Range<Int>, context: ScanContext) {
        self.file = file
        self.range = range
        self.context = context
    }

    /// Says that only these stretches of the chunk are wanted; others are read when asked for.
    func expect(_ sections: [Range<Int>]) { self.sections = sections }

    /// Gives the bytes from `offset` on; at least `count` of them.
    func load(_ offset: Int, _ count: Int) throws(ParquetDamage) -> UnsafeRawPointer {
        if let owner, offset >= loaded.lowerBound, offset + count <= loaded.upperBound {
            return UnsafeRawPointer(owner.baseAddress) + (offset - loaded.lowerBound)
        }
        let wanted = piece(at: offset, count)
        if owner == nil || owner!.byteCount < wanted.count || !isKnownUniquelyReferenced(&owner!) {
            owner = Buffer(byteCount: wanted.count)
        }
        do throws(StarlingError) {
            try file.read(wanted, into: owner!.baseAddress)
        } catch {
            loaded = 0..<0
            throw ParquetDamage(error)
        }
        context.bytesRead.wrappingAdd(wanted.count, ordering: .relaxed)
        loaded = wanted
        return UnsafeRawPointer(owner!.baseAddress) + (offset - wanted.lowerBound)
    }

    private func piece(at offset: Int, _ count: Int) -> Range<Int> {
        if let sections {
            let section = sections.first { $0.contains(offset) }
            let end = min(section?.upperBound ?? 0, offset + Self.wholeChunkByteCount)
            return offset..<max(end, offset + count)
        }
        if range.count <= Self.wholeChunkByteCount { return range }
        return offset..<min(range.upperBound, offset + max(count, Self.pieceByteCount))
    }
}
