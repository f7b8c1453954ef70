// A statement that writes, without SQL: a source, a sink of files, and what lies in the folder then.

import StarlingErrors
import StarlingExecution
import StarlingFiles
import StarlingFormats
import StarlingFunctions
import StarlingMemory
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors
import StarlingWriting

/// Describes a statement that writes the rows of a source.
struct WrittenStatement {
    var folder: TestFolder
    /// Relative to the folder.
    var path: String
    var columns = [TableColumn(name: "n", type: .bigint)]
    var options: [(name: String, value: String)] = []
    var existing = ExistingFiles.replace
    var workerCount = 4
    var writer = TextLines(blockRowCount: 1_000)
    /// What rows that wait may hold.
    var byteLimit = 1 << 30

    init(_ folder: TestFolder, _ path: String) {
        self.folder = folder
        self.path = path
    }

    var target: WriteTarget {
        get throws(StarlingError) {
            try WriteTarget(
                "\(folder.path)/\(path)",
                options: try WriteOptions(
                    options + [("durable", "false")], known: WriteTarget.options, format: "lines"),
                columns: columns.map(\.name), existing: existing, namesPrefix: false,
                in: folder.files)
        }
    }

    /// Runs the statement and returns what it counted.
    func run(_ morsels: [[Chunk]], isNumbered: Bool = true) throws(StarlingError) -> WrittenCounts {
        let target = try target
        let unfinished = UnfinishedFiles(folder.files)
        let kept = columns.indices.filter {
            target.writesPartitionColumns || !target.partitionColumns.contains($0)
        }
        do throws(StarlingError) {
            try target.prepare(unfinished, in: folder.files, end: writer.fileExtension)
            let sink = FileSink(
                writer, target, unfinished, columns: columns, keptColumns: kept,
                budget: MemoryBudget(byteLimit: byteLimit, settingName: "query_mem_limit"))
            let execution = QueryExecution(
                pool: WorkerPool(workerCount: workerCount), cancellation: Cancellation(),
                budget: MemoryBudget(byteLimit: 1 << 30, settingName: "query_mem_limit"),
                session: SessionValues(statementTime: 0),
                options: ExecutionOptions(spillFolder: folder.path))
            try PipelineRunner(execution).run([
                Pipeline(
                    source: MorselSource(morsels, isNumbered: isNumbered), transforms: [],
                    sink: sink)
            ])
            return sink.counts
        } catch {
            unfinished.abandon()
            throw error
        }
    }
}
