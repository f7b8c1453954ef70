// What the engine knows of a materialized view: what stands in the log of it, the snapshots of the
// tables that it reads, and its query, compiled once it is needed.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingViews
import Synchronization

/// Is a materialized view as the engine keeps it.
struct ViewState: MaterializedViewState {
    /// What stands in the log.
    var record: ViewRecord
    var bases: [ViewBase]
    /// When the view is refreshed by the clock; nil where it is not.
    var schedule: RefreshSchedule?
    private(set) var compiled = CompiledView()

    init(_ record: ViewRecord, _ bases: [ViewBase]) {
        self.record = record
        self.bases = bases
    }

    var isActive: Bool { record.inactiveReason.isEmpty }

    /// The tables that the query reads, as far as they are the same ones, with the columns under the
    /// names by which it knows them.
    func knownTables(in contents: CatalogContents) -> [(name: CatalogName, table: any Table)] {
        bases.compactMap { base in
            guard case .table(let table as NativeTable) = contents.entry(base.entryName)?.content,
                base.newest?.isSameTable(as: table) ?? true
            else { return nil }
            return (base.name, base.renamed(table))
        }
    }

    /// Notes that the rows of a table that the view reads were packed anew.
    mutating func noteRepacking(
        of name: CatalogName, from before: NativeTable, to after: NativeTable
    ) {
        for place in bases.indices where bases[place].entryName.folded == name.folded {
            bases[place].noteRepacking(of: before, as: after)
        }
    }

    /// Lets rows stay whatever the tables have.
    mutating func retain(_ seal: ViewSeal) {
        record.add(seal)
        compiled = CompiledView()
    }

    /// Notes which versions of its tables the rows stand at.
    mutating func stand(at tables: [NativeTable]) {
        for (place, table) in tables.enumerated() {
            bases[place].stand = .table(table)
            bases[place].newest = table
            bases[place].repackings = []
            record.bases[place].version = table.committed.history.number
        }
    }
}

/// Is a table that a materialized view reads.
struct ViewBase: Sendable {
    /// Tells the snapshot that the view's rows are made of.
    enum Stand: Sendable {
        /// The view was never filled.
        case none
        case table(NativeTable)
        /// A version that is sought once it is needed.
        case version(Int)
    }

    let name: CatalogName
    /// The columns that the table had when the view was made.
    let columns: [TableColumn]
    let identities: [ColumnIdentity]
    let lastColumnNumber: UInt32
    /// The numbers of the columns that the view reads.
    let used: Set<UInt32>
    var stand = Stand.none
    /// How the table's rows were packed anew since then, which changes nothing.
    fileprivate(set) var repackings: [(before: NativeTable, after: NativeTable)] = []
    /// Snapshots take room as long as they are kept; of what is forgotten all rows went and came.
    private static let repackingCountMaximum = 16
    /// Some snapshot of the table, by which it is told from another one of its name.
    var newest: NativeTable?

    /// The name of the entry, which of a materialized view is that of the view.
    var entryName: CatalogName { name.ofView ?? name }

    /// Returns a snapshot with the columns that the view knows.
    func known(_ table: NativeTable) -> NativeTable {
        if table.columns == columns, table.identities == identities { return table }
        return table.having(columns: columns, identities, lastColumnNumber: lastColumnNumber)
    }

    /// What changed in the table between the snapshot that the view's rows are made of and another one.
    func change(from old: NativeTable, to table: NativeTable) -> BaseChange {
        var known = repackings
        if case .version = stand { known = (try? table.repackings(from: old, to: table)) ?? [] }
        return BaseChange(
            from: self.known(old), to: self.known(table),
            repackings: known.map { (self.known($0.before), self.known($0.after)) })
    }

    /// Notes that the table's rows were packed anew.
    fileprivate mutating func noteRepacking(of before: NativeTable, as after: NativeTable) {
        guard case .table(let table) = stand else { return }
        if table.history.number == before.history.number {
            stand = .table(after)
            newest = after
            return
        }
        repackings.append((before, after))
        if repackings.count > Self.repackingCountMaximum { repackings.removeFirst() }
    }

    /// Returns a snapshot with those of the columns that are there, as they are, under the names that the
    /// view knows. In the place of one that is gone stands another of its name.
    fileprivate func renamed(_ table: NativeTable) -> NativeTable {
        var kept: [(column: TableColumn, identity: ColumnIdentity)] = []
        for (column, identity) in zip(columns, identities) {
            let place =
                table.identities.firstIndex { $0.number == identity.number }
                ?? table.columns.firstIndex { $0.name.lowercased() == column.name.lowercased() }
            guard let place else { continue }
            var known = table.columns[place]
            known.name = column.name
            kept.append((known, table.identities[place]))
        }
        return table.having(
            columns: kept.map(\.column), kept.map(\.identity),
            lastColumnNumber: table.lastColumnNumber)
    }

    /// Says why the view cannot be kept any more; nil where it can.
    func obstacle(_ contents: CatalogContents, seeksTerms: Bool) -> String? {
        let title = "\(entryName.database).\(entryName.name)"
        guard case .table(let table as NativeTable) = contents.entry(entryName)?.content else {
            return "there is no table '\(title)' any more"
        }
        if let newest, !newest.isSameTable(as: table) {
            return "'\(title)' is another table now"
        }
        for (column, identity) in zip(columns, identities) where used.contains(identity.number) {
            guard let place = table.identities.firstIndex(where: { $0.number == identity.number })
            else { return "column '\(column.name)' of '\(title)' was dropped" }
            guard table.columns[place].type == column.type,
                column.isNullable || !table.columns[place].isNullable
            else { return "column '\(column.name)' of '\(title)' has another type now" }
            if seeksTerms, !table.columns[place].analyzers.cutsLike(column.analyzers) {
                return "the texts of column '\(column.name)' of '\(title)' are cut otherwise now"
            }
        }
        return nil
    }
}

/// Holds the program of a view once it is made.
final class CompiledView: Sendable {
    private let held = Mutex<ViewProgram?>(nil)

    var program: ViewProgram? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}

extension CatalogName {
    /// What the table of a materialized view's stored rows is called where its query reads it.
    private static let storedRows = "\u{1F}rows of "

    /// The name of the stored rows of the materialized view with this name.
    var ofStoredRows: CatalogName {
        CatalogName(database: database, name: Self.storedRows + name)
    }

    /// The view whose stored rows have this name; nil for other names.
    var ofView: CatalogName? {
        guard name.hasPrefix(Self.storedRows) else { return nil }
        return CatalogName(
            database: database, name: String(name.dropFirst(Self.storedRows.count)))
    }

    /// The same for all spellings of a name.
    var folded: CatalogName {
        CatalogName(database: database.lowercased(), name: name.lowercased())
    }
}

extension CreateMaterializedView {
    /// True for a view that is kept in the commits that change its tables.
    var isSynchronous: Bool { refresh == nil || refresh?.trigger == .synchronous }

    /// True for a view that is refreshed behind each commit that changes its tables.
    var followsCommits: Bool {
        if case .asynchronous(_, every: nil)? = refresh?.trigger { true } else { false }
    }

    func property(_ name: String) -> String? {
        properties.last { $0.key.lowercased() == name }?.value
    }

    /// AUTO, INCREMENTAL or FULL.
    var refreshMode: String {
        if refresh?.trigger == .incremental { return "INCREMENTAL" }
        return (property("refresh_mode") ?? "auto").uppercased()
    }
}

extension CreateMaterializedView {
    /// SYNC, ASYNC or MANUAL.
    var refreshType: String {
        if isSynchronous { return "SYNC" }
        if case .asynchronous? = refresh?.trigger { return "ASYNC" }
        return "MANUAL"
    }

    /// The tables of this property, as they are written.
    func tables(of name: String) -> [String] {
        (property(name) ?? "").split(separator: ",").map {
            String($0.filter { $0 != " " && $0 != "`" })
        }
    }

    /// When the view is refreshed, in the words of its definition.
    var scheduleText: String {
        guard case .asynchronous(let start, let every)? = refresh?.trigger else { return "MANUAL" }
        guard let every else { return "EVENT_TRIGGERED" }
        return "START('\(start ?? "")') EVERY(\(every.sql()))"
    }

    var statementText: String { Statement.Kind.createMaterializedView(self).sql }
}
