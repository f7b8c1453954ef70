// SELECT with its clauses.

import StarlingErrors

extension Parser {
    /// Parses one SELECT block, or `FROM t ..`, which selects everything.
    mutating func select() throws(StarlingError) -> Select {
        let start = current.start
        var select = Select(items: [], range: current.range)
        if accept(.select) {
            while current.kind == .hint { select.hints += try hints(in: take()) }
            if at(.distinct, .on), token(ahead: 2).symbol == .open {
                position += 2
                select.distinctOn = try parenthesisedList { parser throws(StarlingError) in
                    try parser.expression()
                }
            } else if accept(.distinct) {
                select.isDistinct = true
            } else {
                _ = accept(.all)
            }
            select.items = try list { parser throws(StarlingError) in try parser.selectItem() }
        } else {
            select.items = [.wildcard(Wildcard(range: current.range))]
        }
        if accept(.from), !accept(.dual) { select.from = try tableReferences() }
        if accept(.where) { select.condition = try expression() }
        if accept(.group) {
            try expect(.by)
            select.groupBy = try groupBy()
        }
        if accept(.having) { select.having = try expression() }
        if at(.window) { select.windows = try namedWindows() }
        if accept(.qualify) { select.qualify = try expression() }
        if at(.window) { select.windows += try namedWindows() }
        select.range = range(from: start)
        return select
    }

    private mutating func namedWindows() throws(StarlingError) -> [NamedWindow] {
        try expect(.window)
        return try list { parser throws(StarlingError) in
            let name = try parser.identifier("a window's name")
            try parser.expect(.as)
            return NamedWindow(name: name, specification: try parser.windowSpecification())
        }
    }

    // MARK: The select list

    private mutating func selectItem() throws(StarlingError) -> SelectItem {
        if let wildcard = try wildcard() { return .wildcard(wildcard) }
        if at(.from) || current.kind == .end {
            throw expected("an expression to select")
        }
        let expression = try expression()
        return .expression(expression, alias: try selectAlias())
    }

    /// Parses `[AS] name`; a string names a column too.
    private mutating func selectAlias() throws(StarlingError) -> Identifier? {
        if accept(.as) {
            if current.kind == .word { return try anyWord() }
            return try identifierOrString("a name for the column")
        }
        if current.kind == .string { return try identifierOrString() }
        guard isName(current), !(current.keyword?.beginsClause ?? false) else { return nil }
        return try identifier()
    }

    /// Parses `*` or `a.b.*` with EXCLUDE and REPLACE; returns nil if it is no wildcard.
    private mutating func wildcard() throws(StarlingError) -> Wildcard? {
        let start = current.start
        var qualifier: QualifiedName?
        if !atSymbol(.star) {
            guard isName(current) else { return nil }
            var ahead = 1
            while token(ahead: ahead).symbol == .dot, isNameOrWord(token(ahead: ahead + 1)) {
                ahead += 2
            }
            guard token(ahead: ahead).symbol == .dot, token(ahead: ahead + 1).symbol == .star
            else { return nil }
            qualifier = try qualifiedName()
            try expectSymbol(.dot)
        }
        try expectSymbol(.star)
        var wildcard = Wildcard(qualifier: qualifier, range: range(from: start))
        if at(anyOf: .exclude, .except), token(ahead: 1).symbol == .open, !isQuery(at: position + 1)
        {
            take()
            wildcard.excluded = try identifierList()
        } else if at(.exclude), isName(token(ahead: 1)) {
            take()
            wildcard.excluded = [try identifier()]
        }
        if at(.replace), token(ahead: 1).symbol == .open {
            take()
            wildcard.replaced = try parenthesisedList { parser throws(StarlingError) in
                let expression = try parser.expression()
                _ = parser.accept(.as)
                return Wildcard.Replacement(
                    expression: expression, name: try parser.identifier())
            }
        }
        wildcard.range = range(from: start)
        return wildcard
    }

    private func isNameOrWord(_ token: Token) -> Bool {
        token.kind == .word || token.kind == .quotedName
    }

    // MARK: GROUP BY

    private mutating func groupBy() throws(StarlingError) -> GroupBy {
        if accept(.all) { return .all }
        let elements = try list { parser throws(StarlingError) in
            try parser.groupingElement(isSet: false)
        }
        if accept(.with, .rollup) { return .elements([.rollup(levels(of: elements))]) }
        if accept(.with, .cube) { return .elements([.cube(levels(of: elements))]) }
        return .elements(elements)
    }

    private func levels(of elements: [GroupingElement]) -> [[Expression]] {
        elements.compactMap { element in
            switch element {
            case .expression(let expression): [expression]
            case .set(let expressions): expressions
            default: nil
            }
        }
    }

    /// Parses an element of GROUP BY, or of GROUPING SETS.
    private mutating func groupingElement(isSet: Bool) throws(StarlingError) -> GroupingElement {
        try nested { parser throws(StarlingError) in
            let next = parser.token(ahead: 1)
            if parser.at(.rollup), next.symbol == .open {
                parser.take()
                return .rollup(try parser.groupingLevels())
            }
            if parser.at(.cube), next.symbol == .open {
                parser.take()
                return .cube(try parser.groupingLevels())
            }
            if parser.accept(.grouping, .sets) {
                return .sets(
                    try parser.parenthesisedList { parser throws(StarlingError) in
                        try parser.groupingElement(isSet: true)
                    })
            }
            if parser.atSymbol(.open), next.symbol == .close {
                parser.position += 2
                return .set([])
            }
            let expression = try parser.expression()
            if case .row(let parts) = expression.kind { return .set(parts) }
            return isSet ? .set([expression]) : .expression(expression)
        }
    }

    /// Parses the levels of ROLLUP and CUBE.
    private mutating func groupingLevels() throws(StarlingError) -> [[Expression]] {
        try expectSymbol(.open)
        if acceptSymbol(.close) { return [] }
        let levels = try list { parser throws(StarlingError) -> [Expression] in
            let expression = try parser.expression()
            if case .row(let parts) = expression.kind { return parts }
            return [expression]
        }
        try expectSymbol(.close)
        return levels
    }
}
