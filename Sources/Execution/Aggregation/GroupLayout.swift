// How a group lies in memory: its keys, the hash of the keys, and a state for each aggregate.

import StarlingErrors
import StarlingFunctions
import StarlingRows
import StarlingTypes

/// Lays out the rows of a table of groups.
struct GroupLayout: Sendable {
    let rows: RowLayout
    let keyCount: Int
    let matcher: RowMatcher
    let kernels: [any AggregateKernel]
    /// Where each kernel's state lies in a row.
    let stateOffsets: [Int]

    init(
        keyTypes: [PhysicalType], kernels: [any AggregateKernel] = []
    ) throws(StarlingError) {
        var offsets: [Int] = []
        var end = 8
        for kernel in kernels {
            offsets.append(end)
            end += (kernel.stateByteCount + 7) / 8 * 8
        }
        let rows = try RowLayout(keyTypes, stateByteCount: end)
        self.rows = rows
        self.kernels = kernels
        keyCount = keyTypes.count
        stateOffsets = offsets.map { rows.stateOffset + $0 }
        matcher = RowMatcher(rows.columns.map { RowMatcher.Key(column: $0, isNullSafe: true) })
    }

    @inline(__always)
    var hashOffset: Int { rows.stateOffset }

    /// Returns the partition of a group: the highest bits of its hash.
    @inline(__always)
    static func partition(ofHash hash: UInt64) -> Int { Int(hash &>> 58) }

    static let partitionCount = 64
}
