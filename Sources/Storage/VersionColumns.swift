// The columns of a version of a table, and which of them a later column comes from: one that was
// converted to another type has a number of its own since, and may have got another name later.

import StarlingTables

/// Holds the columns that a version of a table has.
package struct VersionColumns: Sendable {
    package var columns: [TableColumn]
    package var identities: [ColumnIdentity]

    package init(columns: [TableColumn], identities: [ColumnIdentity]) {
        self.columns = columns
        self.identities = identities
    }

    func place(ofNumber number: UInt32) -> Int? {
        identities.firstIndex { $0.number == number }
    }

    /// The number of the column that one of the next version was made of; nil where it was new.
    fileprivate func origin(of number: UInt32, in next: VersionColumns) -> UInt32? {
        guard place(ofNumber: number) == nil else { return number }
        guard let place = next.place(ofNumber: number) else { return nil }
        let name = next.columns[place].name.lowercased()
        return zip(columns, identities).first { column, identity in
            column.name.lowercased() == name && next.place(ofNumber: identity.number) == nil
        }?.1.number
    }
}

extension NativeTable {
    package var versionColumns: VersionColumns {
        VersionColumns(columns: columns, identities: identities)
    }

    /// Finds the place of the column in an earlier version that each column of a later one was made
    /// of, be it the same one or one of another type; nil where there was none.
    package func origins(of later: NativeTable, in earlier: NativeTable) -> [Int?] {
        let (first, last) = (earlier.history.number, later.history.number)
        let between = history.past.filter { first < $0.number && $0.number < last }
        let path = ([earlier.versionColumns] + between.map(\.columns)).reversed()
        return later.identities.map { identity in
            var (origin, next) = (Optional(identity.number), later.versionColumns)
            for version in path {
                origin = origin.flatMap { version.origin(of: $0, in: next) }
                next = version
            }
            return origin.flatMap { earlier.versionColumns.place(ofNumber: $0) }
        }
    }

    /// Names a column that one of two versions has with the values of a column of the other one in
    /// another form; nil where there is none.
    func columnConverted(between one: NativeTable, and other: NativeTable) -> String? {
        let isAscending = one.history.number <= other.history.number
        let (earlier, later) = isAscending ? (one, other) : (other, one)
        let origins = origins(of: later, in: earlier)
        let place = later.columns.indices.first { place in
            origins[place].map { earlier.identities[$0].number } != later.identities[place].number
                && origins[place] != nil
        }
        return place.map { later.columns[$0].name }
    }
}
