// What scans left out, and thanks to what.

import Synchronization

/// Names what excluded rows before they were read.
package enum PruningReason: String, Sendable, CaseIterable {
    case partitions
    case metadata
    case statistics
    case pageIndex = "page index"
    case bloomFilter = "bloom filter"
    case keyIndex = "key index"
    case textIndex = "text index"
    case valueIndex = "value index"
    case gramIndex = "n-gram index"
    case dictionary
    case joinKeys = "join keys"
    case topN = "top-N"
}

/// Counts parts and rows that a scan did not read.
package final class PruningCounts: Sendable {
    private struct Counts {
        var parts: [PruningReason: Int] = [:]
        var rows: [PruningReason: Int] = [:]
        var partitions: String?
    }

    private let counts = Mutex(Counts())

    /// Notes which partitions a scan reads.
    func note(_ partitions: PartitionPruning) {
        if let text = partitions.text { counts.withLock { $0.partitions = text } }
    }

    package func addParts(_ count: Int, _ reason: PruningReason) {
        if count > 0 { counts.withLock { $0.parts[reason, default: 0] += count } }
    }

    /// Adds rows of parts that are read otherwise.
    package func addRows(_ count: Int, _ reason: PruningReason) {
        if count > 0 { counts.withLock { $0.rows[reason, default: 0] += count } }
    }

    /// Says how many parts were read and pruned; nil where there were none.
    func text(partsRead: Int) -> String? {
        let counts = counts.withLock { $0 }
        let pruned = counts.parts.values.reduce(0, +)
        guard partsRead + pruned > 0 else { return counts.partitions }
        var result = counts.partitions.map { $0 + ", " } ?? ""
        result += "parts \(partsRead), pruned \(pruned)"
        if pruned > 0 { result += " (\(Self.list(counts.parts)))" }
        if !counts.rows.isEmpty { result += ", rows left out (\(Self.list(counts.rows)))" }
        return result
    }

    private static func list(_ counts: [PruningReason: Int]) -> String {
        PruningReason.allCases.compactMap { reason in
            counts[reason].map { "\(reason.rawValue) \($0)" }
        }.joined(separator: ", ")
    }
}
