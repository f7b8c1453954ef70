// The entry to the library: a database with its threads, memory and names.

import StarlingCatalog
import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingStorage
import StarlingThreads
import StarlingViews

/// Configures a database when it is opened.
public struct Configuration: Sendable {
    /// More threads than this help no query, and may take all that the system has.
    public static let threadCountMax = 1024

    /// Threads that queries run on, at most `threadCountMax`; by default one a processor.
    public var threadCount: Int
    /// Bytes that all queries together may hold.
    public var memoryLimit: Int
    /// The folder of spill files; by default the system's for temporary files.
    public var spillFolder: String
    /// Bytes by which the log of commits grows before it begins anew.
    package var logByteCount = 1 << 24
    /// So many small segments of a table are packed in the background.
    package var packedSegmentCount = 16
    /// Opens a database on disk as it is now, without a right to change it, beside a process that
    /// has it.
    public var isReadOnly = false
    /// Lets a thread of the database refresh materialized views and run tasks when their time has
    /// come; without it `refreshDueViews()` does.
    public var refreshesViews = true
    /// Lets the database do by itself what nobody waits for, on a thread of its own; without it that
    /// waits for `runBackgroundTasks()`.
    public var runsInBackground = true
    /// Bytes that are written in the background in a second, at most.
    public var backgroundBytesPerSecond = 64 << 20
    /// Keeps materialized views wrong in a known way, for the test of their tests.
    package var viewFlaw: SeededFlaw?

    public init(threadCount: Int? = nil, memoryLimit: Int? = nil, spillFolder: String? = nil) {
        self.threadCount = max(1, threadCount ?? processorCount())
        self.memoryLimit = memoryLimit ?? physicalMemoryByteCount() / 10 * 8
        self.spillFolder = spillFolder ?? temporaryFolder()
    }
}

/// Holds tables and views and runs queries over them and over lake files.
public final class Database: Sendable {
    package let configuration: Configuration
    package let catalog: Catalog
    package let pool: WorkerPool
    package let budget: MemoryBudget
    /// Where what is committed goes; nil in memory.
    let folder: DatabaseFolder?
    /// The refreshes of materialized views that ran since the database was opened.
    let refreshes: RefreshHistory
    /// What tasks are to run, and did.
    let tasks: TaskHistory
    /// The last queries of all sessions.
    let queries: QueryLog
    /// How tables follow the materialized views that feed them.
    let fedPrograms: FedPrograms
    let scheduler = RefreshScheduler()
    let upkeep: UpkeepClock
    /// What is done without anybody waiting; nil for who does it.
    let background: BackgroundTasks?
    /// Tells whether it works for the one that was opened, with which all of this ends.
    private let isWorker: Bool

    /// Opens a database in memory.
    public init(configuration: Configuration = Configuration()) {
        isWorker = false
        self.configuration = configuration
        catalog = Catalog()
        refreshes = RefreshHistory()
        tasks = TaskHistory()
        queries = QueryLog()
        fedPrograms = FedPrograms()
        upkeep = UpkeepClock()
        background = BackgroundTasks(isAutomatic: configuration.runsInBackground)
        pool = Self.makePool(configuration)
        budget = Self.makeBudget(configuration)
        folder = nil
    }

    /// Opens the database in a folder, which is made where it is missing. It is closed when nobody
    /// holds it or a session of it any more.
    public convenience init(
        path: String, configuration: Configuration = Configuration()
    ) throws(DatabaseError) {
        do throws(StarlingError) {
            try self.init(path: path, on: LocalFileSystem(), configuration: configuration)
        } catch {
            throw DatabaseError(error, in: "")
        }
    }

    /// Opens the database in a folder of some file system.
    package init(
        path: String, on files: any FileSystem, configuration: Configuration
    ) throws(StarlingError) {
        isWorker = false
        self.configuration = configuration
        catalog = Catalog()
        refreshes = RefreshHistory()
        tasks = TaskHistory()
        queries = QueryLog()
        fedPrograms = FedPrograms()
        upkeep = UpkeepClock()
        background = BackgroundTasks(isAutomatic: configuration.runsInBackground)
        pool = Self.makePool(configuration)
        budget = Self.makeBudget(configuration)
        let cache = BlockCache(budget)
        var commits: [Commit] = []
        let open =
            configuration.isReadOnly ? DatabaseFolder.openForReading : DatabaseFolder.open
        let folder = try open(path, files, cache) { _, commit in commits.append(commit) }
        self.folder = folder
        var restorer = DatabaseRestorer(self, folder)
        for commit in commits { try restorer.apply(commit) }
        try restorer.finish()
        restoreFilters(folder)
        queries.restore(folder.savedQueries())
        try shortenLog()
        scheduler.lookAnew(self)
    }

    /// Is the same database for a thread of its own, which does not keep it open: who lets go of the
    /// other one closes it.
    init(workingFor other: Database, background: BackgroundTasks?) {
        isWorker = true
        configuration = other.configuration
        catalog = other.catalog
        pool = other.pool
        budget = other.budget
        folder = other.folder
        refreshes = other.refreshes
        tasks = other.tasks
        queries = other.queries
        fedPrograms = other.fedPrograms
        upkeep = other.upkeep
        self.background = background
    }

    deinit {
        guard !isWorker else { return }
        scheduler.stop()
        background?.stop()
        saveFilters()
    }

    /// Lets the log begin anew once it has grown.
    func shortenLog() throws(StarlingError) {
        guard let folder, folder.grownByteCount >= configuration.logByteCount else { return }
        try folder.beginAnew { (commits) throws(StarlingError) in
            var configuration = configuration
            configuration.threadCount = 1
            var restorer = DatabaseRestorer(Database(configuration: configuration), folder)
            for commit in commits { try restorer.apply(commit) }
            return try restorer.changes()
        }
    }

    private static func makePool(_ configuration: Configuration) -> WorkerPool {
        tuneAllocator()
        return WorkerPool(
            workerCount: min(configuration.threadCount, Configuration.threadCountMax))
    }

    private static func makeBudget(_ configuration: Configuration) -> MemoryBudget {
        MemoryBudget(
            byteLimit: configuration.memoryLimit, settingName: "the memory limit of the database")
    }

    /// Starts a conversation with the database; sessions may run at the same time.
    public func makeSession() -> Session { Session(self) }
}
