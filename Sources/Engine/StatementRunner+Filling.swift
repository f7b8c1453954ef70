// Columns that ALTER TABLE adds and that are computed of the others of a row, and those that it
// gives another type: all rows are written anew, with what is computed of them. So are those of a
// version from before, where RESTORE TABLE goes back to it.

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
    ) throws(StarlingError) {
        _ = try retention(of: draft.definition)
        try draft.definition.checkKeys(draft.columns)
        let home = home(of: name)
        let shaped = try rekeyed(
            table.having(
                columns: draft.columns, draft.identities,
                lastColumnNumber: draft.lastColumnNumber), draft.definition)
        let writer = segmentWriter(for: shaped, name, in: home)
        let (columns, identities) = draft.readColumns
        let read = table.having(
            columns: columns, identities, lastColumnNumber: draft.lastColumnNumber)
        let segments = try computedRows(of: shaped, read, name, draft, writer, at: target)
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
    }

    /// Gives a table the rows of a version, with what is computed of them and the types of today.
    /// Columns that were converted since have what they were made of.
    func restoreAnew(
        _ table: NativeTable, _ name: CatalogName, as version: NativeTable,
        at target: QualifiedName
    ) throws(StarlingError) {
        guard let definition = entry(name)?.definition else {
            throw StarlingError(.internal, "table '\(name.name)' has no definition")
        }
        var (columns, identities) = (table.columns, table.identities)
        for (place, origin) in table.origins(of: table, in: version).enumerated() {
            guard let origin, identities[place].number != version.identities[origin].number else {
                continue
            }
            columns[place] = version.columns[origin]
            columns[place].name = table.columns[place].name
            identities[place] = version.identities[origin]
        }
        let read = version.having(
            columns: columns, identities, lastColumnNumber: table.lastColumnNumber)
        let home = home(of: name)
        let partitions = version.partitions(like: table)
        let shaped = table.having(partitions, [])
        let writer = segmentWriter(for: shaped, name, in: home)
        let segments = try fitting(version, of: table) { () throws(StarlingError) in
            try computedRows(
                of: shaped, read, name, try TableDraft(table, definition), writer, at: target)
        }
        let recorded = try additions(segments, writer, clearing: true)
        let record = PartitionRecord()
        try commit(to: home, recorded + record.changes) { (contents) throws(StarlingError) in
            let newest = try newestSnapshot(of: table, name, contents)
            try checkUnchanged(newest, since: table)
            let restored = try newest.having(partitions, []).appending(segments)
            record.note(newest, restored, placing: segments, writer)
            contents.replaceTable(name, with: restored)
        }
    }

    /// Packs the rows that `read` has for a table whose columns are computed of others, or have
    /// another type there.
    private func computedRows(
        of table: NativeTable, _ read: NativeTable, _ name: CatalogName, _ draft: TableDraft,
        _ writer: SegmentWriter?, at target: QualifiedName
    ) throws(StarlingError) -> [Segment] {
        let generated = table.columns.map { column in
            draft.definition.columns.first { $0.name.text == column.name }?.generated
        }
        let stored = table.columns.indices.filter { generated[$0] == nil }
        let query = Query(
            items: stored.map { place in
                draft.conversions[draft.identities[place].number]?.expression
                    ?? Expression(
                        .column(
                            QualifiedName([
                                Identifier(
                                    table.columns[place].name, isQuoted: true, range: target.range)
                            ])), at: target.range)
            }, from: target)
        return try withTables([(name, read)]) { () throws(StarlingError) in
            let conversion = try InsertConversion(
                try bind(query), to: table, positions: stored, defaults: [], generated: generated,
                at: target, runner: self)
            return try load(
                conversion, query, into: table, name, draft.definition, numbered: nil,
                home: home(of: name), writer, try router(for: table, draft.definition))
        }
    }
}
