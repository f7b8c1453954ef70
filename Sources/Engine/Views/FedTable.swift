// A table that materialized views feed: CREATE MATERIALIZED VIEW … INTO. What it has is a function of what
// its views have, and nobody else writes it:
//
//   without a key  the rows of all views
//   with a key     a row for each key that a view has. A column is that of the view that gives it; where the
//                  table aggregates a column, its values of all views, put together
//
// So the table is kept as a materialized view over its views is, behind them, in the same commit.

import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingViews

/// Is a table with the views that feed it, before a commit and after it.
struct FedTable {
    /// Is the stored rows of a view.
    struct Feeder {
        var name: CatalogName
        var record: ViewRecord
        /// One of both has no rows where the view comes or goes.
        var earlier: NativeTable
        var later: NativeTable
        var isGone = false

        var title: String { later.name }

        /// The columns that the view shows.
        var columns: ArraySlice<TableColumn> { later.columns.prefix(record.columnCount) }
    }

    let name: CatalogName
    private(set) var feeders: [Feeder] = []
    /// True for a table that nothing has fed before.
    private let isNew: Bool
    private var hasOtherFeeders: Bool

    init(_ name: CatalogName, from earlier: CatalogContents, to later: CatalogContents) {
        self.name = name
        let before = earlier.feeders(of: name)
        isNew = before.isEmpty
        hasOtherFeeders = false
        for feeder in before {
            var feeder = feeder
            feeder.later = feeder.earlier.emptied()
            feeder.isGone = true
            feeders.append(feeder)
        }
        for feeder in later.feeders(of: name) {
            if let place = feeders.firstIndex(where: {
                $0.earlier.isSameTable(as: feeder.later)
            }) {
                feeders[place].later = feeder.later
                feeders[place].name = feeder.name
                feeders[place].isGone = false
            } else {
                var feeder = feeder
                feeder.earlier = feeder.later.emptied()
                feeders.append(feeder)
                hasOtherFeeders = true
            }
        }
    }

    /// True where rows of a view may have changed.
    var hasChanged: Bool { feeders.contains { $0.earlier !== $0.later } }

    /// The views that feed the table from now on, for people.
    private var titles: String {
        let names = feeders.filter { !$0.isGone }.map { "'\($0.title)'" }
        return "the materialized view\(names.count == 1 ? "" : "s") "
            + names.joined(separator: " and ")
    }

    var isFed: Bool { feeders.contains { !$0.isGone } }

    // MARK: What may happen to the table

    /// Finds the table; says no where somebody but its views has changed its rows, and where it does not
    /// fit them. Nil where it has gone with its views. `isFilled` says that its rows got columns that are
    /// computed, and nothing else.
    func table(
        from earlier: CatalogContents, to later: CatalogContents, isFilled: Bool
    ) throws(StarlingError) -> NativeTable? {
        guard let entry = later.entry(name), case .table(let table as NativeTable) = entry.content,
            entry.materialized == nil
        else {
            if isFed { throw isNew ? unknown : isNeeded }
            return nil
        }
        guard isFed else { return table }
        if isNew, table.statistics.rowCount > 0 {
            throw refusal(
                "'\(table.name)' has rows already, and a table that materialized views feed has no "
                    + "others; keep them in another table, which a view feeds it from")
        }
        if !isNew, case .table(let old as NativeTable)? = earlier.entry(name)?.content,
            old !== table
        {
            guard old.isSameTable(as: table) else { throw isNeeded }
            guard isFilled || table.isOnlyRepacked || !old.hasOtherRows(than: table) else {
                throw refusal(
                    "'\(table.name)' has the rows of \(titles) and no others; change the tables that "
                        + "are read, or keep other rows in a table that a view feeds it from")
            }
            if let column = Self.revalued(from: earlier.entry(name), to: entry) {
                throw refusal(
                    "column '\(column)' of '\(table.name)' keeps what it is computed of, since "
                        + "\(titles) gave its rows; DROP MATERIALIZED VIEW comes first")
            }
        } else if !hasOtherFeeders {
            return table
        }
        try check(table, entry)
        guard !later.feedsItself(name) else {
            throw refusal("a materialized view that reads '\(table.name)' cannot feed it")
        }
        return table
    }

    /// Names a column that has another DEFAULT, or is computed otherwise: its rows would be others.
    private static func revalued(from earlier: CatalogEntry?, to later: CatalogEntry) -> String? {
        let columns = earlier?.definition?.columns ?? []
        return later.definition?.columns.first { new in
            columns.contains {
                $0.name.text == new.name.text
                    && ($0.defaultValue != new.defaultValue || $0.generated != new.generated)
            }
        }?.name.text
    }

    private var unknown: StarlingError {
        refusal("there is no table '\(name.name)' in '\(name.database)' that a view could feed")
    }

    private var isNeeded: StarlingError {
        refusal("'\(name.name)' gets its rows from \(titles); DROP MATERIALIZED VIEW comes first")
    }

    private func refusal(_ message: String) -> StarlingError { StarlingError(.binding, message) }
}

// MARK: Columns

extension FedTable {
    /// Finds the columns of the table that each view gives, and says no where views don't fit it.
    private func check(_ table: NativeTable, _ entry: CatalogEntry) throws(StarlingError) {
        var owners: [Int: String] = [:]
        for feeder in feeders where !feeder.isGone {
            let given = try Self.positions(
                of: feeder.columns.map(\.name), in: table, entry.definition,
                of: feeder.title)
            for position in given where entry.definition.hasOneSource(table, position) {
                if let other = owners[position] {
                    throw refusal(
                        "column '\(table.columns[position].name)' of '\(table.name)' comes from "
                            + "'\(other)' and cannot come from '\(feeder.title)', too")
                }
                owners[position] = feeder.title
            }
        }
    }

    /// Finds the columns of a table that a view gives, by their names.
    static func positions(
        of names: [String], in table: NativeTable, _ definition: CreateTable?, of view: String
    ) throws(StarlingError) -> [Int] {
        let positions = try mapAll(names) { (name) throws(StarlingError) in
            let place = table.columns.firstIndex { $0.name.lowercased() == name.lowercased() }
            guard let place else {
                let near = nearestName(to: name, among: table.columns.map(\.name))
                throw StarlingError(
                    .binding,
                    "table '\(table.name)' has no column '\(name)', which '\(view)' gives"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""))
            }
            guard definition.column(place, of: table)?.generated == nil else {
                throw StarlingError(
                    .binding, "column '\(name)' of '\(table.name)' is computed of others")
            }
            return place
        }
        for (place, column) in table.columns.enumerated() where !positions.contains(place) {
            guard let reason = definition.need(of: place, in: table) else { continue }
            throw StarlingError(
                .binding,
                "'\(view)' does not give the column '\(column.name)' of '\(table.name)', which "
                    + reason)
        }
        let expiry = ["partition_ttl", "partition_live_number", "partition_retention_condition"]
            .first { definition?.property($0) != nil }
        if table.keyColumns == nil, let expiry {
            throw StarlingError(
                .unsupported,
                "'\(table.name)' lets rows go by \(expiry), and has no key by which its materialized "
                    + "views would know which ones are gone")
        }
        return positions
    }
}

extension CreateTable? {
    /// Tells whether a column has the value of one row, and not what values of several rows come to.
    func hasOneSource(_ table: NativeTable, _ position: Int) -> Bool {
        guard let key = table.keyColumns, !key.positions.contains(position) else { return false }
        return aggregate(of: table.columns[position]) == nil
    }

    /// What CREATE TABLE says of a column.
    fileprivate func column(_ position: Int, of table: NativeTable) -> ColumnDefinition? {
        self?.columns.first { $0.name.text == table.columns[position].name }
    }

    /// Says why each row that comes must bring a column; nil where it need not.
    fileprivate func need(of position: Int, in table: NativeTable) -> String? {
        let definition = column(position, of: table)
        if table.keyColumns?.positions.contains(position) ?? false { return "is in its key" }
        if definition?.isAutoIncrement == true { return "is AUTO_INCREMENT" }
        guard !table.columns[position].isNullable, definition?.defaultValue == nil,
            definition?.generated == nil
        else { return nil }
        return "takes no NULL and has no DEFAULT"
    }

    /// The aggregate of a column's values; nil where one value counts.
    func aggregate(of column: TableColumn) -> String? {
        self?.columns.first { $0.name.text == column.name }?.aggregation?.unorderedFunction
    }
}

extension NativeTable {
    /// Tells whether another snapshot of the table has other rows.
    fileprivate func hasOtherRows(than other: NativeTable) -> Bool {
        !ChangesTable(from: self, to: other).parts.isEmpty
    }
}

extension MaterializedView {
    /// The table that the view feeds; nil where there is none.
    var target: CatalogName? {
        guard let target = definition.target, let state = state as? ViewState else { return nil }
        let parts = target.parts.map(\.text)
        return CatalogName(
            database: parts.count > 1 ? parts[parts.count - 2] : state.record.database,
            name: parts[parts.count - 1])
    }
}

extension CatalogContents {
    /// The views that feed a table, in the order of their names.
    fileprivate func feeders(of table: CatalogName) -> [FedTable.Feeder] {
        materializedViews.compactMap { name, view in
            guard view.target?.folded == table.folded, let state = view.state as? ViewState,
                case .table(let storage as NativeTable)? = entry(name)?.content
            else { return nil }
            return FedTable.Feeder(
                name: name, record: state.record, earlier: storage, later: storage)
        }
    }
}
