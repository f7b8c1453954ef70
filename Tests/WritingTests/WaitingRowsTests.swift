// Rows that become files by several workers: what waits stays little, however slow encoding is, and
// every end comes through: of all rows, of a limit, of a failure and of the query.

import StarlingErrors
import StarlingExecution
import StarlingFiles
import StarlingFormats
import StarlingFunctions
import StarlingMemory
import StarlingTables
import StarlingTestSupport
import StarlingThreads
import StarlingTypes
import StarlingVectors
import StarlingWriting
import Synchronization
import Testing

@Suite struct WaitingRowsTests {
    private static let rowsPerMorsel = 8_192

    /// Writes numbers to files in a folder that goes away, and gives them to `check`.
    private func write(
        _ source: NumberSource, _ writer: NumberWriter, workers: Int, partitions: Int = 0,
        check: (MemoryBudget, WrittenCounts) throws -> Void
    ) throws {
        let budget = MemoryBudget(byteLimit: 64 << 20, settingName: "query_mem_limit")
        let folder = temporaryFolder() + "/starling-sink-\(UInt64.random(in: 0 ... .max))"
        let files = LocalFileSystem()
        try files.makeFolder(folder)
        defer { removeAll(folder) }
        let columns = [
            TableColumn(name: "a", type: .bigint, isNullable: false),
            TableColumn(name: "p", type: .bigint, isNullable: false),
        ]
        let options = try WriteOptions(
            partitions > 0
                ? [("partition_by", "p"), ("durable", "false")] : [("durable", "false")],
            known: WriteTarget.options, format: "numbers")
        let target = try WriteTarget(
            "\(folder)/\(partitions > 0 ? "out/" : "x.numbers")", options: options,
            columns: ["a", "p"], existing: .replace, namesPrefix: false, in: files)
        let unfinished = UnfinishedFiles(files)
        try target.prepare(unfinished, in: files, end: "numbers")
        let execution = QueryExecution(
            pool: WorkerPool(workerCount: workers), cancellation: source.cancellation,
            budget: budget, session: SessionValues(statementTime: 0),
            options: ExecutionOptions(spillFolder: folder))
        let sink = FileSink(
            writer, target, unfinished, columns: columns, keptColumns: [0, 1], budget: budget)
        do {
            try PipelineRunner(execution).run([
                Pipeline(source: source, transforms: [], sink: sink)
            ])
        } catch {
            unfinished.abandon()
            throw error
        }
        try check(budget, sink.counts)
    }

    @Test(arguments: [1, 2, 5])
    func fewRowsWaitForASlowEncoder(workers: Int) throws {
        let source = NumberSource(morselCount: 400, rowsPerMorsel: Self.rowsPerMorsel)
        let writer = NumberWriter(milliseconds: 1)
        try write(source, writer, workers: workers) { budget, counts in
            // 52 MB in all. An eighth of the budget may wait, and each worker has a block, and some
            // rows that it is about to hand in.
            #expect(budget.peakByteCount < (8 << 20) + workers * (2 << 20))
            #expect(budget.usedByteCount == 0)
            #expect(counts.rowCount == 400 * Self.rowsPerMorsel)
            // 3 GB, as the writer has it: a path without a folder is one file, whatever its size.
            #expect(counts.fileCount == 1)
        }
        #expect(writer.firstNumbers == writer.firstNumbers.sorted())
    }

    @Test func partitionsHaveTheSameLimits() throws {
        let source = NumberSource(
            morselCount: 400, rowsPerMorsel: Self.rowsPerMorsel, partitionCount: 20)
        let writer = NumberWriter(milliseconds: 1)
        try write(source, writer, workers: 4, partitions: 20) { budget, counts in
            // Rows of all partitions may lie in tails besides, a quarter of the budget.
            #expect(budget.peakByteCount < (8 << 20) + (16 << 20) + (12 << 20))
            #expect(counts.rowCount == 400 * Self.rowsPerMorsel)
            #expect(counts.fileCount == 20)
        }
    }

    @Test(arguments: [1, 2, 5])
    func failuresReachWhoeverWaits(workers: Int) throws {
        for failing in [0, 1, 37, 399] {
            let source = NumberSource(
                morselCount: 400, rowsPerMorsel: Self.rowsPerMorsel, failsAt: failing)
            let error = #expect(throws: StarlingError.self) {
                try write(source, NumberWriter(milliseconds: 0), workers: workers) { _, _ in }
            }
            #expect(error?.message == "morsel \(failing) fails")
            let writer = NumberWriter(milliseconds: 0, failsAt: failing)
            let other = #expect(throws: StarlingError.self) {
                try write(
                    NumberSource(morselCount: 400, rowsPerMorsel: Self.rowsPerMorsel), writer,
                    workers: workers
                ) { _, _ in }
            }
            #expect(other?.message == "block \(failing) fails")
        }
    }

    @Test(arguments: [1, 2, 5])
    func cancellationReachesWhoeverWaits(workers: Int) throws {
        let source = NumberSource(
            morselCount: 100_000, rowsPerMorsel: Self.rowsPerMorsel, cancelsAt: 50)
        let error = #expect(throws: StarlingError.self) {
            try write(source, NumberWriter(milliseconds: 1), workers: workers) { _, _ in }
        }
        #expect(error?.kind == .cancelled)
    }

    @Test func oneSlowMorselHoldsOthersBack() throws {
        let source = NumberSource(
            morselCount: 400, rowsPerMorsel: Self.rowsPerMorsel, slowMorsel: 3)
        let writer = NumberWriter(milliseconds: 0)
        try write(source, writer, workers: 3) { budget, counts in
            #expect(budget.peakByteCount < (8 << 20) + (6 << 20))
            #expect(counts.rowCount == 400 * Self.rowsPerMorsel)
        }
        #expect(writer.firstNumbers == writer.firstNumbers.sorted())
    }
}

private func removeAll(_ folder: String) {
    let files = LocalFileSystem()
    for entry in (try? files.list(folder)) ?? [] {
        let path = "\(folder)/\(entry.name)"
        if entry.isFolder { removeAll(path) } else { try? files.remove(path) }
    }
    try? files.remove(folder)
}
