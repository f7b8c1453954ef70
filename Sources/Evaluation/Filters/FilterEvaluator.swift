import StarlingErrors
import StarlingKernels
import StarlingThreads
import StarlingVectors

/// Filters chunk after chunk for one worker, and learns the best order of the conjuncts.
///
/// Conjuncts that may end in an error keep their place behind those written before them, so that
/// `x <> 0 AND f(x)` fails for no row that its first part drops.
package final class FilterEvaluator {
    private let filter: CompiledFilter
    private let worker: EvaluationWorker
    private let frame: EvaluationFrame
    private var order: [Int]
    private var measures: [ConjunctMeasure]
    private var windowCount = 0

    private static let windowsBetweenReorderings = 8

    init(_ filter: CompiledFilter) {
        self.filter = filter
        worker = EvaluationWorker(filter.program)
        frame = EvaluationFrame(worker)
        measures = filter.conjuncts.map { ConjunctMeasure(expectedCost: $0.facts.cost) }
        order = Array(filter.conjuncts.indices)
        reorder()
    }

    /// Selects the rows of a chunk for which all conjuncts are true; nil stands for all rows.
    package func select(_ chunk: Chunk) throws(StarlingError) -> Selection? {
        try select(ChunkColumns(chunk), count: chunk.count)
    }

    /// Selects among `count` rows of a source, or those of them in `rows`; nil stands for all rows.
    /// The conjuncts in `proven` are known to hold.
    package func select(
        _ source: some ColumnSource, count: Int, among rows: Selection? = nil,
        proven: Set<Int> = []
    ) throws(StarlingError) -> Selection? {
        windowCount += 1
        if windowCount % Self.windowsBetweenReorderings == 0 { reorder() }
        var selection = rows
        var rowCount = rows?.count ?? count
        for conjunct in order {
            if rowCount == 0 { break }
            if proven.contains(conjunct) { continue }
            let start = monotonicNanoseconds()
            frame.begin(source, selection: selection, count: rowCount)
            defer { frame.forget() }
            let truth = try frame.value(filter.conjuncts[conjunct].root)
            let passed = Selection(trueRowsOf: truth)
            measures[conjunct].add(
                rowCount: rowCount, passedCount: passed.count,
                nanoseconds: Double(monotonicNanoseconds() - start))
            if passed.count < rowCount { selection = passed.composed(within: selection) }
            rowCount = passed.count
        }
        return selection
    }

    /// Puts the conjuncts first that drop the most rows for their time.
    private func reorder() {
        guard order.count > 1 else { return }
        var movable = filter.conjuncts.indices.filter { !filter.conjuncts[$0].facts.canFail }
        movable.sort { measures[$0].rank < measures[$1].rank }
        var result: [Int] = []
        var waiting = filter.conjuncts.indices.filter { filter.conjuncts[$0].facts.canFail }[...]
        // One that may fail comes as soon as all written before it have run.
        var hasRun = filter.conjuncts.map(\.facts.canFail)
        var firstToRun = 0
        for conjunct in movable {
            result.append(conjunct)
            hasRun[conjunct] = true
            while firstToRun < hasRun.count, hasRun[firstToRun] { firstToRun += 1 }
            while let next = waiting.first, next < firstToRun {
                result.append(next)
                waiting.removeFirst()
            }
        }
        order = result + waiting
    }

    /// The columns that some conjunct looks at alone, so that their dictionaries may exclude rows.
    package var dictionaryColumns: [Int] {
        let columns = filter.conjuncts.filter { $0.facts.isDeterministic }.map(\.facts.columns)
        return Set(columns.filter { $0.count == 1 }.flatMap { $0 }).sorted()
    }

    /// Tells whether no value of a dictionary passes the conjuncts that look at its column only.
    package func excludes(_ dictionary: VectorDictionary, of column: Int) -> Bool {
        filter.conjuncts.contains { conjunct in
            conjunct.facts.columns == [column] && conjunct.facts.isDeterministic
                && !worker.isEverTrue(conjunct.root, column: column, dictionary: dictionary)
        }
    }
}

/// Keeps what a conjunct costs a row and how many rows it lets pass, recent windows counting more.
struct ConjunctMeasure {
    private var cost: Double
    private var passRate = 0.5

    init(expectedCost: Double) { cost = 0.1 + expectedCost }

    mutating func add(rowCount: Int, passedCount: Int, nanoseconds: Double) {
        let weight = 0.25
        cost += (nanoseconds / Double(rowCount) - cost) * weight
        passRate += (Double(passedCount) / Double(rowCount) - passRate) * weight
    }

    /// Time spent for each row dropped: the order by it minimizes the time for all conjuncts.
    var rank: Double { cost / max(1 - passRate, 0.000_1) }
}
