// Queries around SELECT: WITH, set operations, VALUES, ORDER BY, LIMIT.

import StarlingErrors

extension Parser {
    /// Parses a query.
    mutating func query() throws(StarlingError) -> Query {
        try nested { parser throws(StarlingError) in
            let with = try parser.withClause()
            return try parser.query(after: with)
        }
    }

    /// Parses what follows WITH.
    mutating func query(after with: WithClause?) throws(StarlingError) -> Query {
        let start = with?.tables.first?.name.range.start ?? current.start
        let body = try queryBody()
        var query = Query(with: with, body: body, range: range(from: start))
        if accept(.order, .by) { query.orderBy = try orderBy() }
        query.limit = try limit()
        query.range = range(from: start)
        return query
    }

    /// Parses `(query)`.
    mutating func parenthesisedQuery() throws(StarlingError) -> Query {
        try expectSymbol(.open)
        let query = try query()
        if !acceptSymbol(.close) {
            let rest = unexpectedRest()
            throw rest.message.contains("did you mean") ? rest : expected("')'")
        }
        return query.withoutParentheses
    }

    /// Tells whether the parenthesis at that token encloses a query. Where parentheses are nested,
    /// what follows the inner one decides: `((SELECT 1) UNION ..)` is a query, `((SELECT 1) + 1)`
    /// is not.
    func isQuery(at opening: Int) -> Bool {
        var index = opening
        while index + 1 < tokens.count, tokens[index].symbol == .open {
            let inner = tokens[index + 1]
            guard inner.symbol == .open else {
                switch inner.keyword {
                case .select, .with: return true
                case .values: return tokens[index + 2].symbol == .open
                case .from: return true
                default: return false
                }
            }
            let closing = Int(closings[index + 1])
            guard closing > 0 else { return false }
            switch tokens[closing + 1].keyword {
            case .union, .intersect, .except, .minus, .order, .limit: return true
            default: if tokens[closing + 1].symbol != .close { return false }
            }
            index += 1
        }
        return false
    }

    // MARK: WITH

    /// Parses WITH where it is written.
    mutating func withClause() throws(StarlingError) -> WithClause? {
        guard accept(.with) else { return nil }
        let isRecursive = accept(.recursive)
        let tables = try list { parser throws(StarlingError) in
            let name = try parser.identifier("a name for the common table expression")
            let columns = parser.atSymbol(.open) ? try parser.identifierList() : []
            try parser.expect(.as)
            var isMaterialized: Bool?
            if parser.accept(.not, .materialized) {
                isMaterialized = false
            } else if parser.accept(.materialized) {
                isMaterialized = true
            }
            let query = try parser.parenthesisedQuery()
            return CommonTable(
                name: name, columns: columns, isMaterialized: isMaterialized, query: query)
        }
        return WithClause(isRecursive: isRecursive, tables: tables)
    }

    // MARK: Set operations

    /// Parses operands of UNION and EXCEPT, which group to the left.
    private mutating func queryBody() throws(StarlingError) -> QueryBody {
        let siblings = height
        height = 0
        var left = try intersection()
        while true {
            let kind: SetOperation.Kind
            if accept(.union) {
                kind = .union
            } else if accept(.except) || (at(.minus) && isSetOperator()) {
                if at(.minus) { take() }
                kind = .except
            } else {
                break
            }
            let isAll = setQuantifier()
            let leftHeight = height
            height = 0
            let right = try intersection()
            left = .setOperation(
                SetOperation(kind: kind, isAll: isAll, left: left, right: right))
            height = max(height, leftHeight)
            try grow()
        }
        height = max(height, siblings)
        return left
    }

    /// Parses operands of INTERSECT, which binds tighter.
    private mutating func intersection() throws(StarlingError) -> QueryBody {
        var left = try queryPrimary()
        while accept(.intersect) {
            let isAll = setQuantifier()
            let right = try queryPrimary()
            left = .setOperation(
                SetOperation(kind: .intersect, isAll: isAll, left: left, right: right))
            try grow()
        }
        return left
    }

    /// Tells whether MINUS, which may be a name, is followed by a query.
    private func isSetOperator() -> Bool {
        let next = token(ahead: 1)
        switch next.keyword {
        case .select, .values, .all, .distinct, .from: return true
        default: return next.symbol == .open
        }
    }

    private mutating func setQuantifier() -> Bool {
        if accept(.all) { return true }
        _ = accept(.distinct)
        return false
    }

    private mutating func queryPrimary() throws(StarlingError) -> QueryBody {
        if at(.select) || at(.from) { return .select(try select()) }
        if atSymbol(.open) { return .parenthesised(try parenthesisedQuery()) }
        guard accept(.values) else {
            throw expected("a query", nearest: [.select, .values, .with])
        }
        return .values(
            try list { parser throws(StarlingError) in
                _ = parser.accept(.row)
                return try parser.parenthesisedList { parser throws(StarlingError) in
                    try parser.expression()
                }
            })
    }

    // MARK: ORDER BY and LIMIT

    private mutating func orderBy() throws(StarlingError) -> OrderBy {
        guard accept(.all) else { return .items(try sortItems()) }
        let isDescending = sortDirection()
        return .all(isDescending: isDescending, areNullsFirst: try nullOrder())
    }

    /// Parses `LIMIT n [OFFSET m]`, `LIMIT m, n`, `OFFSET m [ROWS] [FETCH FIRST n ROWS ONLY]`.
    mutating func limit() throws(StarlingError) -> Limit? {
        var limit = Limit()
        if accept(.limit) {
            if !accept(.all) { limit.count = try valueExpression() }
            if limit.count != nil, acceptSymbol(.comma) {
                limit.offset = limit.count
                limit.count = try valueExpression()
            } else if accept(.offset) {
                limit.offset = try valueExpression()
            }
        } else if accept(.offset) {
            limit.offset = try valueExpression()
            _ = accept(.rows) || accept(.row)
            if accept(.limit) { limit.count = try valueExpression() }
        }
        if at(.fetch), limit.count == nil {
            take()
            if !accept(.first) { try expect(.next) }
            let isOne = at(anyOf: .row, .rows)
            limit.count =
                isOne
                ? Expression(.literal(.integer("1")), at: current.range) : try valueExpression()
            if !accept(.rows) { try expect(.row) }
            try expect(.only)
        }
        return limit.count == nil && limit.offset == nil ? nil : limit
    }
}
