// UNION ALL: the inputs one after the other, each through its own transforms.

import StarlingErrors
import StarlingThreads
import StarlingVectors

/// Gives the rows of several fragments.
final class UnionSource: Source {
    private let inputs: [Fragment]

    init(_ inputs: [Fragment]) { self.inputs = inputs }

    func prepare(_ execution: QueryExecution) throws(StarlingError) {
        for input in inputs {
            let execution = input.transforms.execution(at: 0) ?? execution
            try input.source.prepare(execution)
        }
    }

    /// Scans know what they leave out; what else gives rows has done its work before.
    var extent: SourceExtent {
        .noted(
            rowCount: inputs.reduce(0) { sum, input in
                guard case .noted(let rowCount) = input.source.extent else { return sum }
                return sum + rowCount
            })
    }

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader {
        Reader(inputs, execution)
    }

    private final class Reader: SourceReader {
        private let inputs: [Fragment]
        private let execution: QueryExecution
        private var position = 0
        private var chain: FragmentReader?

        init(_ inputs: [Fragment], _ execution: QueryExecution) {
            self.inputs = inputs
            self.execution = execution
        }

        func next() throws(StarlingError) -> Chunk? {
            while position < inputs.count {
                if chain == nil { chain = try FragmentReader(inputs[position], execution) }
                if let chunk = try chain?.next() { return chunk }
                chain = nil
                position += 1
            }
            return nil
        }
    }
}

/// Pulls chunks through a fragment's transforms, which push: what comes out waits in a queue.
final class FragmentReader: SourceReader {
    private let reader: any SourceReader
    /// That of the first operator, and that of the union, which are told apart when measured.
    private let execution: QueryExecution
    private let union: QueryExecution
    private let transforms: [any TransformWorker]
    private let queue = Queue()
    private var isExhausted = false

    init(_ fragment: Fragment, _ execution: QueryExecution) throws(StarlingError) {
        if fragment.transforms.contains(where: \.hasRemainder) {
            throw StarlingError(.internal, "a join that gives rows at its end inside of UNION")
        }
        self.execution = fragment.transforms.execution(at: 0) ?? execution
        union = execution
        reader = try fragment.source.makeReader(self.execution)
        transforms = try fragment.transforms.makeWorkers(execution, endingIn: queue)
    }

    func next() throws(StarlingError) -> Chunk? {
        let start = monotonicNanoseconds()
        defer {
            execution.node?.addTime(since: start)
            union.node?.addTime(since: start, sign: -1)
        }
        let first: any ChunkConsumer = transforms.first ?? queue
        while queue.isEmpty, !isExhausted {
            try execution.cancellation.check()
            if !transforms.contains(where: { $0.isFinished }), let chunk = try reader.next() {
                try first.consume(chunk)
            } else {
                isExhausted = true
            }
        }
        return queue.take()
    }

    private final class Queue: ChunkConsumer {
        private var chunks: [Chunk] = []
        private var position = 0

        var isEmpty: Bool { position == chunks.count }

        func consume(_ chunk: Chunk) throws(StarlingError) { chunks.append(chunk) }

        func take() -> Chunk? {
            guard !isEmpty else { return nil }
            defer {
                position += 1
                if position == chunks.count {
                    chunks = []
                    position = 0
                }
            }
            return chunks[position]
        }
    }
}
