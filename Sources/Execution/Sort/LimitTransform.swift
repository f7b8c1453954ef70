// LIMIT and OFFSET without an order: all workers count in one counter, and the source ends as soon
// as the rows are there.

import StarlingErrors
import StarlingVectors
import Synchronization

/// Counts the rows that a limit has seen, on all workers.
package final class LimitCounter: Sendable {
    let offset: Int
    /// The first row that is too many.
    let end: Int
    private let seen = Atomic<Int>(0)

    package init(limit: Int?, offset: Int) {
        self.offset = offset
        let (end, overflow) = offset.addingReportingOverflow(limit ?? .max)
        self.end = overflow ? .max : end
    }

    package var isReached: Bool { seen.load(ordering: .relaxed) >= end }

    /// Numbers `count` more rows and returns which of them are wanted.
    func take(_ count: Int) -> Range<Int> {
        let first = seen.wrappingAdd(count, ordering: .relaxed).oldValue
        let start = min(count, max(0, offset - first))
        return start..<max(start, min(count, end - first))
    }
}

/// Lets the rows between an offset and a limit through.
package final class LimitTransform: Transform {
    private let counter: LimitCounter

    package init(_ counter: LimitCounter) { self.counter = counter }

    package func makeWorker(
        _ execution: QueryExecution, next: any ChunkConsumer
    ) throws(StarlingError) -> any TransformWorker {
        Worker(counter, next)
    }

    private final class Worker: TransformWorker {
        private let counter: LimitCounter
        private let next: any ChunkConsumer

        init(_ counter: LimitCounter, _ next: any ChunkConsumer) {
            self.counter = counter
            self.next = next
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            guard !counter.isReached else { return }
            let range = counter.take(chunk.count)
            if range.isEmpty { return }
            try next.consume(chunk.rows(range))
        }
    }
}

/// Ends a source as soon as a limit further on has all its rows.
package final class LimitedSource: Source {
    private let source: any Source
    private let counter: LimitCounter

    package init(_ source: any Source, _ counter: LimitCounter) {
        self.source = source
        self.counter = counter
    }

    package func prepare(_ execution: QueryExecution) throws(StarlingError) {
        try source.prepare(execution)
    }

    package var extent: SourceExtent { source.extent }

    package func makeReader(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SourceReader {
        Reader(try source.makeReader(execution), counter)
    }

    private final class Reader: SourceReader {
        private let reader: any SourceReader
        private let counter: LimitCounter

        init(_ reader: any SourceReader, _ counter: LimitCounter) {
            self.reader = reader
            self.counter = counter
        }

        func next() throws(StarlingError) -> Chunk? {
            counter.isReached ? nil : try reader.next()
        }
    }
}

extension Chunk {
    /// Returns consecutive rows, sharing the memory where they begin at a multiple of 64.
    func rows(_ range: Range<Int>) -> Chunk {
        if range.count == count { return self }
        if range.lowerBound % 64 == 0 {
            let vectors = columns.map { $0.slice(from: range.lowerBound, count: range.count) }
            return Chunk(columns: vectors, count: range.count)
        }
        return Chunk(columns: columns.map { $0.shifted(to: range) }, count: range.count)
    }
}

extension Vector {
    /// Returns rows whose validity does not begin at a word, by moving its bits.
    fileprivate func shifted(to range: Range<Int>) -> Vector {
        guard !isConstant else { return slice(from: 0, count: range.count) }
        var result = self
        result.count = range.count
        result.byteOffset +=
            range.lowerBound * (dictionary == nil ? physicalType.byteWidth : 4)
        if validity != nil {
            let mask = Validity(count: range.count, allValid: true)
            for row in 0..<range.count where !isValid(range.lowerBound + row) { mask.setNull(row) }
            result.validity = mask
        }
        if physicalType == .structure {
            result.children = children.map {
                NestedVectors($0.vectors.map { $0.shifted(to: range) })
            }
        }
        return result
    }
}
