// Rows sorted into files by the hash of their keys: a partition of both inputs of a join, or of the
// groups of an aggregation, can be worked on by itself.

import StarlingErrors
import StarlingFiles
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds the spilled chunks of every partition.
package struct SpilledPartitions: Sendable {
    package var chunks: [[SpilledChunk]]

    package init(partitionCount: Int) {
        chunks = Array(repeating: [], count: partitionCount)
    }

    package mutating func append(_ other: SpilledPartitions) {
        for partition in chunks.indices { chunks[partition] += other.chunks[partition] }
    }
}

/// Sorts the rows of one worker into partitions and writes them to its file.
///
/// `@unchecked Sendable`: used by one worker at a time, phases apart by barriers.
package final class SpillPartitioner: @unchecked Sendable {
    package static let partitionBits = 5
    package static let partitionCount = 1 << partitionBits
    /// Hash tables take their slots from the high bits and their tags from the low ones.
    private static let shift: UInt64 = 24

    /// The bits of a hash that decide on the partition.
    package static let partitionMask = UInt64(partitionCount - 1) << shift

    package static func partition(ofHash hash: UInt64) -> Int {
        Int((hash & partitionMask) &>> shift)
    }

    private let file: SpillFile
    private let types: [PhysicalType]
    private var collectors: [[ColumnCollector]]
    private var counts = [Int](repeating: 0, count: partitionCount)
    private var written = SpilledPartitions(partitionCount: partitionCount)
    private let hasher: ColumnHasher
    private let hashes = Buffer(byteCount: chunkCapacity * 8)
    private var selections = (0..<partitionCount).map { _ in Selection() }

    /// Makes a partitioner of chunks with columns of `types`.
    package init(_ types: [PhysicalType], _ execution: QueryExecution) throws(StarlingError) {
        file = try SpillFile(execution)
        self.types = types
        hasher = execution.makeHasher()
        collectors = (0..<Self.partitionCount).map { _ in Self.makeCollectors(types) }
    }

    private static func makeCollectors(_ types: [PhysicalType]) -> [ColumnCollector] {
        types.map { ColumnCollector($0, copiesStrings: true) }
    }

    /// Takes the rows of a chunk; `keys` decide on the partition.
    package func append(_ chunk: Chunk, keys: [Vector]) throws(StarlingError) {
        let hashes = hashes.pointer(to: UInt64.self)
        hasher.hash(keys, count: chunk.count, into: hashes)
        for partition in selections.indices { selections[partition].count = 0 }
        for row in 0..<chunk.count {
            let partition = Self.partition(ofHash: hashes[row])
            selections[partition].rows[selections[partition].count] = UInt16(row)
            selections[partition].count += 1
        }
        for partition in selections.indices where selections[partition].count > 0 {
            let selection = selections[partition]
            if counts[partition] + selection.count > chunkCapacity { try write(partition) }
            for position in types.indices {
                collectors[partition][position].append(
                    chunk.columns[position].gathered(by: selection))
            }
            counts[partition] += selection.count
        }
    }

    /// Writes what is left and returns all chunks.
    package func finish() throws(StarlingError) -> SpilledPartitions {
        for partition in counts.indices { try write(partition) }
        try file.finish()
        return written
    }

    private func write(_ partition: Int) throws(StarlingError) {
        guard counts[partition] > 0 else { return }
        let chunk = Chunk(
            columns: collectors[partition].map { $0.finish() }, count: counts[partition])
        written.chunks[partition].append(try file.append(chunk))
        collectors[partition] = Self.makeCollectors(types)
        counts[partition] = 0
    }
}
