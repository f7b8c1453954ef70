import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingRows
import StarlingVectors

/// Merges the groups that several workers have of one partition.
final class GroupMerge {
    let groups = GroupList()
    private let layout: GroupLayout
    private let sources: [GroupGatherer]
    private let partition: Int
    private let heap: MergeHeap
    private let directory: GroupDirectory
    private let reservation: Reservation
    private let hasher: ColumnHasher
    private let hashBuffer = Buffer(byteCount: chunkCapacity * 8)
    private let found = RowAddresses()
    private let targets = RowAddresses()
    private let doubles = RowAddresses()
    private let execution: QueryExecution
    /// Holds the groups that are made of spilled rows.
    private(set) var store: RowStore?

    init(
        _ layout: GroupLayout, _ sources: [GroupGatherer], _ partition: Int,
        _ execution: QueryExecution, heap: MergeHeap
    ) {
        self.layout = layout
        self.sources = sources
        self.partition = partition
        self.heap = heap
        self.execution = execution
        hasher = execution.makeHasher()
        let largest = sources.map { $0.lists[partition].count }.max() ?? 0
        directory = GroupDirectory(layout, expectedGroupCount: largest)
        reservation = Reservation(execution.budget, purpose: "aggregation")
    }

    func mergeAll() throws(StarlingError) {
        for source in sources {
            let list = source.lists[partition]
            var start = 0
            while start < list.count {
                let count = min(chunkCapacity, list.count - start)
                try merge(list.addresses + start, count: count)
                start += count
                try heap.reserveWhatIsHeld()
                let byteCount = directory.byteCount + groups.byteCount
                if byteCount > reservation.byteCount { try reservation.resize(to: byteCount) }
            }
        }
    }

    private func merge(
        _ addresses: UnsafeMutablePointer<RowAddress>, count: Int
    ) throws(StarlingError) {
        let hashes = hashBuffer.pointer(to: UInt64.self)
        let hashOffset = layout.hashOffset
        for i in 0..<count {
            hashes[i] = addresses[i].load(fromByteOffset: hashOffset, as: UInt64.self)
        }
        let keys = layout.rows.columns.indices.map {
            layout.rows.gather($0, rows: addresses, count: count, owner: nil)
        }
        var inserter = ExistingInserter(addresses: addresses, groups: groups)
        try directory.find(
            keys, hashes: hashes, count: count, inserter: &inserter, into: found.pointer)
        if layout.kernels.isEmpty { return }
        let (found, targets, doubles) = (found.pointer, targets.pointer, doubles.pointer)
        var doubleCount = 0
        for i in 0..<count {
            targets[doubleCount] = found[i]
            doubles[doubleCount] = addresses[i]
            doubleCount &+= found[i] != addresses[i] ? 1 : 0
        }
        if doubleCount == 0 { return }
        for index in layout.updatedKernels {
            try layout.kernels[index].combine(
                targets: targets, sources: doubles, offset: layout.stateOffsets[index],
                count: doubleCount, heap: heap.heap)
        }
    }

    /// Writes the addresses of groups, makes those that are not there, and returns the heap for the
    /// strings of their states.
    func findOrMake(
        _ keys: [Vector], partitionKeyCount: Int?, count: Int,
        into addresses: UnsafeMutablePointer<RowAddress>
    ) throws(StarlingError) -> StringHeap {
        let store =
            store
            ?? RowStore(
                layout.rows,
                reservation: Reservation(execution.budget, purpose: "aggregation"))
        self.store = store
        let hashes = hashBuffer.pointer(to: UInt64.self)
        GroupLayout.hash(
            keys, partitionKeyCount: partitionKeyCount, count: count, hasher, into: hashes)
        var inserter = SpilledInserter(
            store: store, keys: keys, hashes: hashes, hashOffset: layout.hashOffset,
            groups: groups)
        try directory.find(
            keys, hashes: hashes, count: count, inserter: &inserter, into: addresses)
        let byteCount = directory.byteCount + groups.byteCount
        if byteCount > reservation.byteCount { try reservation.resize(to: byteCount) }
        return store.heap
    }

    /// Writes the addresses of groups that are all there.
    func find(
        _ keys: [Vector], count: Int, into addresses: UnsafeMutablePointer<RowAddress>
    ) throws(StarlingError) {
        let hashes = hashBuffer.pointer(to: UInt64.self)
        hasher.hash(keys, count: count, into: hashes)
        var inserter = NoInserter()
        try directory.find(keys, hashes: hashes, count: count, inserter: &inserter, into: addresses)
    }
}

/// Lets a group be what it is made of.
private struct ExistingInserter: GroupInserter {
    let addresses: UnsafeMutablePointer<RowAddress>
    let groups: GroupList

    func insert(
        _ rows: UnsafePointer<UInt16>, count: Int, into target: UnsafeMutablePointer<RowAddress>
    ) {
        for i in 0..<count {
            target[i] = addresses[Int(rows[i])]
            groups.append(target[i])
        }
    }
}

/// Makes groups of spilled rows.
private struct SpilledInserter: GroupInserter {
    let store: RowStore
    let keys: [Vector]
    let hashes: UnsafePointer<UInt64>
    let hashOffset: Int
    let groups: GroupList

    func insert(
        _ rows: UnsafePointer<UInt16>, count: Int, into target: UnsafeMutablePointer<RowAddress>
    ) throws(StarlingError) {
        try store.append(keys, selected: rows, count: count, into: target)
        for i in 0..<count {
            target[i].storeBytes(
                of: hashes[Int(rows[i])], toByteOffset: hashOffset, as: UInt64.self)
            groups.append(target[i])
        }
    }
}

private struct NoInserter: GroupInserter {
    func insert(
        _ rows: UnsafePointer<UInt16>, count: Int, into target: UnsafeMutablePointer<RowAddress>
    ) throws(StarlingError) {
        throw StarlingError(.internal, "a DISTINCT aggregate has values without a group")
    }
}
