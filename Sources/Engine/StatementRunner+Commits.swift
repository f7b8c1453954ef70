// How a statement changes what there is: under the catalog's lock on what is there then, and first in
// the log of a database that is on disk.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax

extension StatementRunner {
    /// Changes a catalog. What is not temporary stands in the log before anyone sees it, and survives
    /// a loss of power when this returns. What `changes` are may depend on what `body` found.
    func commit(
        to home: Catalog, _ changes: @autoclosure () throws(StarlingError) -> [Change],
        _ body: (inout CatalogContents) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        guard let folder = folder(of: home) else { return try home.change(body) }
        let number = try home.change(body) { () throws(StarlingError) in
            try folder.append(try changes())
        }
        if settings.value("commit_durability") == "full" {
            try folder.synchronize(upTo: number)
        }
    }

    /// Where changes of a catalog are recorded; nil for what is in memory, and while the records are
    /// read.
    private func folder(of home: Catalog) -> DatabaseFolder? {
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

    /// Takes the rows of a table to the disk; nil for tables in memory.
    func segmentWriter(
        for table: NativeTable, _ name: CatalogName, in home: Catalog
    ) -> SegmentWriter? {
        folder(of: home).map {
            SegmentWriter(
                $0, for: table, named: TableName(database: name.database, name: table.name))
        }
    }

    /// Adds stored rows to a table as it is by now, after or instead of those that are there.
    func add(
        _ segments: [Segment], to table: NativeTable, _ name: CatalogName,
        instead isOverwriting: Bool, _ writer: SegmentWriter?
    ) throws(StarlingError) {
        guard isOverwriting || !segments.isEmpty else { return try checkWhole(home(of: name)) }
        let recorded = try additions(segments, writer, clearing: isOverwriting)
        try commit(to: home(of: name), recorded) {
            (contents) throws(StarlingError) in
            let newest = try newestSnapshot(of: table, name, contents)
            contents.replaceTable(
                name, with: try (isOverwriting ? newest.emptied() : newest).appending(segments))
        }
    }

    /// The changes that rows of one table are.
    func additions(
        _ segments: [Segment], _ writer: SegmentWriter?, clearing: Bool = false
    ) throws(StarlingError) -> [Change] {
        guard let writer else { return [] }
        try writer.finish()
        var changes = clearing ? [writer.clearing] : []
        for segment in segments { changes.append(try writer.change(adding: segment)) }
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
