import StarlingFunctions
import StarlingKernels
import StarlingMemory
import StarlingThreads
import StarlingVectors

/// Holds what all operators of one running query share.
package final class QueryExecution: Sendable {
    package let pool: WorkerPool
    package let cancellation: Cancellation
    package let budget: MemoryBudget
    package let session: SessionValues
    package let options: ExecutionOptions
    package let measurements: QueryMeasurements
    /// What this execution counts for, where operators are measured.
    let node: NodeMeasurements?
    /// The query's execution, of which this is an operator's part.
    let whole: QueryExecution?

    package init(
        pool: WorkerPool, cancellation: Cancellation, budget: MemoryBudget,
        session: SessionValues, options: ExecutionOptions
    ) {
        self.pool = pool
        self.cancellation = cancellation
        self.budget = budget
        self.session = session
        self.options = options
        measurements = QueryMeasurements(budget)
        node = nil
        whole = nil
    }

    /// Makes an operator's part of a query's execution.
    init(part whole: QueryExecution, budget: MemoryBudget, node: NodeMeasurements) {
        pool = whole.pool
        cancellation = whole.cancellation
        self.budget = budget
        session = whole.session
        options = whole.options
        measurements = whole.measurements
        self.node = node
        self.whole = whole
    }

    var progress: QueryProgress { measurements.progress }

    /// Makes a hasher of keys; all of a query's hash alike.
    func makeHasher() -> ColumnHasher { ColumnHasher(isZero: options.hashesAreZero) }
}

/// Holds the settings of a query that operators read.
package struct ExecutionOptions: Sendable {
    /// Rows of a chunk that sources give; smaller in tests.
    package var chunkRowCount: Int
    /// Lets every sink spill as if memory were short; for tests.
    package var forcesSpill: Bool
    /// Where spill files go.
    package var spillFolder: String
    package var usesRuntimeFilters: Bool
    /// Lets scans ask indexes of columns.
    package var usesIndexes: Bool
    /// Gives every key the same hash; for tests.
    package var hashesAreZero: Bool
    /// Compares pages of files with the checksums that they bear.
    package var verifiesChecksums: Bool
    /// Workers of the pool that take part; nil for all.
    package var workerCount: Int?
    /// Counts rows and time of every operator, for EXPLAIN ANALYZE.
    package var measuresNodes: Bool

    package init(
        chunkRowCount: Int = chunkCapacity, forcesSpill: Bool = false, spillFolder: String,
        usesRuntimeFilters: Bool = true, usesIndexes: Bool = true, hashesAreZero: Bool = false,
        verifiesChecksums: Bool = false,
        workerCount: Int? = nil, measuresNodes: Bool = false
    ) {
        self.chunkRowCount = chunkRowCount
        self.forcesSpill = forcesSpill
        self.spillFolder = spillFolder
        self.usesRuntimeFilters = usesRuntimeFilters
        self.usesIndexes = usesIndexes
        self.hashesAreZero = hashesAreZero
        self.verifiesChecksums = verifiesChecksums
        self.workerCount = workerCount
        self.measuresNodes = measuresNodes
    }
}
