import StarlingStorage
import StarlingTables

/// Is what a commit, or several, did to one table that a view reads.
package struct BaseChange: Sendable {
    package let earlier: NativeTable
    package let later: NativeTable
    /// The rows that came and went; nil where none did.
    package let changes: ChangesTable?
    /// Tells the table from others.
    let key: ObjectIdentifier

    /// Compares two snapshots of a table, which have the same columns.
    package init(from earlier: NativeTable, to later: NativeTable) {
        self.earlier = earlier
        self.later = later
        key = later.key
        let changes = earlier === later ? nil : ChangesTable(from: earlier, to: later)
        self.changes = changes.flatMap { $0.parts.isEmpty ? nil : $0 }
    }

    /// Is a table that has not changed.
    package init(same table: NativeTable) {
        earlier = table
        later = table
        key = table.key
        changes = nil
    }

    private init(_ change: BaseChange, later: NativeTable) {
        earlier = change.earlier
        self.later = later
        key = change.key
        changes = change.changes
    }

    /// Returns the same change for who reads only some of the rows that there are now; these stand in
    /// the first columns of a table.
    package func reading(_ rows: NativeTable) -> BaseChange {
        BaseChange(self, later: rows)
    }
}
