// Joins of six million rows with a table of one and a half million: what building and probing cost
// a row, on one worker.

#if canImport(Glibc)
import Glibc
#endif
import CPlatform
import StarlingErrors
import StarlingExecution
import StarlingFunctions
import StarlingMemory
import StarlingThreads
import StarlingTypes
import StarlingVectors

/// Gives the same chunks to whoever asks.
final class RepeatedChunks: ReadySource {
    let chunks: [Chunk]
    private let counter = SharedCounter()

    init(_ chunks: [Chunk]) { self.chunks = chunks }

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader {
        Reader(self)
    }

    private final class Reader: SourceReader {
        let source: RepeatedChunks
        init(_ source: RepeatedChunks) { self.source = source }

        func next() throws(StarlingError) -> Chunk? {
            let position = source.counter.next()
            return position < source.chunks.count ? source.chunks[position] : nil
        }
    }
}

/// Counts the rows that reach it.
final class CountingSink: Sink, SinkWorker, @unchecked Sendable {
    private(set) var count = 0

    func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker { self }
    func consume(_ chunk: Chunk) throws(StarlingError) { count += chunk.count }
    func finish() throws(StarlingError) {}
    func combine(_ execution: QueryExecution) throws(StarlingError) {}
}

/// Makes chunks of a key and a number.
func makeChunks(
    rowCount: Int, keyType: PhysicalType, text: Bool = false, _ key: (Int) -> Int
) -> [Chunk] {
    stride(from: 0, to: rowCount, by: chunkCapacity).map { start in
        let count = min(chunkCapacity, rowCount - start)
        var keys = Vector(uninitialized: text ? .string : keyType, count: count)
        let payload = Vector(uninitialized: .int32, count: count)
        let heap = StringHeap()
        for row in 0..<count {
            let value = key(start + row)
            if text {
                keys.pointer(to: StringReference.self)[row] = heap.add(Array("key \(value)".utf8))
            } else if keyType == .int32 {
                keys.pointer(to: Int32.self)[row] = Int32(value)
            } else {
                keys.pointer(to: Int64.self)[row] = Int64(value)
            }
            payload.pointer(to: Int32.self)[row] = Int32(truncatingIfNeeded: value)
        }
        if text { keys.owner = heap }
        return Chunk(columns: [keys, payload], count: count)
    }
}

/// Reads the processor time of this thread: other work on the machine does not count.
func processorNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

func measure(
    _ title: String, _ join: JoinDescription, build: [Chunk], probe: [Chunk]
) throws(StarlingError) {
    // An argument chooses the measurements whose titles contain it.
    if let wanted = CommandLine.arguments.dropFirst().first, !title.contains(wanted) { return }
    var best = (UInt64.max, UInt64.max)
    var count = 0
    for _ in 0..<5 {
        let execution = QueryExecution(
            pool: WorkerPool(workerCount: 1), cancellation: Cancellation(),
            budget: MemoryBudget(byteLimit: 4 << 30, settingName: "query_mem_limit"),
            session: SessionValues(statementTime: 0),
            options: ExecutionOptions(spillFolder: temporaryFolder())
        )
        let sink = try JoinBuildSink(join)
        let output = CountingSink()
        let start = processorNanoseconds()
        try PipelineRunner(execution).run([
            Pipeline(source: RepeatedChunks(build), transforms: [], sink: sink)
        ])
        let built = processorNanoseconds()
        try PipelineRunner(execution).run([
            Pipeline(
                source: RepeatedChunks(probe), transforms: [sink.makeProbe()], sink: output)
        ])
        best = (min(best.0, built - start), min(best.1, processorNanoseconds() - built))
        count = output.count
    }
    func rate(_ time: UInt64, _ chunks: [Chunk]) -> String {
        let rows = chunks.reduce(0) { $0 + $1.count }
        let hundredths = Int(time) * 100 / rows
        return "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10) ns"
    }
    print("\(title): build \(rate(best.0, build)), probe \(rate(best.1, probe)), \(count) rows")
}

func run() throws(StarlingError) {
    let buildCount = 1_500_000
    let probeCount = 6_000_000
    /// Walks over all numbers below `count` in an order without locality.
    func shuffled(_ number: Int, _ count: Int) -> Int { number &* 7_368_787 % count }

    func description(
        _ kind: JoinKind, _ type: PhysicalType, side: JoinSide = .right
    ) -> JoinDescription {
        JoinDescription(
            kind: kind, buildSide: side, leftTypes: [type, .int32], rightTypes: [type, .int32],
            keys: [JoinKey(left: 0, right: 0)],
            outputs: kind.isMembership ? [.left(1)] : [.left(0), .left(1), .right(1)])
    }

    let dense = makeChunks(rowCount: buildCount, keyType: .int32) { shuffled($0, buildCount) }
    let inOrder = makeChunks(rowCount: buildCount, keyType: .int32) { $0 }
    let random = makeChunks(rowCount: probeCount, keyType: .int32) { shuffled($0, buildCount) }
    let clustered = makeChunks(rowCount: probeCount, keyType: .int32) { $0 / 4 }
    try measure("dense, clustered", description(.inner, .int32), build: inOrder, probe: clustered)
    try measure("dense, random", description(.inner, .int32), build: dense, probe: random)
    try measure("dense semi, random", description(.semi, .int32), build: dense, probe: random)
    let half = makeChunks(rowCount: probeCount, keyType: .int32) { shuffled($0, 2 * buildCount) }
    try measure("dense, half match", description(.inner, .int32), build: dense, probe: half)
    let small = makeChunks(rowCount: 10_000, keyType: .int32) { shuffled($0, 10_000) }
    let smallProbe = makeChunks(rowCount: probeCount, keyType: .int32) { shuffled($0, 10_000) }
    try measure("dense, 10,000 rows", description(.inner, .int32), build: small, probe: smallProbe)

    let sparse = makeChunks(rowCount: buildCount, keyType: .int64) {
        shuffled($0, buildCount) * 9_973
    }
    let sparseProbe = makeChunks(rowCount: probeCount, keyType: .int64) {
        shuffled($0, buildCount) * 9_973
    }
    try measure("hash, random", description(.inner, .int64), build: sparse, probe: sparseProbe)
    let misses = makeChunks(rowCount: probeCount, keyType: .int64) {
        shuffled($0, buildCount) * 9_973 + ($0 % 10 == 0 ? 0 : 1)
    }
    try measure("hash, a tenth match", description(.inner, .int64), build: sparse, probe: misses)
    try measure("hash semi", description(.semi, .int64), build: sparse, probe: sparseProbe)
    let twice = makeChunks(rowCount: buildCount, keyType: .int64) {
        shuffled($0, buildCount) / 2 * 9_973
    }
    try measure("hash, keys twice", description(.inner, .int64), build: twice, probe: sparseProbe)
    let smallSparse = makeChunks(rowCount: 10_000, keyType: .int64) { $0 * 99_731 }
    let smallSparseProbe = makeChunks(rowCount: probeCount, keyType: .int64) {
        shuffled($0, 10_000) * 99_731
    }
    try measure(
        "hash, 10,000 rows", description(.inner, .int64), build: smallSparse,
        probe: smallSparseProbe)
    let texts = makeChunks(rowCount: 200_000, keyType: .string, text: true) {
        shuffled($0, 200_000)
    }
    let textProbe = makeChunks(rowCount: 1_000_000, keyType: .string, text: true) {
        shuffled($0, 200_000)
    }
    try measure("strings, 200,000", description(.inner, .string), build: texts, probe: textProbe)
}

starling_tune_allocator()
do {
    try run()
} catch {
    print(error)
}
