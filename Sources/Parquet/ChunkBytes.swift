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
    /// How much is read beyond what is asked for, in a late column; nil for all that is wanted.
    private var readAhead: Int?

    private static let wholeChunkByteCount = 8 << 20
    private static let pieceByteCount = 2 << 20
    /// So few bytes are read at once even if most of them may not be needed.
    private static let smallChunkByteCount = 128 << 10

    init(file: any ReadableFile, range: Range<Int>, context: ScanContext) {
        self.file = file
        self.range = range
        self.context = context
    }

    /// Says that only these stretches of the chunk are wanted; others are read when asked for.
    /// Where the column is late, no more is read than is asked for, until it turns out that one
    /// page after the other is.
    func expect(_ sections: [Range<Int>], isLate: Bool) {
        self.sections = sections
        readAhead = isLate && range.count > Self.smallChunkByteCount ? 0 : nil
    }

    /// Gives the bytes from `offset` on; at least `count` of them.
    func load(_ offset: Int, _ count: Int) throws(ParquetDamage) -> UnsafeRawPointer {
        if let owner, offset >= loaded.lowerBound, offset + count <= loaded.upperBound {
            return UnsafeRawPointer(owner.baseAddress) + (offset - loaded.lowerBound)
        }
        let wanted = piece(at: offset, count)
        if owner == nil || owner!.byteCount < wanted.count || !isKnownUniquelyReferenced(&owner!) {
            owner = Buffer(byteCount: wanted.count)
        }
        let start = ContinuousClock.now
        do throws(StarlingError) {
            try file.read(wanted, into: owner!.baseAddress)
        } catch {
            loaded = 0..<0
            throw ParquetDamage(error)
        }
        context.noteRead(wanted.count, took: ContinuousClock.now - start)
        loaded = wanted
        return UnsafeRawPointer(owner!.baseAddress) + (offset - wanted.lowerBound)
    }

    private func piece(at offset: Int, _ count: Int) -> Range<Int> {
        if let sections {
            let section = sections.first { $0.contains(offset) }
            if let before = readAhead {
                readAhead = offset == loaded.upperBound ? max(64 << 10, before * 2) : 0
            }
            let limit = readAhead.map { count + $0 } ?? Self.wholeChunkByteCount
            let end = min(section?.upperBound ?? 0, offset + min(limit, Self.wholeChunkByteCount))
            return offset..<max(end, offset + count)
        }
        if range.count <= Self.wholeChunkByteCount { return range }
        return offset..<min(range.upperBound, offset + max(count, Self.pieceByteCount))
    }
}
