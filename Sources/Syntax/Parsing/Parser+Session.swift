// Statements about the session: SET, USE, transactions, prepared statements, tasks, and upkeep.

import StarlingErrors

extension Parser {
    // MARK: SET and USE

    mutating func set() throws(StarlingError) -> Statement.Kind {
        let start = position
        try expect(.set)
        if at(.catalog), token(ahead: 1).symbol != .equal {
            take()
            return .setCatalog(try identifierOrString("a catalog"))
        }
        let isAdministration =
            (at(anyOf: .role, .property) && token(ahead: 1).symbol != .equal)
            || at(.default, .role) || isPassword()
        if isAdministration {
            position = start
            return other()
        }
        return .set(try list { parser throws(StarlingError) in try parser.assignment() })
    }

    private func isPassword() -> Bool {
        current.kind == .word && text(of: current).uppercased() == "PASSWORD"
            && (token(ahead: 1).symbol == .equal || token(ahead: 1).keyword == .for)
    }

    private mutating func assignment() throws(StarlingError) -> Assignment {
        if acceptSymbol(.at) {
            let name = try variableName()
            try expectAssignment()
            return Assignment(target: .user(name), value: try settingValue())
        }
        var scope: VariableScope?
        if acceptSymbol(.doubleAt) {
            scope = acceptScopeAndDot()
        } else if let special = try specialAssignment() {
            return special
        } else {
            scope = acceptScope()
            if acceptSymbol(.doubleAt) { scope = acceptScopeAndDot() ?? scope }
        }
        if at(.transaction), token(ahead: 1).kind == .word { return try transactionSetting() }
        var name = try variableName()
        while acceptSymbol(.dot) {
            let field = try anyWord("a variable's name")
            name = Identifier(
                "\(name.text).\(field.text)", isQuoted: true, range: name.range.union(field.range))
        }
        try expectAssignment()
        return Assignment(
            target: .variable(name, scope: scope), value: try settingValue())
    }

    private mutating func expectAssignment() throws(StarlingError) {
        if !acceptSymbol(.equal), !acceptSymbol(.assign), !accept(.to) {
            throw expected("'=' after the variable's name")
        }
    }

    /// Takes GLOBAL, SESSION or LOCAL in front of a variable.
    private mutating func acceptScope() -> VariableScope? {
        let next = token(ahead: 1)
        guard next.kind == .word || next.symbol == .doubleAt || next.kind == .quotedName,
            next.keyword != .to, let keyword = current.keyword,
            let scope = VariableScope(rawValue: keyword.text)
        else { return nil }
        take()
        return scope
    }

    /// Parses SET NAMES and SET CHARACTER SET.
    private mutating func specialAssignment() throws(StarlingError) -> Assignment? {
        let next = token(ahead: 1)
        if at(.names), next.symbol != .equal {
            take()
        } else if at(.character, .set) {
            position += 2
        } else if at(.charset), next.symbol != .equal {
            take()
        } else {
            return nil
        }
        let value = try settingValue()
        if accept(.collate) { _ = try identifierOrString("a collation") }
        return Assignment(target: .names, value: value)
    }

    /// Parses `TRANSACTION ISOLATION LEVEL ..` as text.
    private mutating func transactionSetting() throws(StarlingError) -> Assignment {
        try expect(.transaction)
        let start = current.start
        while current.kind == .word { take() }
        let range = range(from: start)
        let text = String(decoding: bytes[range.start..<range.end], as: UTF8.self)
        return Assignment(
            target: .transaction, value: Expression(.literal(.string(text)), at: range))
    }

    mutating func unset() throws(StarlingError) -> Statement.Kind {
        take()
        if current.kind == .word, text(of: current).uppercased() == "VARIABLE" { take() }
        return .unset(
            try list { parser throws(StarlingError) in try parser.identifier("a variable") })
    }

    mutating func use() throws(StarlingError) -> Statement.Kind {
        try expect(.use)
        if current.kind == .string { return .use(QualifiedName([try identifierOrString()])) }
        return .use(try qualifiedName("a database"))
    }

    // MARK: Transactions

    mutating func begin() throws(StarlingError) -> Statement.Kind {
        if accept(.start) { try expect(.transaction) } else { try expect(.begin) }
        _ = accept(.work) || accept(.transaction)
        if accept(.with) { try expect(.label) }
        var isReadOnly: Bool?
        if accept(.read, .only) {
            isReadOnly = true
        } else if accept(.read, .write) {
            isReadOnly = false
        }
        return .begin(isReadOnly: isReadOnly)
    }

    // MARK: Prepared statements

    mutating func prepare() throws(StarlingError) -> Statement.Kind {
        try expect(.prepare)
        let name = try identifier("a name for the statement")
        if !accept(.from) { try expect(.as) }
        guard current.kind == .string else { return .prepare(name, try statement()) }
        let token = take()
        // Offsets in the string's value aren't those of the text, so the string is the place.
        let text = string(of: token)
        let prepared: Statement
        do {
            prepared = try parseStatement(text, options: options)
        } catch {
            throw StarlingError(.syntax, error.message, at: token.range)
        }
        return .prepare(name, prepared)
    }

    mutating func execute() throws(StarlingError) -> Statement.Kind {
        if at(.execute, .as) { return other() }
        try expect(.execute)
        let name = try identifier("a prepared statement's name")
        if accept(.using) { return .execute(name, try expressionList()) }
        guard atSymbol(.open) else { return .execute(name, []) }
        try expectSymbol(.open)
        if acceptSymbol(.close) { return .execute(name, []) }
        let values = try expressionList()
        try expectSymbol(.close)
        return .execute(name, values)
    }

    // MARK: Upkeep

    mutating func analyze() throws(StarlingError) -> Statement.Kind {
        try expect(.analyze)
        let isFull = acceptExtent()
        guard accept(.table) else { throw expected("TABLE", nearest: [.table, .full, .sample]) }
        var analyze = Analyze(
            isFull: isFull, table: try qualifiedName("a table"), columns: [],
            action: .statistics, properties: [])
        if accept(.update, .histogram) {
            try expect(.on)
            analyze.columns = try histogramColumns()
            analyze.action = .updateHistogram(buckets: nil)
        } else if accept(.drop, .histogram) {
            try expect(.on)
            analyze.columns = try histogramColumns()
            analyze.action = .dropHistogram
        } else {
            try analyzedColumns(&analyze)
            analyze.partitions = try partitionSelection()
        }
        analyze.isSynchronous = try syncMode()
        if accept(.with) {
            let count = try integer("the number of buckets")
            try expect(.buckets)
            analyze.action = .updateHistogram(buckets: count)
        }
        analyze.properties = try optionalProperties()
        return .analyze(analyze)
    }

    /// Parses `(a, b)`, `a, b`, ALL COLUMNS, PREDICATE COLUMNS or `MULTIPLE COLUMNS (a, b)`.
    private mutating func analyzedColumns(_ analyze: inout Analyze) throws(StarlingError) {
        let isGroup = token(ahead: 1).keyword == .columns
        if isGroup, accept(.all) {
            take()
            analyze.extent = .all
        } else if isGroup, acceptWord("PREDICATE") {
            take()
            analyze.extent = .predicate
        } else if isGroup, acceptWord("MULTIPLE") {
            take()
            analyze.extent = .together
            analyze.columns = try columnNames()
        } else if atSymbol(.open) {
            analyze.columns = try columnNames()
        } else if isName(current), !at(anyOf: .properties, .partition, .partitions, .temporary) {
            analyze.columns = try histogramColumns()
        }
    }

    private mutating func histogramColumns() throws(StarlingError) -> [QualifiedName] {
        try list { parser throws(StarlingError) in try parser.qualifiedName("a column") }
    }

    mutating func kill() throws(StarlingError) -> Statement.Kind {
        try expect(.kill)
        let isWord = at(anyOf: .query, .connection, .analyze)
        let kind: Identifier? = isWord ? try anyWord() : nil
        return .kill(Kill(kind: kind, id: try expression()))
    }

    mutating func optimize() throws(StarlingError) -> Statement.Kind {
        try expect(.optimize, .table)
        var optimize = Optimize(
            table: try qualifiedName("a table"), partitions: [], isFinal: false)
        if accept(.partition) || accept(.partitions) {
            optimize.partitions = atSymbol(.open) ? try identifierList() : [try identifier()]
        }
        if current.kind == .word, text(of: current).uppercased() == "FINAL" {
            take()
            optimize.isFinal = true
        }
        if accept(.where) { optimize.condition = try expression() }
        if accept(.cluster, .by) {
            optimize.clustering = .key(try tableSortKey())
        } else if accept(.cluster) {
            guard acceptWord("AUTO") else { throw expected("BY or AUTO", nearest: [.by]) }
            optimize.clustering = .automatic
        }
        return .optimize(optimize)
    }

    /// Parses `CLUSTERING FOR name`, `INDEXES FOR name` or `MATERIALIZED VIEWS ..` behind RECOMMEND.
    mutating func recommend() throws(StarlingError) -> Statement.Kind {
        if accept(.materialized) { return try recommendViews() }
        guard let what = Recommendation.allCases.first(where: { acceptWord($0.rawValue) }) else {
            throw expected("CLUSTERING, INDEXES or MATERIALIZED VIEWS")
        }
        try expect(.for)
        return .recommend(what, try qualifiedName("a table"))
    }

    private mutating func recommendViews() throws(StarlingError) -> Statement.Kind {
        guard acceptWord("VIEWS") else { throw expected("VIEWS") }
        var queries: [Query] = []
        if accept(.from) {
            guard acceptWord("QUERY"), acceptWord("LOG") else { throw expected("QUERY LOG") }
        } else if accept(.for) {
            queries = try list { parser throws(StarlingError) in
                try parser.expectSymbol(.open)
                let query = try parser.query()
                try parser.expectSymbol(.close)
                return query
            }
        }
        return .recommendViews(for: queries, applies: acceptWord("APPLY"))
    }

    mutating func check() throws(StarlingError) -> Statement.Kind {
        try expect(.check, .table)
        return .check(
            try list { parser throws(StarlingError) in try parser.qualifiedName("a table") })
    }

    /// Parses what stands behind REPAIR.
    mutating func repair() throws(StarlingError) -> Statement.Kind {
        try expect(.table)
        return .repair(
            try list { parser throws(StarlingError) in try parser.qualifiedName("a table") })
    }

    mutating func call() throws(StarlingError) -> Statement.Kind {
        try expect(.call)
        let name = try qualifiedName("a procedure")
        return .call(name, try procedureArguments())
    }

    /// Parses `CLEAN LABEL [label] [FROM database]`.
    mutating func cleanLabels() throws(StarlingError) -> Statement.Kind {
        position += 2
        let isNamed = current.kind == .string || isName(current)
        let label = isNamed ? try identifierOrString("a label") : nil
        let database = accept(.from) || accept(.in) ? try qualifiedName("a database") : nil
        return .cleanLabels(label, in: database)
    }

    mutating func submitTask() throws(StarlingError) -> Statement.Kind {
        try expect(.submit)
        var hints: [Hint] = []
        while current.kind == .hint { hints += try self.hints(in: take()) }
        try expect(.task)
        let isNamed = isName(current) && !at(anyOf: .schedule, .properties)
        let name: QualifiedName? = isNamed ? try qualifiedName("a name for the task") : nil
        var (start, every): (String?, Expression?) = (nil, nil)
        if accept(.schedule) { (start, every) = try schedule() }
        let properties = try optionalProperties()
        try expect(.as)
        return .submitTask(
            SubmitTask(
                hints: hints, name: name, start: start, every: every, properties: properties,
                statement: try statement()))
    }
}
