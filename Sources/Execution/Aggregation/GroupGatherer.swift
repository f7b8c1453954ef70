// One worker's groups before all workers' are brought together.
//
// Groups live in a row store and are listed by partition when they are made. A directory small
// enough for the cache finds the group of a row. When it is full, what it has seen tells about how
// many groups there are in all: it grows to hold them if they are not too many; else it is emptied,
// and a group that comes again is made again. Where that happens to most rows, grouping early is
// in vain: then every row becomes a group of its own for a while, without being looked up. Whatever
// is there twice in the end is merged partition by partition (`GroupPartition`).
//
// Where the keys have few possible values (`DirectKeys`), a row's group is found by its number
// instead, without a hash.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingRows
import StarlingVectors

/// Finds or makes the groups of one worker's rows.
///
/// `@unchecked Sendable`: one worker fills it; the sink reads it after it has been handed on.
final class GroupGatherer: @unchecked Sendable {
    /// A directory of this many groups still lies in a core's second cache.
    private static let earlyGroupCount = 1 << 15
    /// Up to so many groups, writing rows and merging them costs more than the caches' misses.
    private static let earlyGroupCountMax = 1 << 18

    let layout: GroupLayout
    let store: RowStore
    /// The groups of each partition.
    let lists: [GroupList]
    /// The same lists without counting references, for the loop over rows.
    private let listReferences: [Unmanaged<GroupList>]
    /// False once a group may have been made twice.
    private(set) var isUnique = true
    private let directory: GroupDirectory
    private var direct: DirectKeys?
    private let hasher: ColumnHasher
    private let hashBuffer = Buffer(byteCount: chunkCapacity * 8)
    private let reservation: Reservation
    /// The directory is full with more groups.
    private var groupCountLimit = GroupGatherer.earlyGroupCount
    /// True once it has grown; where that was not enough, the estimate is no good for these rows.
    private var hasGrown = false
    private var rowsSinceEmptied = 0
    private var rowsToPassOver = 0

    init(
        _ layout: GroupLayout, direct: DirectKeys?, _ execution: QueryExecution
    ) {
        self.layout = layout
        self.direct = direct
        hasher = execution.makeHasher()
        store = RowStore(
            layout.rows, reservation: Reservation(execution.budget, purpose: "aggregation"))
        reservation = Reservation(execution.budget, purpose: "aggregation")
        directory = GroupDirectory(layout)
        lists = (0..<GroupLayout.partitionCount).map { _ in GroupList() }
        listReferences = lists.map(Unmanaged.passUnretained)
    }

    /// Writes the address of each row's group.
    ///
    /// Partitions follow the hash of the first `partitionKeyCount` keys, so that groups that agree
    /// in these lie in the same one; by default they follow all keys.
    func find(
        _ keys: [Vector], partitionKeyCount: Int? = nil, count: Int,
        into addresses: UnsafeMutablePointer<RowAddress>
    ) throws(StarlingError) {
        if let direct {
            if try findDirectly(direct, keys, count, addresses) { return }
            self.direct = nil
            isUnique = false
        }
        let hashes = hashBuffer.pointer(to: UInt64.self)
        GroupLayout.hash(
            keys, partitionKeyCount: partitionKeyCount, count: count, hasher, into: hashes)
        var inserter = StoreInserter(gatherer: self, keys: keys, hashes: hashes)
        if rowsToPassOver > 0 {
            rowsToPassOver -= count
            try inserter.insertAll(count, into: addresses)
            return
        }
        try directory.find(
            keys, hashes: hashes, count: count, inserter: &inserter, into: addresses)
        rowsSinceEmptied += count
        if directory.groupCount > groupCountLimit { makeRoom() }
        try reserve()
    }

    /// The bytes that the groups and the lists of them take.
    var byteCount: Int { store.byteCount + reservation.byteCount }

    /// What they take once the rows have another block and the directory has doubled.
    var grownByteCount: Int { byteCount + store.nextBlockByteCount + directory.byteCount }

    /// Lets the directory grow where it can hold all groups, else empties it.
    private func makeRoom() {
        let expected = expectedGroupCount(
            seen: directory.groupCount, rowCount: rowsSinceEmptied)
        if expected < Double(Self.earlyGroupCountMax), !hasGrown {
            hasGrown = true
            groupCountLimit = min(Self.earlyGroupCountMax, Int(expected * 1.25) + 1_024)
        } else {
            emptyDirectory()
        }
    }

    private func emptyDirectory() {
        // Fewer than three rows a group were not worth the search.
        if rowsSinceEmptied < 3 * directory.groupCount {
            rowsToPassOver = 16 * Self.earlyGroupCount
        }
        directory.removeAll()
        groupCountLimit = Self.earlyGroupCount
        rowsSinceEmptied = 0
        isUnique = false
    }

    private func reserve() throws(StarlingError) {
        let byteCount = directory.byteCount + lists.reduce(0) { $0 + $1.byteCount }
        if byteCount > reservation.byteCount { try reservation.resize(to: byteCount) }
    }

    /// Finds groups by number; returns false where the keys turn out to have too many values.
    private func findDirectly(
        _ direct: DirectKeys, _ keys: [Vector], _ count: Int,
        _ addresses: UnsafeMutablePointer<RowAddress>
    ) throws(StarlingError) -> Bool {
        guard direct.number(keys, count: count) else { return false }
        let newCount = direct.claimNewGroups(count)
        if newCount > 0 {
            let fresh = Selection(rows: direct.newRows, count: newCount)
            let newKeys = keys.map { $0.gathered(by: fresh) }
            let hashes = hashBuffer.pointer(to: UInt64.self)
            hasher.hash(newKeys, count: newCount, into: hashes)
            let inserter = StoreInserter(gatherer: self, keys: newKeys, hashes: hashes)
            try inserter.insertAll(newCount, into: direct.newAddresses)
            direct.settle(newCount)
        }
        direct.writeAddresses(count, into: addresses)
        return true
    }

    /// Makes a group for every listed row and lists it in its partition.
    fileprivate func makeGroups(
        _ keys: [Vector], _ hashes: UnsafePointer<UInt64>, selected: UnsafePointer<UInt16>?,
        count: Int, into addresses: UnsafeMutablePointer<RowAddress>
    ) throws(StarlingError) {
        try store.append(keys, selected: selected, count: count, into: addresses)
        let hashOffset = layout.hashOffset
        listReferences.withUnsafeBufferPointer { lists in
            for i in 0..<count {
                let hash = hashes[selected.map { Int($0[i]) } ?? i]
                addresses[i].storeBytes(of: hash, toByteOffset: hashOffset, as: UInt64.self)
                lists[GroupLayout.partition(ofHash: hash)]._withUnsafeGuaranteedRef {
                    $0.append(addresses[i])
                }
            }
        }
    }

    fileprivate func forgetUniqueness() { isUnique = false }
}

/// Makes groups in the gatherer's store.
private struct StoreInserter: GroupInserter {
    let gatherer: GroupGatherer
    let keys: [Vector]
    let hashes: UnsafePointer<UInt64>

    func insert(
        _ rows: UnsafePointer<UInt16>, count: Int, into addresses: UnsafeMutablePointer<RowAddress>
    ) throws(StarlingError) {
        try gatherer.makeGroups(keys, hashes, selected: rows, count: count, into: addresses)
    }

    func insertAll(
        _ count: Int, into addresses: UnsafeMutablePointer<RowAddress>
    ) throws(StarlingError) {
        gatherer.forgetUniqueness()
        try gatherer.makeGroups(keys, hashes, selected: nil, count: count, into: addresses)
    }
}

extension Selection {
    fileprivate init(rows source: UnsafePointer<UInt16>, count: Int) {
        self.init()
        self.count = count
        rows.update(from: source, count: count)
    }
}
