// In which order morsels are taken, and which of their columns are read late.

import StarlingPlans
import StarlingTables
import StarlingTypes

extension ScanSource {
    /// The layout in which a column is read.
    func physicalType(of id: ColumnID) -> PhysicalType? {
        layout.position(of: id).map { layout[$0].physicalType }
    }

    /// Orders morsels by where the values lie that an operator wants first, so that it soon knows
    /// what it does not need; nil where none of the operators prefers an order.
    func preferredOrder(_ morsels: [Morsel]) -> [Int]? {
        for offered in offeredFilters {
            guard let ascending = offered.slot.filter?.prefersAscending else { continue }
            let column = columns[offered.position]
            let bounds = morsels.map { morsel in
                let statistics = morsel.part.part.statistics(of: column)
                return ascending ? statistics.low : statistics.high
            }
            return morsels.indices.sorted { left, right in
                guard let first = bounds[left], let second = bounds[right] else {
                    return bounds[left] != nil && bounds[right] == nil
                }
                if ascending ? first.precedes(second) : second.precedes(first) { return true }
                if ascending ? second.precedes(first) : first.precedes(second) { return false }
                return left < right
            }
        }
        return nil
    }

    /// The positions of the columns that no condition needs.
    var lateColumns: Set<Int> {
        var late = Set(columns.indices).subtracting(filter?.columns ?? [])
        for offered in offeredFilters { late.remove(offered.position) }
        return late
    }
}
