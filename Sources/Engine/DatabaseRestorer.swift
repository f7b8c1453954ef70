// Opening a database on disk: the commits of its log are made again, in their order. Statements run
// as they did, except that nothing is bound, since what a view reads may come later or lie elsewhere.
// Segments are only opened at the end: the files of those that went later may be gone, too.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingThreads

/// Applies the commits of a log to a database that is being opened.
struct DatabaseRestorer {
    private let session: Session
    let folder: DatabaseFolder
    var catalog: Catalog { session.database.catalog }
    /// The rows of each table, by what its snapshots have in common.
    private(set) var rows: [ObjectIdentifier: RestoredRows] = [:]

    init(_ database: Database, _ folder: DatabaseFolder) {
        session = database.makeSession()
        session.isRestoring = true
        self.folder = folder
    }

    /// Makes a commit again.
    mutating func apply(_ commit: Commit) throws(StarlingError) {
        do throws(StarlingError) {
            var place = 0
            while place < commit.changes.count {
                let run = commit.changes[place...].partitions
                if let name = run.table {
                    try setPartitions(of: name, commit) { $0.adding(run.partitions) }
                } else {
                    try apply(commit.changes[place], of: commit)
                }
                place += max(1, run.partitions.count)
            }
        } catch {
            throw StarlingError(
                error.kind,
                "commit \(commit.number) of the database '\(folder.path)' cannot be restored: "
                    + error.message)
        }
    }

    private mutating func apply(_ change: Change, of commit: Commit) throws(StarlingError) {
        switch change {
        case .statement(let database, let sql): try run(sql, in: database, commit)
        case .label(let database, let label, let microseconds):
            try catalog.change {
                $0.note(label: label, of: database, at: microseconds ?? commit.microseconds)
            }
        case .numbering(let name, let last): try table(name).noteNumber(last)
        case .analysis(let name, let analysis):
            let table = try table(name).analyzed(analysis)
            try catalog.change { $0.replaceTable(CatalogName(name), with: table) }
        case .materializedView(let name, let record):
            let runner = StatementRunner(session, cancellation: Cancellation())
            let view = try runner.restoredView(record)
            try catalog.change { $0.setView(CatalogName(name), to: view) }
        case .addition(let name, let number, let place):
            let key = try begin(commit, name)
            rows[key]?.add(.segment(number), place)
        case .mergedAddition(let name, let parts, let place):
            let key = try begin(commit, name)
            rows[key]?.add(.merged(parts), place)
        case .version(let name, let number, let microseconds):
            let key = try begin(commit, name)
            let table = try table(name)
            rows[key]?.begin(version: number, microseconds, table)
        case .clearing(let name):
            let key = try begin(commit, name)
            rows[key]?.clear()
        case .removal(let name, let numbers):
            let key = try begin(commit, name)
            for number in numbers { rows[key]?.remove(number) }
        case .repacking(let name, let numbers):
            let key = try begin(commit, name)
            rows[key]?.repack(numbers)
        case .sorting(let name, let run, let numbers):
            let key = try begin(commit, name)
            rows[key]?.sort(numbers, in: run)
        case .deletion(let name, let number, let gone):
            let key = try begin(commit, name)
            try rows[key]?.hide(gone, of: number)
        case .definition(let name, let sql, let identities, let lastColumnNumber):
            let key = try begin(commit, name)
            try define(name, as: sql, identities, lastColumnNumber)
            let table = try table(name)
            rows[key]?.define(table)
        case .retirement(let name, let number, let end, let original):
            try retire(name, number, until: end, as: original)
        case .recovery(let number):
            try catalog.change { (contents) throws(StarlingError) in
                try contents.recover(number: number)
            }
        case .partition: break
        case .partitionRemoval(let name, let numbers):
            try setPartitions(of: name, commit) { $0.removing(Set(numbers)) }
        case .placement(let name, let partition, let segments):
            let key = try begin(commit, name)
            try rows[key]?.place(segments, in: partition)
        }
    }

    /// Gives a table other partitions.
    private mutating func setPartitions(
        of name: TableName, _ commit: Commit, _ change: (PartitionSet) -> PartitionSet
    ) throws(StarlingError) {
        let key = try begin(commit, name)
        guard let partitions = try table(name).partitions else {
            throw StarlingError(.data, "'\(name)' has no partitions")
        }
        let changed = try table(name).having(change(partitions), [])
        try catalog.change { $0.replaceTable(CatalogName(name), with: changed) }
        rows[key]?.define(changed)
    }

    private mutating func run(
        _ sql: String, in database: String, _ commit: Commit
    ) throws(StarlingError) {
        session.currentDatabase = database
        let statement = try parseStatement(sql)
        _ = try session.run(statement, parameters: [])
        guard case .createTable(let table) = statement.kind else { return }
        let name = try catalog.resolve(table.name, in: database)
        _ = try begin(commit, TableName(database: name.database, name: name.name))
    }

    private func table(_ name: TableName) throws(StarlingError) -> NativeTable {
        guard case .table(let table as NativeTable) = catalog.entry(CatalogName(name))?.content
        else { throw StarlingError(.data, "there is no table '\(name)'") }
        return table
    }

    /// Finds the table that a commit changes.
    private mutating func begin(
        _ commit: Commit, _ name: TableName
    ) throws(StarlingError) -> ObjectIdentifier {
        let table = try table(name)
        rows[table.key, default: RestoredRows(table)].begin(commit, table)
        return table.key
    }

    /// Gives a table other columns.
    private func define(
        _ name: TableName, as sql: String, _ identities: [ColumnIdentity],
        _ lastColumnNumber: UInt32
    ) throws(StarlingError) {
        let statement = try parseStatement(sql)
        guard case .createTable(let definition) = statement.kind else {
            throw StarlingError(.data, "'\(name)' is not defined by CREATE TABLE")
        }
        let runner = StatementRunner(session, cancellation: Cancellation())
        let columns = try runner.columns(of: definition)
        let table = try table(name)
        guard columns.count == identities.count else {
            throw StarlingError(
                .data, "'\(name)' has \(columns.count) columns and \(identities.count) numbers")
        }
        let defined = try runner.rekeyed(
            table.having(columns: columns, identities, lastColumnNumber: lastColumnNumber),
            definition)
        try catalog.change { contents in
            contents.replaceTable(CatalogName(name), with: defined, definition: definition)
        }
    }

    /// Keeps a table or database that was dropped, as what its name was.
    private func retire(
        _ name: TableName, _ number: Int, until end: Int64, as original: TableName
    ) throws(StarlingError) {
        try catalog.change { (contents) throws(StarlingError) in
            let isWhole = name.name.isEmpty
            var item = contents.item(
                of: CatalogName(name), isWhole: isWhole, number: number, until: end)
            item.database = original.database
            if !isWhole {
                item.table = original.name
                item.entries = item.entries.map { $0.named(original.name) }
            }
            if isWhole {
                contents.removeDatabase(name.database)
            } else {
                _ = contents.remove(CatalogName(name))
            }
            contents.add(item)
        }
    }

    /// Gives a table its rows; nil where it is none of ours.
    private func restored(
        _ entry: CatalogEntry, _ database: String, at now: Int64, _ used: inout Set<UInt64>
    ) throws(StarlingError) -> NativeTable? {
        guard case .table(let table as NativeTable) = entry.content, var rows = rows[table.key]
        else { return nil }
        let retention = try StatementRunner.retention(of: entry.definition, isStored: true)
        rows.trim(keeping: retention, at: now)
        used.formUnion(rows.files)
        let name = TableName(database: database, name: entry.name)
        let restored = try rows.restored(table, name, folder)
        return entry.materialized == nil ? restored : restored.repeatingKeys()
    }

    /// Ends the restoring: tables get their rows, small segments become larger ones, files that
    /// nobody needs go.
    mutating func finish() throws(StarlingError) {
        var used: Set<UInt64> = []
        let now = wallClockMicroseconds()
        try catalog.change { (contents) throws(StarlingError) in
            contents.forgetDropped { $0.end <= now }
            for database in contents.databaseNames {
                for entry in contents.entries(in: database) {
                    guard let table = try restored(entry, database, at: now, &used) else {
                        continue
                    }
                    contents.replaceTable(
                        CatalogName(database: database, name: entry.name), with: table)
                }
            }
            var dropped = contents.dropped
            for item in dropped.indices {
                for place in dropped[item].entries.indices {
                    let entry = dropped[item].entries[place]
                    guard let table = try restored(entry, dropped[item].database, at: now, &used)
                    else { continue }
                    dropped[item].entries[place].content = .table(table)
                }
            }
            contents.setDropped(dropped)
            contents.findBases()
        }
        try folder.removeFiles(except: used)
    }
}

extension ArraySlice<Change> {
    /// The partitions that the first changes give to one table; they are added at once.
    fileprivate var partitions: (table: TableName?, partitions: [TablePartition]) {
        guard case .partition(let table, _)? = first else { return (nil, []) }
        var partitions: [TablePartition] = []
        for change in self {
            guard case .partition(let other, let partition) = change, other == table else { break }
            partitions.append(partition)
        }
        return (table, partitions)
    }
}
