import StarlingPlans
import StarlingStorage
import StarlingTables

/// Is what happened to one table that a view reads: what commits did to a table of the database, or
/// which files came to those that there were.
package struct BaseChange: Sendable {
    /// Is the rows that came and went.
    enum Rows: Sendable {
        /// Each has its weight.
        case weighted(ChangesTable)
        /// All of them came.
        case added(any Table)
    }

    package let earlier: any Table
    package let later: any Table
    /// Nil where nothing changed.
    let rows: Rows?
    let lineage: TableLineage

    /// Compares two snapshots of a table, which have the same columns, given those between them that only
    /// packed rows anew.
    package init(
        from earlier: NativeTable, to later: NativeTable,
        repackings: [(before: NativeTable, after: NativeTable)] = []
    ) {
        let changes =
            earlier === later
            ? nil : ChangesTable(from: earlier, to: later, repackings: repackings)
        self.init(
            earlier, later, changes.flatMap { $0.parts.isEmpty ? nil : .weighted($0) },
            .table(later.key))
    }

    /// Is a table that has not changed.
    package init(same table: NativeTable) {
        self.init(table, table, nil, .table(table.key))
    }

    /// Compares files with those of them that there were; these are as they were.
    package init(from known: Set<FileVersion>, to later: some TableOfFiles) {
        let added = Set(later.files).subtracting(known)
        guard !added.isEmpty else {
            self.init(later, later, nil, .files(later.source))
            return
        }
        self.init(
            later.keeping(known), later, .added(later.keeping(added)), .files(later.source))
    }

    private init(
        _ earlier: any Table, _ later: any Table, _ rows: Rows?, _ lineage: TableLineage
    ) {
        self.earlier = earlier
        self.later = later
        self.rows = rows
        self.lineage = lineage
    }

    package var isChange: Bool { rows != nil }

    /// Returns the same change for who reads only some of the rows that there are now; these stand in
    /// the first columns of a table.
    package func reading(_ rows: NativeTable) -> BaseChange {
        BaseChange(earlier, rows, self.rows, lineage)
    }
}

extension LogicalPlan {
    /// The tables of files that are read, each once.
    package var tablesOfFiles: [any TableOfFiles] {
        var found: [any TableOfFiles] = []
        forEach { part in
            guard case .scan(let scan) = part.node, let table = scan.table as? any TableOfFiles,
                table.lineage != nil, !found.contains(where: { $0.source == table.source })
            else { return }
            found.append(table)
        }
        return found
    }
}
