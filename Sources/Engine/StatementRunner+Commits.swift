// How a statement changes what there is: under the catalog's lock on what is there then, and first in
// the log of a database that is on disk.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingThreads

extension StatementRunner {
    /// Changes a catalog. What is not temporary stands in the log before anyone sees it, and survives
    /// a loss of power when this returns. What `changes` are may depend on what `body` found.
    func commit(
        to home: Catalog, _ changes: @autoclosure () throws(StarlingError) -> [Change],
        _ body: (inout CatalogContents) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        guard home !== catalog || session.transaction == nil else {
            throw StarlingError(
                .unsupported,
                "only rows are changed in a transaction; COMMIT or ROLLBACK it before this")
        }
        let time = wallClockMicroseconds()
        let folder = folder(of: home)
        var recorded: [Change] = []
        var changedNames: Set<CatalogName> = []
        let number = try home.change { (contents) throws(StarlingError) in
            let earlier = contents
            try body(&contents)
            var viewChanges: [Change] = []
            if home === catalog {
                viewChanges = try followViews(&contents, from: earlier, isStored: true)
            }
            if !contents.dropped.isEmpty { contents.forgetDropped { $0.end <= time } }
            if folder != nil {
                recorded = try changes() + viewChanges
                contents.forgetChanges(besides: recorded)
            }
            try countVersions(&contents, at: time)
            settleViews(&contents)
            changedNames = contents.changedNames
        } recording: { () throws(StarlingError) in
            try folder?.append(recorded, at: time)
        }
        lookAnew()
        if home === catalog {
            refreshViews(following: changedNames)
            recoverViews()
            requestCompaction(of: changedNames)
            lookAtPartitions(of: changedNames)
        }
        guard let folder, let number else { return }
        if settings.value("commit_durability") == "full" {
            try folder.synchronize(upTo: number)
        }
        // The commit is made whether the log can begin anew or not.
        try? session.database.shortenLog()
    }

    /// Lets the clock look at the partitions of tables that it had nothing to do with before.
    private func lookAtPartitions(of names: Set<CatalogName>) {
        guard !session.isRestoring, session.database.upkeep.next == 0,
            names.contains(where: { storedEntry($0)?.isKeptUp ?? false })
        else { return }
        session.database.scheduler.lookAnew(session.database)
    }

    /// Makes versions of the tables that a change has changed.
    private func countVersions(
        _ contents: inout CatalogContents, at time: Int64
    ) throws(StarlingError) {
        guard !session.isRestoring else { return }
        for name in contents.changedNames {
            guard let entry = contents.entry(name),
                case .table(let table as NativeTable) = entry.content
            else { continue }
            let retention = try retention(of: entry.definition)
            let committed = table.committed(at: time, keeping: retention)
            contents.replaceTable(name, with: committed)
            if table.isOnlyRepacked {
                noteRepacking(of: name, from: table.committed, to: committed, &contents)
            }
        }
    }

    /// Where changes of a catalog are recorded; nil for what is in memory, and while the records are
    /// read.
    func folder(of home: Catalog) -> DatabaseFolder? {
        guard home === catalog, !session.isRestoring else { return nil }
        return session.database.folder
    }

    /// Says no where nothing could be committed.
    func checkWhole(_ home: Catalog) throws(StarlingError) { try folder(of: home)?.checkWhole() }

    /// The change that a statement is.
    func change(_ kind: Statement.Kind) -> Change {
        .statement(
            database: session.currentDatabase, sql: kind.sql)
    }

    /// The change that gives a table other columns; none for what is in memory.
    func definition(
        of draft: TableDraft, _ name: CatalogName, in home: Catalog, numbering last: Int64
    ) -> [Change] {
        guard folder(of: home) != nil else { return [] }
        let table = TableName(database: name.database, name: name.name)
        return [
            .definition(
                table, sql: Statement.Kind.createTable(draft.definition).sql,
                columns: draft.identities, lastColumnNumber: draft.lastColumnNumber)
        ] + (last > 0 ? [.numbering(table, last: last)] : [])
    }

    // MARK: Rows

    /// Takes the rows of a table to the disk; nil for tables in memory. `needsIndexes` says that rows
    /// without their indexes are an error.
    func segmentWriter(
        for table: NativeTable, _ name: CatalogName, in home: Catalog, pace: WritingPace? = nil,
        needsIndexes: Bool = false
    ) -> SegmentWriter? {
        folder(of: home).map {
            SegmentWriter(
                $0, for: table, named: TableName(database: name.database, name: table.name),
                pace: pace, making: indexMaking(isNeeded: needsIndexes))
        }
    }

    /// Adds stored rows to a table as it is by now, after or instead of those that are there.
    func add(
        _ segments: [Segment], to table: NativeTable, _ name: CatalogName,
        instead: Overwriting, _ writer: SegmentWriter?, label: Identifier? = nil
    ) throws(StarlingError) {
        guard instead != .nothing || label != nil || !segments.isEmpty else {
            return try checkWhole(home(of: name))
        }
        let database = session.currentDatabase
        let isTransaction = session.transaction != nil
        let recorded =
            try additions(segments, writer, clearing: instead == .everything)
            + (label.map { [.label(database: database, name: $0.text)] } ?? [])
        let record = PartitionRecord()
        try commitRows(to: home(of: name), record.removals + recorded + record.changes) {
            [self] (contents) throws(StarlingError) in
            let newest = try newestSnapshot(of: table, name, contents)
            if isTransaction, instead != .nothing { try checkUnchanged(newest, since: table) }
            if let label {
                try contents.add(label: label.text, to: database, at: wallClockMicroseconds())
            }
            let (kept, gone) = newest.left(by: instead, of: segments)
            let definition = contents.entry(name)?.definition
            let result = try upkept(kept.appending(segments), name, definition)
            record.note(newest, result, placing: segments, gone: gone, writer)
            contents.replaceTable(name, with: result)
        }
    }

    /// Says no where another session has changed a table since.
    func checkUnchanged(
        _ newest: NativeTable, since table: NativeTable
    ) throws(StarlingError) {
        guard newest.history.number == table.history.number else { throw conflict(table.name) }
    }

    func conflict(_ name: String) -> StarlingError {
        StarlingError(
            .data,
            "another session has changed the same rows of '\(name)' meanwhile; run it again")
    }

    /// The changes that rows of one table are.
    func additions(
        _ segments: [Segment], _ writer: SegmentWriter?, clearing: Bool = false
    ) throws(StarlingError) -> [Change] {
        guard let writer else { return [] }
        try writer.finish()
        var changes = clearing ? [writer.clearing] : []
        changes += try writer.changes(adding: segments)
        if !segments.isEmpty, let numbering = writer.numbering { changes.append(numbering) }
        return changes
    }

    /// Finds the table that a statement began with as it is now.
    func newestSnapshot(
        of table: NativeTable, _ name: CatalogName, _ contents: CatalogContents
    ) throws(StarlingError) -> NativeTable {
        guard case .table(let newest as NativeTable) = contents.entry(name)?.content,
            newest.isSameTable(as: table), newest.hasSameColumns(as: table)
        else {
            throw StarlingError(
                .data,
                "table '\(table.name)' was changed by another session meanwhile; run the statement "
                    + "again")
        }
        return newest
    }
}

extension CatalogContents {
    /// Gives tables back what they were of which nothing stands in the log, as when a partition is to
    /// be made that is there: the log counts no version of them.
    fileprivate mutating func forgetChanges(besides recorded: [Change]) {
        let isOfRows = recorded.allSatisfy { change in
            if case .statement = change { false } else { true }
        }
        guard isOfRows else { return }
        let known = Set(recorded.compactMap(\.versionedTable).map { CatalogName($0).folded })
        for name in changedNames where !known.contains(name.folded) {
            guard case .table(let table as NativeTable) = entry(name)?.content else { continue }
            replaceTable(name, with: table.committed)
        }
    }
}
