// The bytes of a stripe in memory, as far as they are asked for. Which streams will be read is
// known beforehand, so that those that lie near each other come with one request.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingTables

/// Lends ranges of a file. Belongs to one reader.
final class StripeBytes {
    private let file: any ReadableFile
    private let context: ScanContext?
    /// What is read at once, ascending.
    private var sections: [(range: Range<Int>, bytes: Buffer?)] = []

    /// True where most ranges won't be read to their ends.
    private let isPartial: Bool
    /// Ranges of which perhaps few bytes will be asked for.
    private var late: [Range<Int>] = []
    private var isSparse = false

    private static let wholeByteCount = 8 << 20
    private static let pieceByteCount = 2 << 20
    private static let partByteCount = 512 << 10
    private static let sparseByteCount = 128 << 10
    /// Reading so much that isn't needed costs less than another request.
    private static let gapByteCount = 32 << 10

    /// `isPartial` says that most ranges won't be read to their ends.
    init(_ file: any ReadableFile, _ context: ScanContext?, isPartial: Bool = false) {
        self.isPartial = isPartial
        self.file = file
        self.context = context
    }

    /// Says that only here and there something will be asked for.
    func readSparsely() { isSparse = true }

    /// Says that all of `ranges` are about to be read, or where they are late, perhaps little.
    func plan(_ ranges: [Range<Int>], isLate: Bool) {
        if isLate { late += ranges }
        let small = ranges.filter { limits(of: $0).whole >= $0.count }
        for range in Self.coalesced(small) { sections.append((range, nil)) }
    }

    /// Tells how long a range is that is read as a whole, and how much is read of longer ones.
    func limits(of range: Range<Int>) -> (whole: Int, piece: Int) {
        if isSparse || late.contains(range) {
            return (Self.sparseByteCount, Self.sparseByteCount)
        }
        if isPartial { return (Self.partByteCount, Self.partByteCount) }
        return (Self.wholeByteCount, Self.pieceByteCount)
    }

    /// Joins ranges that are near each other, as long as the whole does not grow too large.
    private static func coalesced(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = result.last, range.lowerBound - last.upperBound <= gapByteCount,
                range.upperBound - last.lowerBound <= wholeByteCount
            {
                result[result.count - 1] =
                    last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }

    /// Gives the bytes of a range, which must lie in the file, and what keeps them.
    func load(_ range: Range<Int>) throws(ORCDamage) -> (start: UnsafeRawPointer, owner: Buffer) {
        for index in sections.indices {
            let section = sections[index].range
            guard section.lowerBound <= range.lowerBound, range.upperBound <= section.upperBound
            else { continue }
            let bytes: Buffer
            if let known = sections[index].bytes {
                bytes = known
            } else {
                bytes = try read(section)
                sections[index].bytes = bytes
            }
            let start = bytes.baseAddress + (range.lowerBound - section.lowerBound)
            return (UnsafeRawPointer(start), bytes)
        }
        let bytes = try read(range)
        return (UnsafeRawPointer(bytes.baseAddress), bytes)
    }

    private func read(_ range: Range<Int>) throws(ORCDamage) -> Buffer {
        let clock = ContinuousClock.now
        do throws(StarlingError) {
            let bytes = try file.read(range)
            context?.noteRead(range.count, took: ContinuousClock.now - clock)
            return bytes
        } catch {
            throw ORCDamage(error)
        }
    }
}
