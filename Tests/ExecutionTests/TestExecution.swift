// What the tests of operators share: an execution without a database, a source over literal rows
// and a sink that collects them.

import StarlingErrors
import StarlingExecution
import StarlingFunctions
import StarlingMemory
import StarlingTestSupport
import StarlingThreads
import StarlingTypes
import StarlingVectors
import Synchronization

/// Describes the circumstances an operator is tested under.
struct Circumstances: CustomStringConvertible {
    var workers: Int
    var chunkRowCount: Int
    var forcesSpill = false
    var hashesAreZero = false

    var description: String {
        "workers \(workers), chunks of \(chunkRowCount), spill \(forcesSpill), zero \(hashesAreZero)"
    }

    static let all = [1, 2].flatMap { workers in
        [7, chunkCapacity].map { Circumstances(workers: workers, chunkRowCount: $0) }
    }

    static let allWithSpill =
        all
        + all.map {
            Circumstances(
                workers: $0.workers, chunkRowCount: $0.chunkRowCount, forcesSpill: true)
        }

    static func allWithSpill(hashesAreZero: Bool) -> [Circumstances] {
        allWithSpill.map {
            var circumstances = $0
            circumstances.hashesAreZero = hashesAreZero
            return circumstances
        }
    }

    func makeExecution(byteLimit: Int = 1 << 30) -> QueryExecution {
        QueryExecution(
            pool: WorkerPool(workerCount: workers), cancellation: Cancellation(),
            budget: MemoryBudget(byteLimit: byteLimit, settingName: "query_mem_limit"),
            session: SessionValues(statementTime: 0),
            options: ExecutionOptions(
                chunkRowCount: chunkRowCount, forcesSpill: forcesSpill,
                spillFolder: temporaryFolder(), hashesAreZero: hashesAreZero))
    }
}

/// Gives literal rows in chunks.
final class RowsSource: ReadySource {
    private let chunks: [Chunk]
    private let counter = SharedCounter()

    init(_ chunks: [Chunk]) { self.chunks = chunks }

    /// Cuts rows into chunks whose string columns are flat or, every other chunk, dictionaries.
    init(_ rows: [[Value]], _ types: [PhysicalType], chunkRowCount: Int) {
        chunks = stride(from: 0, to: rows.count, by: chunkRowCount).map { start in
            let part = rows[start..<min(rows.count, start + chunkRowCount)]
            let isOdd = (start / chunkRowCount) % 2 == 1
            return Chunk(
                columns: types.indices.map { column in
                    let values = part.map { $0[column] }
                    return isOdd && types[column] == .string
                        ? Vector(dictionaryOf: values) : Vector(types[column], values: values)
                }, count: part.count)
        }
    }

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader {
        Reader(self)
    }

    private final class Reader: SourceReader {
        let source: RowsSource
        init(_ source: RowsSource) { self.source = source }

        func next() throws(StarlingError) -> Chunk? {
            let position = source.counter.next()
            return position < source.chunks.count ? source.chunks[position] : nil
        }
    }
}

extension Vector {
    /// Makes a dictionary-encoded vector of strings.
    init(dictionaryOf values: [Value]) {
        var distinct: [Value] = []
        var codes: [Value: UInt32] = [:]
        let buffer = Buffer(byteCount: values.count * 4)
        let validity = values.contains(.null) ? Validity(count: values.count, allValid: true) : nil
        for (row, value) in values.enumerated() {
            if value.isNull {
                validity!.setNull(row)
                buffer.pointer(to: UInt32.self)[row] = 0
                continue
            }
            let code = codes[value] ?? UInt32(distinct.count)
            if Int(code) == distinct.count {
                distinct.append(value)
                codes[value] = code
            }
            buffer.pointer(to: UInt32.self)[row] = code
        }
        if distinct.isEmpty { distinct = [.text("")] }
        self.init(
            codes: buffer,
            of: VectorDictionary(values: Vector(.string, values: distinct), isSorted: false),
            count: values.count, validity: validity)
    }
}

/// Keeps the rows that reach it, in the order of their arrival.
final class CollectingSink: Sink {
    private let collected = Mutex<[[Value]]>([])

    var rows: [[Value]] { collected.withLock { $0 } }

    func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker {
        Worker(self)
    }

    func combine(_ execution: QueryExecution) throws(StarlingError) {}

    private final class Worker: SinkWorker {
        let sink: CollectingSink
        init(_ sink: CollectingSink) { self.sink = sink }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            precondition(chunk.count > 0 && chunk.columns.allSatisfy { $0.count == chunk.count })
            let rows = (0..<chunk.count).map { row in chunk.columns.map { $0.value(at: row) } }
            sink.collected.withLock { $0 += rows }
        }

        func finish() throws(StarlingError) {}
    }
}

extension SeededGenerator {
    /// Returns a value of a type: NULL one time in eight, often a duplicate where `isNarrow`.
    mutating func value(_ type: PhysicalType, isNarrow: Bool, nulls: Bool = true) -> Value {
        if nulls, UInt8.random(in: 0..<8, using: &self) == 0 { return .null }
        switch type {
        case .float32, .float64:
            let special: [Double] = [-0.0, 0, .infinity, -.infinity, .nan]
            if UInt8.random(in: 0..<8, using: &self) == 0 {
                return .floating(special.randomElement(using: &self)!)
            }
            let value =
                isNarrow
                ? Double(Int.random(in: -3...3, using: &self))
                : Double(Float.random(in: -1e6...1e6, using: &self))
            return .floating(value)
        case .string:
            let texts = ["", "a", "a\0", "ab", "abcdefgh", "abcdefghi", "abcdefghijklmnop"]
            if isNarrow { return .text(texts.randomElement(using: &self)!) }
            let count = Int.random(in: 0...40, using: &self)
            return .bytes((0..<count).map { _ in UInt8.random(in: 97...99, using: &self) })
        default:
            let bounds = type.integerBounds!
            if isNarrow { return .integer(Int128.random(in: -3...3, using: &self)) }
            return .integer(Int128.random(in: bounds.low...bounds.high, using: &self))
        }
    }
}
