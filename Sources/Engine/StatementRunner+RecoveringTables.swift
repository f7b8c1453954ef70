// RECOVER TABLE and RECOVER DATABASE: what was dropped without FORCE is kept for a while, as the rows that
// it had lie, and comes back as it was. ALTER DATABASE … RENAME.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingThreads

extension StatementRunner {
    /// Until when something that is dropped now is kept; nil where nothing of it is.
    func keepingEnd(of entries: [CatalogEntry]) -> Int64? {
        guard !session.isRestoring else { return nil }
        let ages = entries.compactMap { keepingTime(of: $0) }
        let isEmptyDatabase = entries.isEmpty && session.database.folder != nil
        guard let age = isEmptyDatabase ? SnapshotRetention.day.microseconds : ages.max() else {
            return nil
        }
        let (end, isOver) = wallClockMicroseconds().addingReportingOverflow(age)
        return isOver ? .max : end
    }

    /// As long as its snapshots a table is kept; a day where these are counted.
    private func keepingTime(of entry: CatalogEntry) -> Int64? {
        guard entry.materialized == nil, case .table = entry.content,
            let retention = try? retention(of: entry.definition), retention.count > 0
        else { return nil }
        return retention.microseconds == .max
            ? SnapshotRetention.day.microseconds : retention.microseconds
    }

    /// Brings back the table or database of a name that was dropped last.
    func recover(_ kind: ObjectKind, _ target: QualifiedName) throws(StarlingError) -> Result {
        guard kind == .table || kind == .database else {
            throw StarlingError(
                .unsupported,
                "RECOVER brings back a TABLE, a DATABASE or a PARTITION; a "
                    + "\(kind.rawValue.lowercased()) is made by its CREATE", at: target.range)
        }
        let isTable = kind == .table
        let name =
            isTable
            ? try catalogName(target)
            : CatalogName(database: try catalog.resolveDatabase(target), name: "")
        if isTable, !catalog.hasDatabase(name.database) {
            throw catalog.unknownDatabase(name.database).located(at: target.range)
        }
        let items = contents.dropped.filter { item in
            item.database.lowercased() == name.database.lowercased()
                && (item.table ?? "").lowercased() == name.name.lowercased()
                && (item.table != nil) == isTable && item.end > wallClockMicroseconds()
        }
        guard let item = items.last else { throw lost(kind, target) }
        let isTaken = isTable ? entry(name) != nil : catalog.hasDatabase(name.database)
        guard !isTaken else {
            let words = isTable ? "ALTER TABLE" : "ALTER DATABASE"
            throw StarlingError(
                .binding,
                "there is a \(isTable ? "table or view" : "database") '\(target.last.text)' already; "
                    + "\(words) \(target.last.text) RENAME … gives it another name first",
                at: target.range)
        }
        try located(target) { () throws(StarlingError) in
            try commit(to: catalog, [.recovery(number: item.number)]) {
                (contents) throws(StarlingError) in
                try contents.recover(number: item.number)
            }
        }
        return .none
    }

    private func lost(_ kind: ObjectKind, _ target: QualifiedName) -> StarlingError {
        let word = kind.rawValue.lowercased()
        let known = contents.dropped.filter { ($0.table != nil) == (kind == .table) }
        let near = nearestName(
            to: target.last.text, among: known.map { $0.table ?? $0.database })
        return StarlingError(
            .binding,
            "no \(word) '\(target.last.text)' that was dropped is kept"
                + (near.map { "; did you mean '\($0)'?" }
                    ?? "; a table is as long as its snapshots ('snapshot_retention'), a day by "
                    + "itself and not at all in memory, unless it went with FORCE"),
            at: target.range)
    }

    // MARK: ALTER DATABASE

    func renameDatabase(
        _ target: QualifiedName, to new: Identifier
    ) throws(StarlingError) -> Result {
        let database = try catalog.resolveDatabase(target)
        try checkNamed(QualifiedName([new]), "database")
        guard catalog.hasDatabase(database), database.lowercased() != Catalog.systemDatabase else {
            throw catalog.unknownDatabase(database).located(at: target.range)
        }
        guard database.lowercased() != Catalog.defaultDatabase else {
            throw StarlingError(
                .binding, "'\(database)' is the database that sessions begin in; it keeps its name",
                at: target.range)
        }
        guard !catalog.hasDatabase(new.text) else {
            throw StarlingError(
                .binding, "database '\(new.text)' exists already", at: new.range)
        }
        if let view = contents.materializedView(within: database) {
            throw StarlingError(
                .unsupported,
                "the materialized view '\(view.database).\(view.name)' follows tables of "
                    + "'\(database)' by their names; DROP it before and CREATE it again behind this",
                at: target.range)
        }
        try commit(to: catalog, [change(.renameDatabase(target, to: new))]) {
            (contents) throws(StarlingError) in
            guard contents.hasDatabase(database), !contents.hasDatabase(new.text) else {
                throw contents.unknownDatabase(database).located(at: target.range)
            }
            contents.renameDatabase(database, to: new.text)
        }
        try session.temporary.change { $0.renameDatabase(database, to: new.text) }
        if session.currentDatabase.lowercased() == database.lowercased() {
            session.currentDatabase = new.text
        }
        return .none
    }
}

extension CatalogContents {
    /// Describes a table, or a database, that goes and is kept; materialized views do not stay.
    func item(
        of name: CatalogName, isWhole: Bool, number: Int?, until end: Int64
    ) -> DroppedItem {
        let entries = isWhole ? self.entries(in: name.database) : [entry(name)].compactMap { $0 }
        return DroppedItem(
            number: number ?? lastDroppedNumber + 1, database: name.database,
            table: isWhole ? nil : entries.first?.name ?? name.name, end: end,
            entries: entries.filter { $0.materialized == nil },
            functions: isWhole ? functions(in: name.database) : [])
    }

    /// Finds a materialized view that is in a database, or reads one of its tables.
    fileprivate func materializedView(within database: String) -> CatalogName? {
        materializedViews.first { name, view in
            let record = (view.state as? ViewState)?.record
            let read = (record?.bases ?? []).map(\.table) + (record?.sources ?? []).map(\.name)
            return ([name.database] + read.map(\.database)).contains {
                $0.lowercased() == database.lowercased()
            }
        }?.name
    }
}

extension DroppedItem {
    /// The change that drops it, under the name that it has then.
    func change(dropping name: CatalogName) -> Change {
        .retirement(
            TableName(database: name.database, name: table == nil ? "" : name.name),
            number: number, end: end,
            original: TableName(database: database, name: table ?? ""))
    }
}

extension CatalogEntry {
    /// Returns a table under another name.
    func named(_ name: String) -> CatalogEntry {
        var entry = self
        entry.name = name
        if case .table(let table as NativeTable) = content {
            entry.content = .table(table.named(name))
        }
        if let definition {
            entry.definition?.name = QualifiedName([
                Identifier(name, isQuoted: true, range: definition.name.range)
            ])
        }
        return entry
    }
}
