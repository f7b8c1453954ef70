import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingVectors

/// Gives the rows of a set operation, each as often as it is in the result.
package final class SetOperationSource: ReadySource {
    private let operation: SetOperationSink
    private let groups: AggregateSource

    package init(_ operation: SetOperationSink) {
        self.operation = operation
        groups = AggregateSource(operation.aggregation)
    }

    package func makeReader(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SourceReader {
        Reader(operation, try groups.makeReader(execution), execution.options.chunkRowCount)
    }

    private final class Reader: SourceReader {
        private let operation: SetOperationSink
        private let groups: any SourceReader
        private let chunkRowCount: Int
        private let rowBuffer = Buffer(byteCount: chunkCapacity * 4)
        private var chunk: Chunk?
        /// The group to go on with, and how often it has been given.
        private var group = 0
        private var givenCount = 0

        init(_ operation: SetOperationSink, _ groups: any SourceReader, _ chunkRowCount: Int) {
            self.operation = operation
            self.groups = groups
            self.chunkRowCount = chunkRowCount
        }

        func next() throws(StarlingError) -> Chunk? {
            while true {
                if chunk == nil {
                    chunk = try groups.next()
                    (group, givenCount) = (0, 0)
                }
                guard let chunk else { return nil }
                if let result = nextPart(of: chunk) { return result }
                self.chunk = nil
            }
        }

        private func nextPart(of chunk: Chunk) -> Chunk? {
            let rows = rowBuffer.pointer(to: UInt32.self)
            var count = 0
            while group < chunk.count, count < chunkRowCount {
                let total = multiplicity(chunk, group)
                let taken = min(total - givenCount, chunkRowCount - count)
                for place in count..<(count + taken) { rows[place] = UInt32(group) }
                count += taken
                givenCount += taken
                if givenCount == total { (group, givenCount) = (group + 1, 0) }
            }
            guard count > 0 else { return nil }
            let columns = chunk.columns.prefix(operation.columnCount).map {
                $0.gathered(by: rows, count: count)
            }
            return Chunk(columns: columns, count: count)
        }

        private func multiplicity(_ chunk: Chunk, _ row: Int) -> Int {
            guard chunk.columns.count > operation.columnCount else { return 1 }
            let left = chunk.columns[operation.columnCount].pointer(to: Int64.self)[row]
            let right = chunk.columns[operation.columnCount + 1].pointer(to: Int64.self)[row]
            return operation.multiplicity(left: Int(left), right: Int(right))
        }
    }
}
