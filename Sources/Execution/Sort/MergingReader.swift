// Merges sorted runs while they are read, for sorts that memory cannot hold: of each run one chunk
// is there at a time. Cursors lie in a binary heap, the one with the first row on top.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Gives the rows of several sorted runs in order.
final class MergingReader: SourceReader {
    /// Holds the rows that an output chunk takes from one chunk of a run.
    private struct Taken {
        var chunk: Chunk
        var rows: [UInt32]
        /// Where each of the rows goes.
        var places: [UInt32]
    }

    private var heap: [RunCursor] = []
    private var runs: [RunSource]
    private let layout: SortKeyLayout
    private let types: [PhysicalType]
    private let chunkRowCount: Int
    private var rowsToPassOver: Int
    private var rowsLeft: Int

    init(
        _ runs: [RunSource], _ layout: SortKeyLayout, types: [PhysicalType], offset: Int,
        limit: Int, chunkRowCount: Int
    ) {
        self.runs = runs
        self.layout = layout
        self.types = types
        self.chunkRowCount = chunkRowCount
        rowsToPassOver = offset
        rowsLeft = limit
    }

    func next() throws(StarlingError) -> Chunk? {
        try openRuns()
        while rowsToPassOver > 0, !heap.isEmpty {
            rowsToPassOver -= 1
            heap[0].advance()
            if heap[0].isAtChunkEnd { try renewFirst() }
            sink(0)
        }
        var taken: [Taken] = []
        var openTaken: [ObjectIdentifier: Int] = [:]
        var count = 0
        while count < min(chunkRowCount, rowsLeft), let first = heap.first {
            let identity = ObjectIdentifier(first)
            var number = openTaken[identity] ?? -1
            if number < 0 {
                number = taken.count
                taken.append(Taken(chunk: first.chunk, rows: [], places: []))
                openTaken[identity] = number
            }
            taken[number].rows.append(UInt32(first.row))
            taken[number].places.append(UInt32(count))
            count += 1
            first.advance()
            if first.isAtChunkEnd {
                openTaken[identity] = nil
                try renewFirst()
            }
            sink(0)
        }
        rowsLeft -= count
        return count > 0 ? assemble(taken, count: count) : nil
    }

    private func openRuns() throws(StarlingError) {
        for run in runs {
            let cursor = RunCursor(run, layout)
            if try cursor.loadChunk() { heap.append(cursor) }
        }
        if !runs.isEmpty {
            for position in (0..<(heap.count / 2)).reversed() { sink(position) }
        }
        runs = []
    }

    /// Loads the first cursor's next chunk, or drops the cursor.
    private func renewFirst() throws(StarlingError) {
        if try heap[0].loadChunk() { return }
        heap[0] = heap[heap.count - 1]
        heap.removeLast()
    }

    /// Lets a cursor sink to its place in the heap.
    private func sink(_ start: Int) {
        var position = start
        while true {
            var first = position
            for child in [2 * position + 1, 2 * position + 2] where child < heap.count {
                if heap[child].isBefore(heap[first]) { first = child }
            }
            if first == position { return }
            heap.swapAt(first, position)
            position = first
        }
    }

    /// Gathers what was taken from each chunk and brings it into order.
    private func assemble(_ taken: [Taken], count: Int) -> Chunk {
        var collectors = types.map { ColumnCollector($0) }
        let order = Buffer(byteCount: count * 4)
        let sources = order.pointer(to: UInt32.self)
        var collected: UInt32 = 0
        for part in taken {
            for place in part.places {
                sources[Int(place)] = collected
                collected += 1
            }
            part.rows.withUnsafeBufferPointer { rows in
                for column in types.indices {
                    collectors[column].append(
                        part.chunk.columns[column].gathered(
                            by: rows.baseAddress.unsafelyUnwrapped, count: rows.count))
                }
            }
        }
        let columns = collectors.map { collector in
            collector.finish().gathered(by: sources, count: count)
        }
        return Chunk(columns: columns, count: count)
    }
}
