// The order in which a table keeps its rows: `(a, b)`, `zorder(a, b)`, or columns before a curve, as
// in `(a, hilbert(b, c))`.

/// Names a curve that goes through the values of several columns, so that rows that are near each
/// other on it have similar values in all of them.
package struct SortCurve: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case zorder
        case hilbert
    }

    package var kind: Kind
    /// The first column of the sort key that lies on the curve; all behind it do, too.
    package var start: Int

    package init(_ kind: Kind, start: Int) {
        self.kind = kind
        self.start = start
    }
}

/// Holds what ORDER BY and CLUSTER BY say of a table.
package struct TableSortKey: Sendable, Equatable {
    package var columns: [Identifier] = []
    package var curve: SortCurve?

    package init(_ columns: [Identifier] = [], curve: SortCurve? = nil) {
        self.columns = columns
        self.curve = curve
    }
}

extension CreateTable {
    /// What ORDER BY says; nil where there is none.
    package var orderBy: TableSortKey? {
        get { sortKey.isEmpty ? nil : TableSortKey(sortKey, curve: sortCurve) }
        set {
            sortKey = newValue?.columns ?? []
            sortCurve = newValue?.curve
        }
    }
}
