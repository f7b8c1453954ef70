// Transforms that compute nothing: columns in another order, in wider types, or just counted.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Gives columns by position.
final class ProjectTransform: Transform {
    private let positions: [Int]

    init(_ positions: [Int]) { self.positions = positions }

    func makeWorker(
        _ execution: QueryExecution, next: any ChunkConsumer
    ) throws(StarlingError) -> any TransformWorker {
        Worker(positions, next)
    }

    private final class Worker: TransformWorker {
        private let positions: [Int]
        private let next: any ChunkConsumer

        init(_ positions: [Int], _ next: any ChunkConsumer) {
            self.positions = positions
            self.next = next
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            try next.consume(chunk.projected(to: positions))
        }
    }
}

/// Gives columns by position in given types.
final class WidenTransform: Transform {
    private let positions: [Int]
    private let types: [PhysicalType]

    init(_ positions: [Int], _ types: [PhysicalType]) {
        self.positions = positions
        self.types = types
    }

    func makeWorker(
        _ execution: QueryExecution, next: any ChunkConsumer
    ) throws(StarlingError) -> any TransformWorker {
        Worker(positions, types, next)
    }

    private final class Worker: TransformWorker {
        private let positions: [Int]
        private let types: [PhysicalType]
        private let next: any ChunkConsumer

        init(_ positions: [Int], _ types: [PhysicalType], _ next: any ChunkConsumer) {
            self.positions = positions
            self.types = types
            self.next = next
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            var columns: [Vector] = []
            for (position, type) in zip(positions, types) {
                let column = chunk.columns[position]
                columns.append(
                    column.physicalType == type ? column : column.withIntegerLayout(type))
            }
            try next.consume(Chunk(columns: columns, count: chunk.count))
        }
    }
}
