import StarlingErrors
import StarlingMemory
import StarlingRows
import StarlingVectors

/// Holds the finished groups of one partition, and what their strings lie in.
///
/// `@unchecked Sendable`: one worker makes it; others read after it has been handed on.
final class GroupPartition: @unchecked Sendable {
    /// The groups, none of them twice.
    private(set) var groups = GroupList()
    private var owner: GroupOwner

    init(_ owner: GroupOwner) { self.owner = owner }

    /// Takes over a list in which no group is twice.
    func adopt(_ list: GroupList) { groups = list }

    /// Keeps the memory of groups that came in from a file.
    func keep(_ owner: GroupOwner) { self.owner = owner }

    /// Gives the result columns of consecutive groups.
    func chunk(
        _ plan: AggregatePlan, from start: Int, count: Int
    ) throws(StarlingError) -> Chunk {
        let rows = UnsafePointer(groups.addresses + start)
        let layout = plan.layout
        var columns: [Vector] = []
        for position in plan.shape.keys.indices {
            columns.append(layout.rows.gather(position, rows: rows, count: count, owner: owner))
        }
        if plan.shape.hasGroupingColumn {
            columns.append(groupingColumn(plan, rows, count))
        }
        for (kernel, offset) in zip(layout.kernels, layout.stateOffsets) {
            var vector = try kernel.finalize(groups: rows, offset: offset, count: count)
            if vector.physicalType == .string {
                vector.owner = OwnerList.joining(vector.owner, owner)
            }
            columns.append(vector)
        }
        return Chunk(columns: columns, count: count)
    }

    private func groupingColumn(
        _ plan: AggregatePlan, _ rows: UnsafePointer<RowAddress>, _ count: Int
    ) -> Vector {
        let vector = Vector(uninitialized: .int64, count: count)
        let target = vector.pointer(to: Int64.self)
        guard let sets = plan.shape.groupingSets else {
            target.update(repeating: 0, count: count)
            return vector
        }
        let bitmaps = sets.indices.map { plan.shape.groupingBitmap(ofSet: $0) }
        let offset = plan.layout.rows.columns[plan.keys.count - 1].offset
        for row in 0..<count {
            target[row] = bitmaps[Int(rows[row].load(fromByteOffset: offset, as: Int16.self))]
        }
        return vector
    }
}

/// Keeps all memory that the groups of an aggregation lie in or point to.
final class GroupOwner: Sendable {
    private let stores: [RowStore]
    private let heaps: [MergeHeap]

    init(_ stores: [RowStore], _ heaps: [MergeHeap]) {
        self.stores = stores
        self.heaps = heaps
    }

    func adding(_ stores: [RowStore], _ heap: MergeHeap) -> GroupOwner {
        GroupOwner(self.stores + stores, heaps + [heap])
    }
}
