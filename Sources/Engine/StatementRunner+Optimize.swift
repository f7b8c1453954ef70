// OPTIMIZE TABLE: the rows of a table in fewer, fuller and sorted segments, as a commit that changes no
// rows. It works on the newest snapshot without holding anything up. Rows that come meanwhile stay
// where they are; where rows went meanwhile that were packed anew, that part is done again.

import StarlingCatalog
import StarlingErrors
import StarlingExecution
import StarlingMemory
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes
import Synchronization

extension StatementRunner {
    /// Packing the same rows more often than this holds up nobody, but leads nowhere.
    private static let packingCountMax = 5

    func runOptimize(_ optimize: Optimize) throws(StarlingError) -> Result {
        let target = optimize.table
        let name = try catalogName(target)
        if session.transaction != nil, home(of: name) === catalog {
            throw StarlingError(
                .unsupported,
                "OPTIMIZE TABLE is no part of a transaction; COMMIT or ROLLBACK it first",
                at: target.range)
        }
        stopCompaction(of: name)
        if let clustering = optimize.clustering {
            guard optimize.partitions.isEmpty, optimize.condition == nil else {
                throw StarlingError(
                    .unsupported,
                    "all of a table is clustered; OPTIMIZE TABLE … CLUSTER names no partitions",
                    at: target.range)
            }
            try cluster(target, name, by: clustering)
        }
        var rowCount = 0
        for _ in 0..<Self.packingCountMax {
            let table = try nativeTable(target)
            let order = TableOrder(entry(name)?.definition, table.columns)
            let choice = RepackingChoice(
                table, key: order?.name(in: table), isFinal: optimize.isFinal,
                within: try partitions(of: optimize, table, name))
            let writer = segmentWriter(for: table, name, in: home(of: name))
            let groups = try repack(choice, of: table, order, writer)
            let committed = try commit(groups, of: table, name, writer)
            rowCount += committed.flatMap(\.new).reduce(0) { $0 + $1.rowCount }
            guard committed.count < groups.count else {
                return Result(columns: [], chunks: [], affectedRowCount: rowCount)
            }
            try cancellation.check()
        }
        session.warnings.append(
            "other sessions change '\(target.last.text)' all the time, so not all of it was packed; run "
                + "OPTIMIZE again later")
        return Result(columns: [], chunks: [], affectedRowCount: rowCount)
    }

    /// The numbers of the partitions that are meant; nil for all rows.
    private func partitions(
        of optimize: Optimize, _ table: NativeTable, _ name: CatalogName
    ) throws(StarlingError) -> Set<UInt32>? {
        guard !optimize.partitions.isEmpty || optimize.condition != nil else { return nil }
        guard let set = table.partitions, let definition = storedEntry(name)?.definition else {
            throw StarlingError(
                .binding,
                "'\(table.name)' has no partitions; OPTIMIZE TABLE \(table.name) packs all of it",
                at: optimize.table.range)
        }
        var meant = Set(set.partitions.filter { !$0.isTemporary }.map(\.number))
        if let first = optimize.partitions.first {
            do throws(StarlingError) {
                let named = try table.partitions(
                    named: optimize.partitions.map(\.text), isTemporary: false)
                meant = Set(named.map(\.number))
            } catch { throw error.located(at: first.range) }
        }
        if let condition = optimize.condition {
            let others = try partitions(of: set, definition, lacking: condition)
            meant.subtract(others.map(\.number))
        }
        return meant
    }

    /// Gives a table another order, for all rows that are packed from now on.
    private func cluster(
        _ target: QualifiedName, _ name: CatalogName, by clustering: Optimize.Clustering
    ) throws(StarlingError) {
        let table = try nativeTable(target)
        let key: TableSortKey
        switch clustering {
        case .key(let given): key = given
        case .automatic:
            guard let recommended = try recommendedKey(table) else { return }
            key = recommended
        }
        guard let definition = entry(name)?.definition, definition.orderBy != key else { return }
        var draft = try TableDraft(table, definition)
        try draft.keepOrder(key)
        try alter(table, name, to: draft)
    }

    // MARK: Packing

    func repack(
        _ choice: RepackingChoice, of table: NativeTable, _ order: TableOrder?,
        _ writer: SegmentWriter?
    ) throws(StarlingError) -> [RepackedGroup] {
        var groups: [RepackedGroup] = []
        for old in choice.sorted {
            guard let order else { break }
            let new = try sorted(old, of: table, by: order, writer)
            // However few they are, they are in order.
            groups.append(
                RepackedGroup(
                    old: old, new: new.sorted(by: order.name(in: table), rowCountMin: 0),
                    keepsOrder: false))
        }
        return groups + (try pack(choice.packed, of: table, writer))
    }

    /// Packs groups of segments, each by one worker.
    private func pack(
        _ groups: [[Segment]], of table: NativeTable, _ writer: SegmentWriter?
    ) throws(StarlingError) -> [RepackedGroup] {
        guard !groups.isEmpty else { return [] }
        let made = Mutex<[Int: RepackedGroup]>([:])
        session.setProgress { Double(made.withLock { $0.count }) / Double(groups.count) }
        let counter = SharedCounter()
        let budget = makeBudget()
        let cancellation = cancellation
        let making = indexMaking()
        try session.database.pool.run(
            workers: chosenWorkerCount, cancellation: cancellation
        ) { (_) throws(StarlingError) in
            let reservation = Reservation(budget, purpose: "rows of a table")
            while case let place = counter.next(), place < groups.count {
                try reservation.resize(to: table.packingByteCount(of: groups[place]))
                let new = try table.packing(groups[place], for: writer == nil ? .memory : .disk) {
                    (segment) throws(StarlingError) in
                    try cancellation.check()
                    if let writer { return try writer.store(segment) }
                    return try table.indexed(segment, making)
                }
                let group = RepackedGroup(
                    old: groups[place],
                    new: new.map {
                        $0.placed(in: groups[place][0].partition).sorted(in: groups[place][0].run)
                    }, keepsOrder: true)
                made.withLock { $0[place] = group }
            }
        }
        return made.withLock { made in groups.indices.compactMap { made[$0] } }
    }

    // MARK: The commit

    /// Puts new segments in the place of old ones and returns the groups for which that was done;
    /// who gives way leaves it where transactions are open.
    func commit(
        _ groups: [RepackedGroup], of table: NativeTable, _ name: CatalogName,
        _ writer: SegmentWriter?, givesWay: Bool = false
    ) throws(StarlingError) -> [RepackedGroup] {
        let home = home(of: name)
        guard !groups.isEmpty else {
            try checkWhole(home)
            return []
        }
        try writer?.finish()
        var whole: [RepackedGroup] = []
        var isOutdated = false
        let record = PartitionRecord()
        do throws(StarlingError) {
            try commit(to: home, (try writer?.changes(of: whole) ?? []) + record.changes) {
                (contents) throws(StarlingError) in
                let newest = try newestSnapshot(of: table, name, contents)
                let repacked = newest.repacked(groups)
                whole = repacked.groups
                guard !whole.isEmpty, !givesWay || !home.hasTransactions else {
                    isOutdated = true
                    throw conflict(table.name)
                }
                record.note(newest, repacked.table, placing: whole.flatMap(\.new), writer)
                contents.replaceTable(name, with: repacked.table)
            }
        } catch {
            if isOutdated { return [] }
            throw error
        }
        return whole
    }
}
