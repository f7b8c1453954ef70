// The other truths under which every file must hold.

/// Names a way to run the files.
public enum LogicConfiguration: String, CaseIterable, Sendable {
    case plain
    /// Chunks of 7 rows: every boundary between chunks is met.
    case batch7 = "batch_7"
    /// One worker: nothing relies on others.
    case threads1 = "threads_1"
    /// Everything that can spill does.
    case forceSpill = "force_spill"
    /// What is larger than the least memory for it spills.
    case lowMemory = "low_memory"
    /// Plans run as they are written, but for what execution needs.
    case noOptimizer = "no_optimizer"
    /// All keys have the same hash.
    case hashZero = "hash_zero"
    /// Statements run as they are printed from their trees.
    case printReparse = "print_reparse"

    /// The database is on disk, and closed and opened again after every statement.
    case reopenEachStatement = "reopen_each_statement"

    /// The statements that set it up in a session.
    public var settings: [String] {
        switch self {
        case .plain, .printReparse: []
        case .reopenEachStatement: ["SET commit_durability = relaxed"]
        case .batch7: ["SET batch_size = 7"]
        case .threads1: ["SET pipeline_dop = 1"]
        case .forceSpill: ["SET force_spill = true"]
        case .lowMemory: ["SET query_mem_limit = 6291456"]
        case .noOptimizer: ["SET enable_optimizer = false"]
        case .hashZero: ["SET hash_zero = true"]
        }
    }

    /// Tells whether tables are on disk.
    var isStored: Bool { self == .reopenEachStatement }
}
