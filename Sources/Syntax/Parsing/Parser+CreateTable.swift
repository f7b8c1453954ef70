// CREATE TABLE: columns, indexes and the clauses behind them, which may come in any order.

import StarlingErrors

extension Parser {
    mutating func createTable(_ prefix: CreatePrefix) throws(StarlingError) -> CreateTable {
        try expect(.table)
        let ifNotExists = try acceptIfNotExists()
        var table = CreateTable(name: try qualifiedName("a name for the table"))
        table.orReplace = prefix.orReplace
        table.isExternal = prefix.isExternal
        table.isTemporary = prefix.isTemporary
        table.ifNotExists = ifNotExists
        if atSymbol(.open), !isQuery(at: position) { try tableElements(&table) }
        while try tableClause(&table) {}
        if accept(.like) {
            table.like = try qualifiedName("a table")
        } else if acceptWord("CLONE") {
            table.clone = try qualifiedName("a table")
            table.cloneTime = try timeTravel()
        } else if accept(.as) || at(.select) || at(.with) || isQuery(at: position) {
            table.query = try query()
        }
        if table.query == nil, table.like == nil, table.clone == nil, table.columns.isEmpty {
            throw expected("columns in parentheses, LIKE, CLONE or AS", nearest: [.like, .as])
        }
        return table
    }

    private mutating func tableElements(_ table: inout CreateTable) throws(StarlingError) {
        try expectSymbol(.open)
        repeat {
            if at(.index), isName(token(ahead: 1)), token(ahead: 2).symbol == .open {
                take()
                let name = try identifier("a name for the index")
                table.indexes.append(try indexDefinition(named: name))
            } else if let key = try tableKey() {
                table.key = key
            } else {
                var isPrimary = false
                let column = try columnDefinition(isPrimary: &isPrimary)
                if isPrimary { table.key = TableKey(kind: .primary, columns: [column.name]) }
                table.columns.append(column)
            }
        } while acceptSymbol(.comma)
        guard acceptSymbol(.close) else {
            throw expected(
                "',' or ')' after a column",
                nearest: [.comment, .default, .not, .null, .autoIncrement])
        }
    }

    private mutating func tableClause(_ table: inout CreateTable) throws(StarlingError) -> Bool {
        if accept(.engine) {
            _ = acceptSymbol(.equal)
            table.engine = try identifier("an engine")
        } else if try acceptCharset() {
            return true
        } else if let key = try tableKey() {
            table.key = key
        } else if let comment = try optionalComment() {
            table.comment = comment
        } else if accept(.partition, .by) {
            table.partitioning = try partitioning()
        } else if let distribution = try distribution() {
            table.distribution = distribution
        } else if at(.rollup), token(ahead: 1).symbol == .open {
            take()
            table.rollups = try parenthesisedList { parser throws(StarlingError) in
                try parser.rollupDefinition()
            }
        } else if accept(.order, .by) {
            table.orderBy = try tableSortKey()
        } else if accept(.broker) {
            try expect(.properties)
            table.brokerProperties = try properties()
        } else if accept(.properties) {
            table.properties += try properties()
        } else {
            return false
        }
        return true
    }

    /// Takes `[DEFAULT] CHARSET = utf8` and COLLATE, which say what is so anyway: text is UTF-8.
    mutating func acceptCharset() throws(StarlingError) -> Bool {
        let start = position
        _ = accept(.default)
        guard
            accept(.charset) || accept(.char, .set) || accept(.character, .set)
                || accept(.collate)
        else {
            position = start
            return false
        }
        _ = acceptSymbol(.equal)
        _ = try identifierOrString("a character set")
        return true
    }

    /// Parses `PRIMARY KEY (a, b)` and its relatives.
    mutating func tableKey() throws(StarlingError) -> TableKey? {
        guard token(ahead: 1).keyword == .key, token(ahead: 2).symbol == .open else { return nil }
        let kind: TableKey.Kind
        switch current.keyword {
        case .duplicate: kind = .duplicate
        case .aggregate: kind = .aggregate
        case .unique: kind = .unique
        case .primary: kind = .primary
        default: return nil
        }
        position += 2
        return TableKey(kind: kind, columns: try identifierList())
    }

    /// Parses `DISTRIBUTED BY HASH (a) BUCKETS 8` or `RANDOM`; the number may be left out.
    mutating func distribution() throws(StarlingError) -> Distribution? {
        guard accept(.distributed) else { return nil }
        try expect(.by)
        var distribution = Distribution(hashColumns: [])
        if accept(.hash) {
            distribution.hashColumns = try identifierList()
        } else if !accept(.random) {
            throw expected("HASH or RANDOM", nearest: [.hash, .random])
        }
        let isDefault = accept(.default)
        if isDefault { try expect(.buckets) }
        if isDefault || accept(.buckets), current.kind == .integer {
            distribution.buckets = try integer("the number of buckets")
        }
        return distribution
    }

    mutating func rollupDefinition() throws(StarlingError) -> RollupDefinition {
        let name = try identifier("a name for the rollup")
        var rollup = RollupDefinition(name: name, columns: try identifierList())
        if accept(.duplicate, .key) { rollup.duplicateKey = try identifierList() }
        if accept(.order, .by) { rollup.sortKey = try identifierList() }
        if accept(.from) { rollup.from = try identifier("a rollup") }
        rollup.properties = try optionalProperties()
        return rollup
    }

    // MARK: Columns

    /// Parses a column; `isPrimary` tells whether PRIMARY KEY stands behind it.
    mutating func columnDefinition(isPrimary: inout Bool) throws(StarlingError)
        -> ColumnDefinition
    {
        var column = ColumnDefinition(name: try identifier("a column's name"))
        if token(ahead: 1).symbol == .open, token(ahead: 2).kind == .word, isName(current) {
            column.aggregation = try columnAggregation()
        } else if current.kind == .word, !at(anyOf: .as, .comment, .not, .null, .default) {
            column.type = try typeName()
        }
        while try columnClause(&column, &isPrimary) {}
        return column
    }

    private mutating func columnAggregation() throws(StarlingError) -> ColumnAggregation {
        let function = try identifier("an aggregate function")
        guard atSymbol(.open) else {
            return ColumnAggregation(function: function, argumentTypes: [])
        }
        let types = try parenthesisedList { parser throws(StarlingError) in
            let type = try parser.typeName()
            if parser.accept(.not) { try parser.expect(.null) } else { _ = parser.accept(.null) }
            return type
        }
        return ColumnAggregation(function: function, argumentTypes: types)
    }

    private mutating func columnClause(_ column: inout ColumnDefinition, _ isPrimary: inout Bool)
        throws(StarlingError) -> Bool
    {
        switch current.keyword {
        case .sum, .max, .min, .replace, .replaceIfNotNull:
            column.aggregation = try columnAggregation()
        case .charset, .char, .character:
            guard at(.charset) || token(ahead: 1).keyword == .set else { return false }
            position += at(.charset) ? 1 : 2
            _ = try anyWord()
        case .primary:
            try expect(.primary, .key)
            isPrimary = true
        case .key:
            take()
            column.isKey = true
        case .not:
            try expect(.not, .null)
            column.isNullable = false
        case .null:
            take()
            column.isNullable = true
        case .autoIncrement:
            take()
            column.isAutoIncrement = true
        case .default:
            take()
            column.defaultValue = try valueExpression()
        case .as:
            take()
            column.generated = try expression()
        case .comment:
            take()
            column.comment = try string("a comment's text")
        default:
            let unions = ["HLL_UNION", "BITMAP_UNION", "PERCENTILE_UNION"]
            guard current.kind == .word, unions.contains(text(of: current).uppercased())
            else { return false }
            column.aggregation = try columnAggregation()
        }
        return true
    }
}
