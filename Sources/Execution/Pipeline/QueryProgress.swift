// How far a query is. Its way is a list of stages that is known before the first begins: each
// pipeline's reading, and what its sink does when no row comes any more. A stage has a weight, in
// rows as the plan expects them, and its own measure: rows that are to be dealt with, and those that
// are. So what is shown never goes back, and is the whole only when the query has ended.

import StarlingTables
import Synchronization

/// Counts what of a query is done.
package final class QueryProgress: ScanProgress {
    private struct Way {
        var weights: [Double] = []
        var stage = 0
        /// The weights of the stages before.
        var passed = 0.0
        var shown = 0.0
    }

    /// The most that is shown of a query that runs.
    private static let fractionMax = 0.99

    private let way = Mutex(Way())
    private let expectedRowCount = Atomic<Int>(0)
    private let doneRowCount = Atomic<Int>(0)

    package init() {}

    /// Begins a way of stages with the given weights.
    package func begin(_ weights: [Double]) { way.withLock { $0 = Way(weights: weights) } }

    /// Goes on to a stage; those before are done.
    package func enter(_ stage: Int) {
        way.withLock { way in
            way.stage = stage
            way.passed = way.weights[..<stage].reduce(0, +)
            expectedRowCount.store(0, ordering: .relaxed)
            doneRowCount.store(0, ordering: .relaxed)
        }
    }

    /// Tells that the stage has `rowCount` more rows to deal with.
    package func expect(_ rowCount: Int) {
        expectedRowCount.wrappingAdd(rowCount, ordering: .relaxed)
    }

    /// Tells that `rowCount` more rows of the stage are dealt with.
    package func note(_ rowCount: Int) {
        doneRowCount.wrappingAdd(rowCount, ordering: .relaxed)
    }

    /// The share of the way that is behind, below 1; nil where nothing is known.
    package var fraction: Double? {
        way.withLock { way in
            let whole = way.weights.reduce(0, +)
            guard whole > 0 else { return nil }
            let expected = expectedRowCount.load(ordering: .relaxed)
            let done = doneRowCount.load(ordering: .relaxed)
            let part = expected > 0 ? min(1, Double(done) / Double(expected)) : 0
            let fraction = (way.passed + way.weights[way.stage] * part) / whole
            way.shown = min(Self.fractionMax, max(way.shown, fraction))
            return way.shown
        }
    }
}

/// Says how the reading of a source is measured.
package enum SourceExtent: Sendable {
    /// By the rows that its readers give, of which there are so many where that is known.
    case given(rowCount: Int?)
    /// By its readers, which note the rows that they pass: not all of them are given.
    case noted(rowCount: Int)
}

/// Says what a sink does when no row comes any more, a row measured by what gathering it takes.
package struct SinkCompletion: Sendable {
    /// What its workers do, each for itself.
    package var finishing = 0.0
    /// What is left to do then.
    package var combining = 0.0

    package init(finishing: Double = 0, combining: Double = 0) {
        self.finishing = finishing
        self.combining = combining
    }
}
