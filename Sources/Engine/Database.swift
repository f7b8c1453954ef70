// The entry to the library: a database with its threads, memory and names.

import StarlingCatalog
import StarlingErrors
import StarlingMemory
import StarlingThreads

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

    public init(threadCount: Int? = nil, memoryLimit: Int? = nil, spillFolder: String? = nil) {
        self.threadCount = max(1, threadCount ?? processorCount())
        self.memoryLimit = memoryLimit ?? physicalMemoryByteCount() / 10 * 8
        self.spillFolder = spillFolder ?? temporaryFolder()
    }
}

/// Holds tables and views and runs queries over them and over lake files.
public final class Database: Sendable {
    package let configuration: Configuration
    package let catalog = Catalog()
    package let pool: WorkerPool
    package let budget: MemoryBudget

    /// Opens a database in memory.
    public init(configuration: Configuration = Configuration()) {
        tuneAllocator()
        self.configuration = configuration
        pool = WorkerPool(
            workerCount: min(configuration.threadCount, Configuration.threadCountMax))
        budget = MemoryBudget(
            byteLimit: configuration.memoryLimit, settingName: "the memory limit of the database")
    }

    /// Starts a conversation with the database; sessions may run at the same time.
    public func makeSession() -> Session { Session(self) }
}
