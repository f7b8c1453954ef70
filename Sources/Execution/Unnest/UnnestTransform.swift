// UNNEST: a row for each element. For a batch of rows to give, the numbers of the rows they come
// from and of their elements are listed first; then every column is gathered by them at once.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingThreads
import StarlingTypes
import StarlingVectors

/// Gives the elements of lists as rows.
final class UnnestTransform: Transform {
    /// The columns of the input that are passed on.
    private let passed: [Int]
    private let lists: [Int]
    private let isOuter: Bool

    init(passed: [Int], lists: [Int], isOuter: Bool) {
        self.passed = passed
        self.lists = lists
        self.isOuter = isOuter
    }

    func makeWorker(
        _ execution: QueryExecution, next: any ChunkConsumer
    ) throws(StarlingError) -> any TransformWorker {
        Worker(self, execution, next)
    }

    private final class Worker: TransformWorker {
        private let transform: UnnestTransform
        private let capacity: Int
        private let cancellation: Cancellation
        private let next: any ChunkConsumer
        /// For each row to give, the row of the input and the place in its lists.
        private let rows: Buffer
        private let places: Buffer
        private let elements: Buffer

        init(
            _ transform: UnnestTransform, _ execution: QueryExecution, _ next: any ChunkConsumer
        ) {
            self.transform = transform
            capacity = execution.options.chunkRowCount
            cancellation = execution.cancellation
            self.next = next
            rows = Buffer(byteCount: capacity * 4)
            places = Buffer(byteCount: capacity * 4)
            elements = Buffer(byteCount: capacity * 4)
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            let lists = transform.lists.map { chunk.columns[$0].flattened() }
            let lengths = lengths(lists, count: chunk.count)
            let longest = lengths.pointer(to: UInt32.self)
            let rows = rows.pointer(to: UInt32.self)
            let places = places.pointer(to: UInt32.self)
            var filled = 0
            for row in 0..<chunk.count {
                var place: UInt32 = 0
                while place < longest[row] {
                    let step = min(Int(longest[row] - place), capacity - filled)
                    for offset in 0..<step {
                        rows[filled &+ offset] = UInt32(truncatingIfNeeded: row)
                        places[filled &+ offset] = place &+ UInt32(truncatingIfNeeded: offset)
                    }
                    filled += step
                    place += UInt32(step)
                    if filled == capacity {
                        try give(filled, of: chunk, lists)
                        filled = 0
                    }
                }
            }
            if filled > 0 { try give(filled, of: chunk, lists) }
            withExtendedLifetime(lengths) {}
        }

        /// Counts the rows that each row gives: the length of its longest list.
        private func lengths(_ lists: [Vector], count: Int) -> Buffer {
            let buffer = Buffer(byteCount: max(4, count * 4))
            let longest = buffer.pointer(to: UInt32.self)
            longest.update(repeating: transform.isOuter ? 1 : 0, count: count)
            for list in lists {
                let ranges = list.pointer(to: ListRange.self)
                for row in 0..<count where list.isValid(row) {
                    longest[row] = max(longest[row], ranges[row].count)
                }
            }
            return buffer
        }

        private func give(
            _ count: Int, of chunk: Chunk, _ lists: [Vector]
        ) throws(StarlingError) {
            // One row's list may be longer than anyone waits for.
            try cancellation.check()
            let rows = UnsafePointer(rows.pointer(to: UInt32.self))
            let places = places.pointer(to: UInt32.self)
            let elements = elements.pointer(to: UInt32.self)
            var columns = transform.passed.map {
                chunk.columns[$0].gathered(by: rows, count: count)
            }
            for list in lists {
                let ranges = list.pointer(to: ListRange.self)
                for index in 0..<count {
                    let row = Int(rows[index])
                    let isThere = list.isValid(row) && places[index] < ranges[row].count
                    elements[index] =
                        isThere ? ranges[row].offset &+ places[index] : missingIndex
                }
                for part in list.children?.vectors ?? [] {
                    columns.append(
                        part.gatheredOrNull(by: UnsafePointer(elements), count: count))
                }
            }
            try next.consume(Chunk(columns: columns, count: count))
        }
    }
}
