// What stands in FROM: tables, files, functions, subqueries, PIVOT and UNPIVOT.

import StarlingErrors

extension Parser {
    /// Parses sources between commas.
    mutating func tableReferences() throws(StarlingError) -> [TableReference] {
        try list { parser throws(StarlingError) in try parser.tableReference() }
    }

    /// Parses one source with its joins.
    mutating func tableReference() throws(StarlingError) -> TableReference {
        try nested { parser throws(StarlingError) in
            var left = try parser.tablePrimary()
            while let joined = try parser.join(with: left) {
                left = joined
                try parser.grow()
            }
            return left
        }
    }

    /// Parses one source without joins.
    mutating func tablePrimary() throws(StarlingError) -> TableReference {
        var source = try plainSource()
        while true {
            if at(.pivot), token(ahead: 1).symbol == .open {
                source = try pivot(source)
            } else if at(.unpivot) {
                source = try unpivot(source)
            } else {
                return source
            }
            try grow()
        }
    }

    private mutating func plainSource() throws(StarlingError) -> TableReference {
        let start = current.start
        let isLateral = accept(.lateral)
        if atSymbol(.open) { return try parenthesisedSource(start, isLateral) }
        if current.kind == .string {
            let path = string(of: take())
            let alias = try tableAlias()
            return TableReference(.path(path, alias: alias), at: range(from: start))
        }
        if at(.table), token(ahead: 1).symbol == .open {
            position += 2
            var function = try tableFunction(try qualifiedName("a table function"))
            try expectSymbol(.close)
            function.isWrapped = true
            return try finish(function, start, isLateral)
        }
        try refusePath()
        let name = try qualifiedName("a table, a file, a function or a subquery")
        try refusePath()
        if atSymbol(.open) { return try finish(try tableFunction(name), start, isLateral) }
        return try namedTable(name, start)
    }

    /// Says how a path is written, to those who have left its quotes out.
    private func refusePath() throws(StarlingError) {
        guard atSymbol(.slash) || atSymbol(.dot) || atSymbol(.tilde) else { return }
        throw StarlingError(
            .syntax,
            "unexpected \(describe(current)); a file's path goes into single quotes, "
                + "as in FROM 'folder/file.parquet'", at: current.range)
    }

    private mutating func finish(_ function: TableFunction, _ start: Int, _ isLateral: Bool)
        throws(StarlingError) -> TableReference
    {
        var function = function
        function.isLateral = isLateral
        function.alias = try tableAlias()
        return TableReference(.function(function), at: range(from: start))
    }

    /// Parses a subquery, or sources in parentheses.
    private mutating func parenthesisedSource(_ start: Int, _ isLateral: Bool)
        throws(StarlingError) -> TableReference
    {
        if isQuery(at: position) {
            let query = try parenthesisedQuery()
            let alias = try tableAlias()
            return TableReference(
                .subquery(query, isLateral: isLateral, alias: alias), at: range(from: start))
        }
        take()
        let sources = try tableReferences()
        try expectSymbol(.close)
        var source = sources[0]
        for next in sources.dropFirst() {
            let join = Join(kind: .cross, left: source, right: next, condition: nil, hint: nil)
            source = TableReference(.join(join), at: range(from: start))
            try grow()
        }
        source.range = range(from: start)
        return source
    }

    // MARK: Named tables

    private mutating func namedTable(_ name: QualifiedName, _ start: Int) throws(StarlingError)
        -> TableReference
    {
        var table = NamedTable(name: name)
        table.timeTravel = try timeTravel()
        table.partitions = try partitionSelection()
        if table.timeTravel == nil { table.timeTravel = try timeTravel() }
        if token(ahead: 1).symbol == .open, token(ahead: 2).kind == .integer {
            if accept(.tablet) || acceptWord("TABLETS") { table.tablets = try numbers() }
            if acceptWord("REPLICA") { table.replicas = try numbers() }
        }
        table.sample = try sample()
        table.alias = try tableAlias()
        if atSymbol(.openBracket) { table.hints = try bracketHints() }
        if table.alias == nil, !table.hints.isEmpty { table.alias = try tableAlias() }
        if table.sample == nil { table.sample = try sample() }
        return TableReference(.table(table), at: range(from: start))
    }

    /// Parses `(1, 2)`, numbers as they are written.
    private mutating func numbers() throws(StarlingError) -> [String] {
        try parenthesisedList { parser throws(StarlingError) in
            let token = parser.current
            _ = try parser.integer("a number")
            return parser.text(of: token)
        }
    }

    /// Parses `[AS] name [(columns)]`.
    mutating func tableAlias() throws(StarlingError) -> TableAlias? {
        if accept(.as) {
            let name = try identifierOrString("a name for the table")
            let columns = atSymbol(.open) ? try identifierList() : []
            return TableAlias(name: name, columns: columns)
        }
        guard isName(current), !(current.keyword?.beginsClause ?? false) else { return nil }
        let isJoin = at(anyOf: .semi, .anti) && token(ahead: 1).keyword == .join
        if isJoin { return nil }
        let name = try identifier()
        let columns = atSymbol(.open) ? try identifierList() : []
        return TableAlias(name: name, columns: columns)
    }

    /// Parses `FOR VERSION AS OF ..`, `FOR TIMESTAMP AS OF ..` and periods of both, also without
    /// FOR.
    mutating func timeTravel() throws(StarlingError) -> TimeTravel? {
        let start = position
        _ = accept(.for)
        let keyword = current.keyword
        guard at(anyOf: .version, .timestamp, .systemTime) else {
            position = start
            return nil
        }
        guard token(ahead: 1).keyword == .as, token(ahead: 2).keyword == .of else {
            if let period = try period(isVersion: keyword == .version) { return period }
            position = start
            return nil
        }
        position += 3
        if keyword == .systemTime, at(.timestamp), token(ahead: 1).kind != .string { take() }
        let moment = try valueExpression()
        return keyword == .version ? .version(moment) : .timestamp(moment)
    }

    /// Parses `BETWEEN a AND b`, `FROM a TO b` or ALL behind the kind of a period.
    private mutating func period(isVersion: Bool) throws(StarlingError) -> TimeTravel? {
        switch token(ahead: 1).keyword {
        case .all:
            position += 2
            return .period(isVersion: isVersion, .all)
        case .between:
            position += 2
            let from = try valueExpression()
            try expect(.and)
            return .period(isVersion: isVersion, .between(from, try valueExpression()))
        case .from:
            // The word may be an alias in front of a clause that begins with FROM.
            guard
                let bounds = attempt({ parser throws(StarlingError) -> TimeTravel.Period? in
                    parser.position += 2
                    let from = try parser.valueExpression()
                    try parser.expect(.to)
                    return .fromTo(from, try parser.valueExpression())
                })
            else { return nil }
            return .period(isVersion: isVersion, bounds)
        default: return nil
        }
    }

    /// Parses `[TEMPORARY] PARTITION (..)`, of names or of values.
    mutating func partitionSelection() throws(StarlingError) -> PartitionSelection? {
        let isTemporary = at(.temporary) && isPartition(token(ahead: 1))
        guard isTemporary || isPartition(current) else { return nil }
        position += isTemporary ? 2 : 1
        var selection = PartitionSelection(isTemporary: isTemporary, names: [], values: [])
        guard atSymbol(.open) else {
            selection.names = [try identifierOrString("a partition's name")]
            return selection
        }
        if isName(token(ahead: 1)), token(ahead: 2).symbol == .equal {
            selection.values = try parenthesisedList { parser throws(StarlingError) in
                let column = try parser.identifier("a column")
                let value: Expression? =
                    parser.acceptSymbol(.equal) ? try parser.expression() : nil
                return PartitionSelection.PartitionValue(column: column, value: value)
            }
        } else {
            selection.names = try parenthesisedList { parser throws(StarlingError) in
                try parser.identifierOrString("a partition's name")
            }
        }
        return selection
    }

    private func isPartition(_ token: Token) -> Bool {
        token.keyword == .partition || token.keyword == .partitions
    }

    /// Parses `TABLESAMPLE method (10 PERCENT)` and `SAMPLE ('percent' = '10')`.
    private mutating func sample() throws(StarlingError) -> TableSample? {
        if at(.sample), token(ahead: 1).symbol == .open {
            take()
            return .properties(try properties())
        }
        guard at(.tablesample) else { return nil }
        take()
        let method: Identifier? = isName(current) ? try identifier() : nil
        try expectSymbol(.open)
        let amount = try valueExpression()
        let isRows = accept(.rows)
        if !isRows, !acceptSymbol(.percent) { _ = accept(.percent) }
        try expectSymbol(.close)
        var sample = TableSample.Share(method: method, amount: amount, isRows: isRows, seed: nil)
        if accept(.repeatable) {
            try expectSymbol(.open)
            sample.seed = try expression()
            try expectSymbol(.close)
        }
        return .share(sample)
    }

    // MARK: Table functions

    /// Parses the parentheses behind a table function's name.
    mutating func tableFunction(_ name: QualifiedName) throws(StarlingError) -> TableFunction {
        var function = TableFunction(name: name)
        let key = token(ahead: 1).kind
        let isFiles = key == .string || (key == .quotedName && options.ansiQuotes)
        if isFiles, token(ahead: 2).symbol == .equal {
            function.properties = try properties()
            return function
        }
        try expectSymbol(.open)
        if acceptSymbol(.close) { return function }
        function.arguments = try list { parser throws(StarlingError) in try parser.argument() }
        try expectSymbol(.close)
        return function
    }

    // MARK: PIVOT and UNPIVOT

    private mutating func pivot(_ source: TableReference) throws(StarlingError) -> TableReference {
        position += 2
        let aggregates = try list { parser throws(StarlingError) in
            let call = try parser.expression()
            let isNamed = parser.accept(.as) || parser.isName(parser.current)
            return Pivot.Aggregate(call: call, alias: isNamed ? try parser.identifier() : nil)
        }
        try expect(.for)
        let columns = try oneOrMoreColumns()
        try expect(.in)
        let values = try parenthesisedList { parser throws(StarlingError) in
            let expression = try parser.expression()
            var parts = [expression]
            if case .row(let list) = expression.kind { parts = list }
            let isNamed = parser.accept(.as) || parser.isName(parser.current)
            let alias: Identifier? = isNamed ? try parser.identifier() : nil
            return Pivot.Value(values: parts, alias: alias)
        }
        try expectSymbol(.close)
        let pivot = Pivot(
            source: source, aggregates: aggregates, columns: columns, values: values,
            alias: try tableAlias())
        return TableReference(.pivot(pivot), at: range(from: source.range.start))
    }

    private mutating func unpivot(_ source: TableReference) throws(StarlingError)
        -> TableReference
    {
        take()
        var includesNulls = false
        if accept(.include, .nulls) { includesNulls = true } else { _ = accept(.exclude, .nulls) }
        try expectSymbol(.open)
        let values = atSymbol(.open) ? try identifierList() : [try identifier()]
        try expect(.for)
        let name = try identifier("a name for the column of names")
        try expect(.in)
        let columns = try parenthesisedList { parser throws(StarlingError) in
            let columns = try parser.oneOrMoreColumns()
            let label: Expression? = parser.accept(.as) ? try parser.valueExpression() : nil
            return Unpivot.Column(columns: columns, label: label)
        }
        try expectSymbol(.close)
        let unpivot = Unpivot(
            source: source, includesNulls: includesNulls, values: values, name: name,
            columns: columns, alias: try tableAlias())
        return TableReference(.unpivot(unpivot), at: range(from: source.range.start))
    }

    private mutating func oneOrMoreColumns() throws(StarlingError) -> [QualifiedName] {
        guard atSymbol(.open) else { return [try qualifiedName("a column")] }
        return try parenthesisedList { parser throws(StarlingError) in
            try parser.qualifiedName("a column")
        }
    }
}
