// PARTITION BY of tables, and the partitions that it lists.

import StarlingErrors

extension Parser {
    /// Parses what follows PARTITION BY.
    mutating func partitioning() throws(StarlingError) -> Partitioning {
        if at(.range), token(ahead: 1).symbol == .open {
            take()
            let key = try parenthesisedList { parser throws(StarlingError) in
                try parser.expression()
            }
            return .range(key, try partitionDefinitions())
        }
        if at(.list), token(ahead: 1).symbol == .open {
            take()
            return .list(try identifierList(), try partitionDefinitions())
        }
        let expressions = try partitionExpressions()
        return .expressions(expressions, atSymbol(.open) ? try partitionDefinitions() : [])
    }

    /// Parses `a, f(b)` or `(a, f(b))`.
    mutating func partitionExpressions() throws(StarlingError) -> [Expression] {
        let expressions = try expressionList()
        if expressions.count == 1, case .row(let parts) = expressions[0].kind { return parts }
        return expressions
    }

    /// Parses `(PARTITION .., PARTITION ..)`, which may be empty.
    private mutating func partitionDefinitions() throws(StarlingError) -> [PartitionDefinition] {
        guard acceptSymbol(.open) else { return [] }
        if acceptSymbol(.close) { return [] }
        let definitions = try list { parser throws(StarlingError) in
            try parser.partitionDefinition()
        }
        try expectSymbol(.close)
        return definitions
    }

    /// Parses one partition, or a run of them.
    mutating func partitionDefinition() throws(StarlingError) -> PartitionDefinition {
        if accept(.start) {
            let start = try parenthesisedValue()
            try expect(.end)
            let end = try parenthesisedValue()
            try expect(.every)
            return .every(start: start, end: end, step: try parenthesisedValue())
        }
        guard accept(.partition) else {
            throw expected("PARTITION or START", nearest: [.partition, .start])
        }
        let ifNotExists = try acceptIfNotExists()
        let name = try identifierOrString("a partition's name")
        var head = PartitionHead(name: name, ifNotExists: ifNotExists, properties: [])
        try expect(.values)
        if accept(.less) {
            try expect(.than)
            let bound = try partitionBound()
            head.properties = try partitionProperties()
            return .lessThan(head, bound)
        }
        if accept(.in) {
            let rows = try listValues()
            head.properties = try partitionProperties()
            return .list(head, rows)
        }
        try expectSymbol(.openBracket)
        let from = try partitionBound()
        try expectSymbol(.comma)
        let to = try partitionBound()
        try expectSymbol(.close)
        head.properties = try partitionProperties()
        return .fixedRange(head, from: from, to: to)
    }

    private mutating func parenthesisedValue() throws(StarlingError) -> Expression {
        try expectSymbol(.open)
        let value = try expression()
        try expectSymbol(.close)
        return value
    }

    private mutating func partitionProperties() throws(StarlingError) -> [Property] {
        atSymbol(.open) ? try properties() : try optionalProperties()
    }

    private mutating func partitionBound() throws(StarlingError) -> PartitionBound {
        if accept(.maxvalue) { return .maximum }
        return .values(
            try parenthesisedList { parser throws(StarlingError) -> Expression? in
                parser.accept(.maxvalue) ? nil : try parser.expression()
            })
    }

    /// Parses `('a', 'b')` or `(('a', 1), ('b', 2))`.
    mutating func listValues() throws(StarlingError) -> [[Expression]] {
        try parenthesisedList { parser throws(StarlingError) -> [Expression] in
            let value = try parser.expression()
            if case .row(let parts) = value.kind { return parts }
            return [value]
        }
    }
}
