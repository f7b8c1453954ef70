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
        try refuseParts(of: optimize)
        if session.transaction != nil, home(of: name) === catalog {
            throw StarlingError(
                .unsupported,
                "OPTIMIZE TABLE is no part of a transaction; COMMIT or ROLLBACK it first",
                at: target.range)
        }
        if let clustering = optimize.clustering { try cluster(target, name, by: clustering) }
        var rowCount = 0
        for _ in 0..<Self.packingCountMax {
            let table = try nativeTable(target)
            let order = TableOrder(entry(name)?.definition, table.columns)
            let choice = RepackingChoice(
                table, key: order?.name(in: table), isFinal: optimize.isFinal)
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

    private func refuseParts(of optimize: Optimize) throws(StarlingError) {
        let clause =
            optimize.partitions.isEmpty ? optimize.condition.map { _ in "WHERE" } : "PARTITION"
        guard let clause else { return }
        throw StarlingError(
            .unsupported,
            "OPTIMIZE TABLE … \(clause) is parsed but not executed by this version",
            at: optimize.table.range)
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
                    old: old, new: new.sorted(by: order.name(in: table), rowCountMin: 0)))
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
        try session.database.pool.run(cancellation: cancellation) { (_) throws(StarlingError) in
            let reservation = Reservation(budget, purpose: "rows of a table")
            while case let place = counter.next(), place < groups.count {
                try reservation.resize(to: table.packingByteCount(of: groups[place]))
                let new = try table.packing(groups[place], for: writer == nil ? .memory : .disk) {
                    (segment) throws(StarlingError) in
                    try cancellation.check()
                    if let writer { return try writer.store(segment) }
                    return try table.indexed(segment)
                }
                let group = RepackedGroup(
                    old: groups[place],
                    new: new.map {
                        $0.placed(in: groups[place][0].partition).sorted(in: groups[place][0].run)
                    })
                made.withLock { $0[place] = group }
            }
        }
        return made.withLock { made in groups.indices.compactMap { made[$0] } }
    }

    // MARK: The commit

    /// Puts new segments in the place of old ones and returns the groups for which that was done.
    func commit(
        _ groups: [RepackedGroup], of table: NativeTable, _ name: CatalogName,
        _ writer: SegmentWriter?
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
                guard !whole.isEmpty else {
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
