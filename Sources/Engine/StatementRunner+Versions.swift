// Versions of tables: reading one, what changed between two, going back to one, and tables that begin
// as another one is or was.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    func snapshot(
        of table: any Table, _ time: TimeTravel, at place: TextRange
    ) throws(StarlingError) -> any Table {
        trace?.foreign = "one version of a table"
        guard let table = table as? NativeTable else {
            throw StarlingError(.unsupported, "\(table.title) has no versions", at: place)
        }
        return try version(of: table, time)
    }

    /// Finds the version that `VERSION AS OF` or `TIMESTAMP AS OF` names.
    func version(
        of table: NativeTable, _ time: TimeTravel
    ) throws(StarlingError) -> NativeTable {
        switch time {
        case .version(let number): return try version(of: table, number)
        case .timestamp(let moment):
            let microseconds = try microseconds(of: moment)
            if let version = try table.version(at: microseconds) { return version }
            throw try tooOld(microseconds, table, at: moment)
        case .period:
            throw StarlingError(
                .unsupported,
                "all versions of a time at once are parsed but not executed by this "
                    + "version; CHANGES(t, from, to) tells what changed")
        }
    }

    private func version(
        of table: NativeTable, _ expression: Expression
    ) throws(StarlingError) -> NativeTable {
        guard let number = Int(exactly: try integer(expression)) else {
            throw StarlingError(.binding, "a version is a whole number", at: expression.range)
        }
        do throws(StarlingError) { return try table.version(number) } catch {
            throw error.kind == .binding ? error.located(at: expression.range) : error
        }
    }

    /// Says that no version is as old as a time, and of when the oldest one is.
    private func tooOld(
        _ microseconds: Int64, _ table: NativeTable, at moment: Expression
    ) throws(StarlingError) -> StarlingError {
        let history = table.history
        let oldest = history.past.first?.microseconds ?? history.microseconds
        func text(_ time: Int64) throws(StarlingError) -> String {
            try shifted(Int128(time), from: "UTC", to: zone).text(as: .datetime) ?? ""
        }
        return StarlingError(
            .binding,
            "no version of '\(table.name)' that can be read is as old as \(try text(microseconds)); "
                + "the oldest is version \(history.past.first?.number ?? history.number), of "
                + (try text(oldest)), at: moment.range)
    }

    private func integer(_ expression: Expression) throws(StarlingError) -> Int128 {
        let (value, type) = try evaluate(expression)
        guard let number = value.integer, type.isInteger else {
            throw StarlingError(.binding, "a version is a whole number", at: expression.range)
        }
        return number
    }

    /// Reads a time of the session's zone.
    private func microseconds(of moment: Expression) throws(StarlingError) -> Int64 {
        let local = try evaluate(
            Expression(
                .cast(moment, try parseTypeName("DATETIME"), isTry: false), at: moment.range))
        guard let number = local.value.integer,
            let microseconds = try shifted(number, from: zone, to: "UTC").integer.flatMap({
                Int64(exactly: $0)
            })
        else {
            throw StarlingError(
                .binding, "\(moment.sql()) is no time, such as '2026-01-31 12:00:00'",
                at: moment.range)
        }
        return microseconds
    }

    private var zone: String { settings.value("time_zone") ?? "UTC" }

    /// Takes a time from one zone to another.
    func shifted(
        _ microseconds: Int128, from zone: String, to other: String
    ) throws(StarlingError) -> Value {
        let time = Value.integer(microseconds)
        guard zone != other, let text = time.text(as: .datetime) else { return time }
        let query = "SELECT convert_tz(CAST('\(text)' AS DATETIME), '\(zone)', '\(other)')"
        return try runQuery(try parseQuery(query)).value(0, 0)
    }

    /// `CHANGES(t, from)` and `CHANGES(t, from, to)`, numbers of versions or times.
    func makeChanges(_ function: TableFunction) throws(StarlingError) -> any Table {
        let arguments = function.arguments
        guard arguments.count == 2 || arguments.count == 3,
            case .column(let name) = arguments[0].value.kind
        else {
            throw StarlingError(
                .binding,
                "CHANGES takes a table, the version before the changes and, where it is "
                    + "not the newest, that behind them", at: function.name.range)
        }
        let table = try nativeTable(name, having: "versions")
        let earlier = try end(of: table, arguments[1].value)
        let later = arguments.count > 2 ? try end(of: table, arguments[2].value) : table
        return try ChangesTable(
            of: table, from: earlier, to: later,
            repackings: table.repackings(from: earlier, to: later))
    }

    private func end(
        of table: NativeTable, _ expression: Expression
    ) throws(StarlingError) -> NativeTable {
        let type = try evaluate(expression).type
        return try version(
            of: table, type.isInteger ? .version(expression) : .timestamp(expression))
    }

    // MARK: Partitions

    func rows(
        of table: any Table, in selection: PartitionSelection, at place: TextRange
    ) throws(StarlingError) -> any Table {
        trace?.foreign = "some partitions of a table; a condition on their columns does the same"
        if let table = table as? NativeTable {
            return table.restricted(to: try partitions(of: table, selection, at: place))
        }
        guard let numbered = table as? NumberedTable else {
            throw StarlingError(.unsupported, "\(table.title) has no partitions", at: place)
        }
        return numbered.restricted(to: try partitions(of: numbered.table, selection, at: place))
    }

    // MARK: SHOW SNAPSHOTS

    func showSnapshots(_ name: QualifiedName) throws(StarlingError) -> Result {
        let table = try nativeTable(name, having: "versions")
        let versions = table.history.past + [table.history.present(table)]
        var rows: [[Value]] = []
        for version in versions {
            rows.append([
                .integer(Int128(version.number)),
                try shifted(Int128(version.microseconds), from: "UTC", to: zone),
                .integer(Int128(try version.rowCount())),
            ])
        }
        return Result(
            [("Version", .bigint), ("Timestamp", .datetime), ("Rows", .bigint)], rows: rows)
    }

    // MARK: RESTORE and CLONE

    /// Gives a table the rows that it had, as a new version with the columns of today.
    func restoreTable(_ target: QualifiedName, _ time: TimeTravel) throws(StarlingError) -> Result {
        let table = try nativeTable(target, having: "versions")
        let name = try catalogName(target)
        let version = try version(of: table, time)
        if try isReadAnew(version, as: table, name) {
            try restoreAnew(table, name, as: version, at: target)
            return .none
        }
        let old = version.having(
            columns: table.columns, table.identities, lastColumnNumber: table.lastColumnNumber)
        let home = home(of: name)
        let writer = segmentWriter(for: table, name, in: home)
        let segments = try writer?.keep(old.segments) ?? old.segments
        try fitting(version, of: table) { () throws(StarlingError) in
            try checkNotNull(segments, table)
        }
        let recorded = try additions(segments, writer, clearing: true)
        let record = PartitionRecord()
        try commit(to: home, recorded + record.changes) { (contents) throws(StarlingError) in
            let newest = try newestSnapshot(of: table, name, contents)
            try checkUnchanged(newest, since: table)
            let restored = newest.having(old.partitions(like: newest), segments)
            record.note(newest, restored, placing: segments, writer)
            contents.replaceTable(name, with: restored)
        }
        return .none
    }

    /// Tells whether the rows of a version are no rows of today as they are stored: a column has
    /// another type since, or is computed of others.
    private func isReadAnew(
        _ version: NativeTable, as table: NativeTable, _ name: CatalogName
    ) throws(StarlingError) -> Bool {
        let known = Set(version.identities.map(\.number))
        let generated = generatedColumns(of: table, entry(name))
        let origins = table.origins(of: table, in: version)
        return table.columns.indices.contains { place in
            guard !known.contains(table.identities[place].number) else { return false }
            return generated[place] != nil || origins[place] != nil
        }
    }

    /// Lets errors say that the rows of a version are not what the columns of today take.
    func fitting<Success>(
        _ version: NativeTable, of table: NativeTable,
        _ body: () throws(StarlingError) -> Success
    ) throws(StarlingError) -> Success {
        do throws(StarlingError) { return try body() } catch {
            guard error.kind == .data else { throw error }
            let number = version.history.number
            throw StarlingError(
                .data,
                "version \(number) of '\(table.name)' has rows that the columns of today do not take: "
                    + "\(error.message); CREATE TABLE … CLONE \(table.name) FOR VERSION AS OF "
                    + "\(number) makes a table of it as it was")
        }
    }

    /// `CREATE TABLE name CLONE other`: the same rows in the same files.
    func createTable(
        _ table: CreateTable, cloning other: QualifiedName, as name: CatalogName
    ) throws(StarlingError) -> Result {
        var source = try nativeTable(other, having: "rows of its own")
        guard var definition = entry(try catalogName(other))?.definition else {
            throw StarlingError(.internal, "table '\(source.name)' has no definition")
        }
        if let time = table.cloneTime {
            let old = try version(of: source, time)
            if !old.hasSameColumns(as: source) {
                definition = try self.definition(definition, of: source, as: old, at: other)
            }
            source = try rekeyed(old, definition)
        }
        definition = try definition.typed(as: source.columns)
        definition.isTemporary = table.isTemporary
        definition.orReplace = table.orReplace
        definition.ifNotExists = table.ifNotExists
        definition.name = table.name
        let clone = source.cloned(as: name.name)
        let home = home(of: name, isTemporary: table.isTemporary)
        let writer = segmentWriter(for: clone, name, in: home)
        let segments = try writer?.keep(source.segments) ?? source.segments
        try addTable(
            clone.having(segments), [], definition, as: name, writer, kept: segments)
        return .none
    }

    /// How long earlier versions of a table can be read: as `snapshot_retention` says.
    func retention(of definition: CreateTable?) throws(StarlingError) -> SnapshotRetention {
        try Self.retention(of: definition, isStored: session.database.folder != nil)
    }

    static func retention(
        of definition: CreateTable?, isStored: Bool
    ) throws(StarlingError) -> SnapshotRetention {
        let property = definition?.properties.first {
            $0.key.lowercased() == "snapshot_retention"
        }
        guard let property else {
            return !isStored || definition?.isTemporary == true ? .none : .day
        }
        guard let retention = SnapshotRetention(property.value) else {
            throw StarlingError(
                .binding,
                "snapshot_retention is one number with seconds, minutes, hours, days, weeks or "
                    + "snapshots, such as '12 hours' or '20 snapshots', not '\(property.value)'",
                about: .value(of: "snapshot_retention"))
        }
        return retention
    }
}

extension NativeTable {
    /// The partitions of a version, by a key of the names that columns have today.
    func partitions(like newest: NativeTable) -> PartitionSet? {
        guard let keys = newest.partitions?.keys else { return partitions }
        return partitions?.having(keys: keys)
    }
}

extension TableHistory {
    /// The newest version beside those before it.
    fileprivate func present(_ table: NativeTable) -> PastVersion {
        PastVersion(
            number: number, microseconds: microseconds, columns: table.versionColumns
        ) { () throws(StarlingError) in table }
    }
}
