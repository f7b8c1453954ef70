// Columns that ALTER TABLE adds and that are computed of the others of a row: all rows are written anew,
// with what is computed of them.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    /// Changes the columns of a table and writes all of its rows with those that are computed.
    func fill(
        _ table: NativeTable, _ name: CatalogName, _ draft: TableDraft, at target: QualifiedName
    ) throws(StarlingError) -> Result {
        let home = home(of: name)
        let shaped = try rekeyed(
            table.having(
                columns: draft.columns, draft.identities,
                lastColumnNumber: draft.lastColumnNumber), draft.definition)
        let writer = segmentWriter(for: shaped, name, in: home)
        let segments = try computedRows(of: shaped, name, draft, writer, at: target)
        isFilling = true
        defer { isFilling = false }
        let record = PartitionRecord()
        let changes =
            self.definition(of: draft, name, in: home, numbering: table.lastNumber)
            + (try additions(segments, writer, clearing: true))
        try commit(to: home, changes + record.changes) { (contents) throws(StarlingError) in
            let newest = try newestSnapshot(of: table, name, contents)
            try checkUnchanged(newest, since: table)
            let emptied = try rekeyed(
                newest.emptied().having(
                    columns: draft.columns, draft.identities,
                    lastColumnNumber: draft.lastColumnNumber), draft.definition)
            let filled = try emptied.appending(segments)
            record.note(newest, filled, placing: segments, writer)
            contents.replaceTable(name, with: filled, definition: draft.definition)
        }
        return .none
    }

    /// Packs the rows of a table with the columns that are computed of the others.
    private func computedRows(
        of table: NativeTable, _ name: CatalogName, _ draft: TableDraft,
        _ writer: SegmentWriter?, at target: QualifiedName
    ) throws(StarlingError) -> [Segment] {
        let generated = table.columns.map { column in
            draft.definition.columns.first { $0.name.text == column.name }?.generated
        }
        let stored = table.columns.indices.filter { generated[$0] == nil }
        let query = Query(
            columns: stored.map {
                Identifier(table.columns[$0].name, isQuoted: true, range: target.range)
            }, from: target)
        return try withTables([(name, table)]) { () throws(StarlingError) in
            let conversion = try InsertConversion(
                try bind(query), to: table, positions: stored, defaults: [], generated: generated,
                at: target, runner: self)
            return try gather(
                conversion, for: table, query, nil, writer,
                try router(for: table, draft.definition))
        }
    }
}
