// What stands behind ORDER BY and CLUSTER BY of a table.

import StarlingErrors

extension Parser {
    /// Parses `(a, b)`, `zorder(a, b)` and `(a, hilbert(b, c))`.
    mutating func tableSortKey(
        mayBeEmpty: Bool = false
    ) throws(StarlingError) -> TableSortKey {
        var key = TableSortKey()
        if try sortCurve(&key) { return key }
        guard acceptSymbol(.open) else {
            throw expected("columns in parentheses, zorder(…) or hilbert(…)")
        }
        if mayBeEmpty, acceptSymbol(.close) { return key }
        repeat {
            guard key.curve == nil else {
                throw StarlingError(
                    .syntax,
                    "a curve is the last in a sort key: hardly two rows have one place on it",
                    at: current.range)
            }
            if try !sortCurve(&key) { key.columns.append(try identifier()) }
        } while acceptSymbol(.comma)
        try expectSymbol(.close)
        return key
    }

    /// Parses a curve and its columns; false where there is none.
    private mutating func sortCurve(_ key: inout TableSortKey) throws(StarlingError) -> Bool {
        guard token(ahead: 1).symbol == .open,
            let kind = SortCurve.Kind.allCases.first(where: { isWord($0.rawValue.uppercased()) })
        else { return false }
        take()
        key.curve = SortCurve(kind, start: key.columns.count)
        key.columns += try identifierList()
        return true
    }
}
