// Which rows a materialized view keeps whose old partitions go by themselves. A change of rows that have gone
// from the view is none of the view; so what comes is looked at before the partitions themselves go, by the
// same rules and the same clock.

import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingVectors

/// Tells rows that a view keeps from those of partitions that have gone, or are about to.
struct KeptRows {
    private let runner: StatementRunner
    private let layout: CreateTable
    private let partitions: PartitionSet
    private var splitter: PartitionSplitter
    private var known: [UInt32: Bool] = [:]

    /// Nil where a view keeps all rows.
    init?(
        _ storage: NativeTable, _ layout: CreateTable?, _ runner: StatementRunner
    ) throws(StarlingError) {
        guard let layout, layout.letsPartitionsGo, let partitions = storage.partitions,
            let router = try runner.router(for: storage, layout)
        else { return nil }
        self.runner = runner
        self.layout = layout
        self.partitions = partitions
        splitter = PartitionSplitter(router, storage.columns.map(\.type))
    }

    /// Says of each row whether the view keeps it; the stored columns come first.
    mutating func areKept(_ chunk: Chunk) throws(StarlingError) -> [Bool] {
        var result: [Bool] = []
        for partition in try splitter.partitions(of: chunk) {
            if known[partition.number] == nil {
                let outdated = try runner.outdated(partitions.adding(partition), layout)
                known[partition.number] = !outdated.contains { $0.number == partition.number }
            }
            result.append(known[partition.number] ?? true)
        }
        return result
    }
}
