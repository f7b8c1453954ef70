// Windows and orders.

import StarlingErrors

extension Parser {
    /// Parses `([base] [PARTITION BY ..] [ORDER BY ..] [frame])`.
    mutating func windowSpecification() throws(StarlingError) -> WindowSpecification {
        try expectSymbol(.open)
        var window = WindowSpecification()
        if isName(current), !at(anyOf: .rows, .range, .groups) {
            window.base = try identifier()
        }
        if atSymbol(.openBracket) { window.hints = try bracketHints() }
        if accept(.partition, .by) { window.partitionBy = try expressionList() }
        if accept(.order, .by) { window.orderBy = try sortItems() }
        window.frame = try windowFrame()
        guard acceptSymbol(.close) else {
            throw expected(
                "PARTITION BY, ORDER BY, a frame or ')'",
                nearest: [.partition, .order, .rows, .range, .by])
        }
        return window
    }

    private mutating func windowFrame() throws(StarlingError) -> WindowFrame? {
        let unit: WindowFrame.Unit
        if accept(.rows) {
            unit = .rows
        } else if accept(.range) {
            unit = .range
        } else if accept(.groups) {
            unit = .groups
        } else {
            return nil
        }
        var frame: WindowFrame
        if accept(.between) {
            let start = try frameBound()
            try expect(.and)
            frame = WindowFrame(unit: unit, start: start, end: try frameBound())
        } else {
            frame = WindowFrame(unit: unit, start: try frameBound(), end: nil)
        }
        if accept(.exclude) { frame.exclusion = try frameExclusion() }
        return frame
    }

    private mutating func frameBound() throws(StarlingError) -> WindowFrame.Bound {
        if accept(.current, .row) { return .currentRow }
        if accept(.unbounded, .preceding) { return .unboundedPreceding }
        if accept(.unbounded, .following) { return .unboundedFollowing }
        let distance = try valueExpression()
        if accept(.preceding) { return .preceding(distance) }
        if accept(.following) { return .following(distance) }
        throw expected("PRECEDING or FOLLOWING", nearest: [.preceding, .following])
    }

    private mutating func frameExclusion() throws(StarlingError) -> WindowFrame.Exclusion {
        if accept(.current, .row) { return .currentRow }
        if accept(.group) { return .group }
        if accept(.ties) { return .ties }
        if accept(.no, .others) { return .noOthers }
        throw expected("CURRENT ROW, GROUP, TIES or NO OTHERS")
    }

    /// Parses one or more keys of an order.
    mutating func sortItems() throws(StarlingError) -> [SortItem] {
        try list { parser throws(StarlingError) in
            let expression = try parser.expression()
            let isDescending = parser.sortDirection()
            return SortItem(
                expression: expression, isDescending: isDescending,
                areNullsFirst: try parser.nullOrder())
        }
    }

    /// Takes ASC or DESC; tells whether it was DESC.
    mutating func sortDirection() -> Bool {
        if accept(.asc) { return false }
        return accept(.desc)
    }

    mutating func nullOrder() throws(StarlingError) -> Bool? {
        guard accept(.nulls) else { return nil }
        if accept(.first) { return true }
        if accept(.last) { return false }
        throw expected("FIRST or LAST", nearest: [.first, .last])
    }
}
