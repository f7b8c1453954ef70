// Small chunks, as a selective filter leaves them, would each keep alive what they were read from: a
// block of rows all the pages that they were among. So they are joined, with their texts copied.

import StarlingKernels
import StarlingVectors

/// Joins small chunks for one worker; large ones stay as they are.
struct ChunkPacker {
    private static let smallRowCount = chunkCapacity / 4
    private static let dictionaryCountMax = 1_024

    private var collectors: [ColumnCollector] = []
    private var rowCount = 0

    /// Adds a chunk, and returns those that have become large.
    mutating func add(_ chunk: Chunk) -> [Chunk] {
        guard chunk.count < Self.smallRowCount else { return full() + [chunk] }
        var result: [Chunk] = []
        if rowCount + chunk.count > chunkCapacity || !fits(chunk) { result = full() }
        if rowCount == 0 {
            collectors = chunk.columns.map {
                ColumnCollector(
                    $0.physicalType, copiesStrings: true,
                    dictionaryCountMax: Self.dictionaryCountMax)
            }
        }
        for position in collectors.indices { collectors[position].append(chunk.columns[position]) }
        rowCount += chunk.count
        return result
    }

    /// Returns what was gathered so far.
    mutating func takeRest() -> Chunk? {
        guard rowCount > 0 else { return nil }
        defer { rowCount = 0 }
        return Chunk(columns: collectors.map { $0.finish() }, count: rowCount)
    }

    private mutating func full() -> [Chunk] { takeRest().map { [$0] } ?? [] }

    private func fits(_ chunk: Chunk) -> Bool {
        zip(collectors, chunk.columns).allSatisfy { $0.physicalType == $1.physicalType }
    }
}
