// INSERT into PRIMARY KEY tables that gives some columns only, or only newer rows. Of a row whose key
// is there the other columns stay; with `merge_condition` a row comes only where it has at least the
// value of the old one in that column. The rows that come are in memory until they are complete.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes
import StarlingVectors

extension StatementRunner {
    /// Says how rows of an INSERT meet those with their keys; nil where they simply take their place.
    func meeting(
        _ insert: Insert, _ table: NativeTable, _ conversion: InsertConversion,
        _ target: QualifiedName
    ) throws(StarlingError) -> KeyMeeting? {
        let given = try meetingProperties(of: insert, target)
        let name = try catalogName(target)
        let isPrimary = storedEntry(name)?.definition?.key?.kind == .primary
        guard isPrimary, let key = table.keyColumns, !insert.overwrites else {
            guard !given.isPartial, given.condition == nil else {
                throw StarlingError(
                    .binding,
                    "partial_update and merge_condition are for INSERT INTO PRIMARY KEY "
                        + "tables", at: target.range)
            }
            return nil
        }
        let generated = generatedColumns(of: table, entry(name))
        let kept = table.columns.indices.filter {
            !conversion.positions.contains($0) && generated[$0] == nil
        }
        var rules = KeyMeeting()
        let hasKey = key.positions.allSatisfy {
            conversion.positions.contains($0) || generated[$0] != nil
        }
        if given.isPartial, !hasKey {
            throw StarlingError(
                .binding, "a partial update needs all columns of the key", at: target.range)
        }
        let isPartial = given.isPartialSet ?? settings.flag("enable_insert_partial_update")
        if isPartial, hasKey { rules.keptColumns = Set(kept) }
        if let condition = given.condition {
            let column = try targetPositions(
                [Identifier(condition, isQuoted: true, range: target.range)], table, target)[0]
            guard conversion.positions.contains(column), !key.positions.contains(column) else {
                throw StarlingError(
                    .binding,
                    "merge_condition needs a column outside of the key that the INSERT gives, not "
                        + "'\(condition)'", at: target.range)
            }
            rules.sequenceColumn = column
        }
        return rules.keptColumns.isEmpty && rules.sequenceColumn == nil ? nil : rules
    }

    /// Is what the properties of an INSERT say of rows with the same keys.
    private struct MeetingProperties {
        var isPartialSet: Bool?
        var condition: String?
        var isPartial: Bool { isPartialSet == true }
    }

    private func meetingProperties(
        of insert: Insert, _ target: QualifiedName
    ) throws(StarlingError) -> MeetingProperties {
        var result = MeetingProperties()
        for property in insert.properties {
            switch property.key.lowercased() {
            case "partial_update":
                let value = property.value.lowercased()
                guard ["true", "false"].contains(value) else {
                    throw StarlingError(
                        .binding, "partial_update is true or false, not '\(property.value)'",
                        at: property.valueRange)
                }
                result.isPartialSet = value == "true"
            case "partial_update_mode":
                try settings.set("partial_update_mode", to: property.value)
            case "merge_condition": result.condition = property.value
            default: continue
            }
        }
        return result
    }

    /// Adds the rows of a query to those with their keys as `rules` say.
    func insertMeeting(
        _ rules: KeyMeeting, _ conversion: InsertConversion, _ query: Query,
        into target: QualifiedName, like first: NativeTable,
        named partitions: [TablePartition]?, label: Identifier?
    ) throws(StarlingError) -> Result {
        let name = try catalogName(target)
        let numbered = numberedColumn(of: first, name)
        let raw = try first.withoutRepeatedKeys(
            try gatherIncomplete(conversion, for: first, query, numbered),
            orderedBy: rules.sequenceColumn, keySearch)
        return try untilNobodyChanges(target) { () throws(StarlingError) in
            let table = try nativeTable(target)
            guard table.isSameTable(as: first), table.hasSameColumns(as: first) else {
                throw conflict(table.name)
            }
            var changes = RowChanges()
            (changes.new, changes.gone) = try table.meeting(raw, rules, keySearch)
            changes.new = try regenerated(changes.new, of: table, target)
            changes.keepsKeys = true
            changes.partitions = partitions
            changes.label = label
            let rowCount = changes.new.reduce(0) { $0 + $1.count }
            guard rowCount > 0 || label != nil else {
                try checkWhole(home(of: name))
                return Result.none
            }
            guard try commit(changes, to: table, name) else { return nil }
            return Result(columns: [], chunks: [], affectedRowCount: rowCount)
        }
    }

    /// Computes generated columns of rows whose other columns have changed.
    private func regenerated(
        _ chunks: [Chunk], of table: NativeTable, _ target: QualifiedName
    ) throws(StarlingError) -> [Chunk] {
        let name = try catalogName(target)
        let generated = generatedColumns(of: table, entry(name))
        guard !chunks.isEmpty, generated.contains(where: { $0 != nil }) else { return chunks }
        let stored = table.columns.indices.filter { generated[$0] == nil }
        let columns = stored.map { quoted(table.columns[$0].name) }.joined(separator: ", ")
        let rows = CatalogName(database: name.database, name: Self.newRows)
        let query = try parseQuery(
            "SELECT \(columns) FROM \(quoted(rows.database)).\(quoted(rows.name))")
        let result = try withTables([(rows, table.having(try table.segments(of: chunks)))]) {
            () throws(StarlingError) in
            let conversion = try InsertConversion(
                try bind(query), to: table, positions: stored, defaults: [], generated: generated,
                at: target, runner: self)
            return try execute(conversion.bound)
        }
        return result.chunks.map { chunk in
            Chunk(columns: Array(chunk.columns.prefix(table.columns.count)), count: chunk.count)
        }
    }
}
