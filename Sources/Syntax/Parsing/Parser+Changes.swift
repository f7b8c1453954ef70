// INSERT, UPDATE, DELETE, MERGE, TRUNCATE and COPY.

import StarlingErrors

extension Parser {
    // MARK: INSERT

    mutating func insert(with: WithClause?) throws(StarlingError) -> Insert {
        try expect(.insert)
        var hints = try optionalHints()
        let overwrites = accept(.overwrite)
        if !overwrites { _ = accept(.into) }
        hints += try optionalHints()
        let target = try insertTarget()
        var insert = Insert(
            with: with, hints: hints, overwrites: overwrites, target: target,
            query: Query(with: nil, body: .values([]), range: current.range))
        insert.timeTravel = try timeTravel()
        insert.partitions = try partitionSelection()
        if accept(.with, .label) { insert.label = try identifierOrString("a label") }
        if accept(.by, .name) { insert.isByName = true }
        if atSymbol(.open), !isQuery(at: position) { insert.columns = try identifierList() }
        if insert.label == nil, accept(.with, .label) {
            insert.label = try identifierOrString("a label")
        }
        insert.properties = try optionalProperties()
        if insert.columns.isEmpty, at(.default), token(ahead: 1).keyword == .values {
            position += 2
            insert.takesDefaults = true
            return insert
        }
        insert.query = try query()
        return insert
    }

    private mutating func insertTarget() throws(StarlingError) -> Insert.Target {
        if at(.files), token(ahead: 1).symbol == .open {
            take()
            return .files(try properties())
        }
        if at(.blackhole), token(ahead: 1).symbol == .open {
            take()
            try expectSymbol(.open)
            try expectSymbol(.close)
            return .blackhole
        }
        _ = accept(.table)
        return .table(try qualifiedName("a table"))
    }

    private mutating func optionalHints() throws(StarlingError) -> [Hint] {
        var hints: [Hint] = []
        while current.kind == .hint { hints += try self.hints(in: take()) }
        return hints
    }

    // MARK: UPDATE and DELETE

    mutating func update(with: WithClause?) throws(StarlingError) -> Update {
        try expect(.update)
        let hints = try optionalHints()
        let table = try qualifiedName("a table")
        let alias = try optionalAlias()
        guard accept(.set) else { throw expected("SET", nearest: [.set]) }
        var update = Update(
            with: with, hints: hints, table: table, alias: alias,
            assignments: try columnAssignments())
        if accept(.from) { update.from = try tableReferences() }
        if accept(.where) { update.condition = try expression() }
        return update
    }

    private mutating func optionalAlias() throws(StarlingError) -> Identifier? {
        if accept(.as) { return try identifier("a name for the table") }
        return isName(current) ? try identifier() : nil
    }

    private mutating func columnAssignments() throws(StarlingError) -> [ColumnAssignment] {
        try list { parser throws(StarlingError) in
            let column = try parser.qualifiedName("a column")
            try parser.expectSymbol(.equal)
            return ColumnAssignment(column: column, value: try parser.expression())
        }
    }

    mutating func delete(with: WithClause?) throws(StarlingError) -> Delete {
        try expect(.delete)
        let hints = try optionalHints()
        try expect(.from)
        let table = try qualifiedName("a table")
        var delete = Delete(with: with, hints: hints, table: table)
        delete.partitions = try partitionSelection()
        delete.alias = try optionalAlias()
        if accept(.using) { delete.using = try tableReferences() }
        if accept(.where) { delete.condition = try expression() }
        return delete
    }

    // MARK: MERGE

    mutating func merge(with: WithClause?) throws(StarlingError) -> Merge {
        try expect(.merge)
        _ = try optionalHints()
        try expect(.into)
        _ = try optionalHints()
        let target = try qualifiedName("a table")
        let alias = try optionalAlias()
        try expect(.using)
        let source = try tablePrimary()
        try expect(.on)
        let condition = try expression()
        var clauses: [Merge.Clause] = []
        repeat { clauses.append(try mergeClause()) } while at(.when)
        return Merge(
            with: with, target: target, alias: alias, source: source, condition: condition,
            clauses: clauses)
    }

    private mutating func mergeClause() throws(StarlingError) -> Merge.Clause {
        try expect(.when)
        var match = Merge.Match.matched
        if accept(.not, .matched) {
            match = .notMatched
            if accept(.by, .source) { match = .notMatchedBySource }
            _ = accept(.by, .target)
        } else {
            try expect(.matched)
        }
        let condition: Expression? = accept(.and) ? try expression() : nil
        try expect(.then)
        return Merge.Clause(
            match: match, condition: condition,
            action: match == .notMatched ? try mergeInsertion() : try mergeChange())
    }

    /// Parses what happens to a row of the target.
    private mutating func mergeChange() throws(StarlingError) -> Merge.Action {
        if accept(.delete) { return .delete }
        if accept(.do, .nothing) { return .doNothing }
        guard accept(.update) else {
            throw expected("UPDATE, DELETE or DO NOTHING", nearest: [.update, .delete, .do])
        }
        try expect(.set)
        return acceptSymbol(.star) ? .updateAll : .update(try columnAssignments())
    }

    /// Parses what happens to a row of the source that has none in the target.
    private mutating func mergeInsertion() throws(StarlingError) -> Merge.Action {
        if accept(.do, .nothing) { return .doNothing }
        guard accept(.insert) else {
            throw expected("INSERT or DO NOTHING", nearest: [.insert, .do])
        }
        if acceptSymbol(.star) { return .insertAll }
        let columns = atSymbol(.open) ? try identifierList() : []
        try expect(.values)
        let values = try parenthesisedList { parser throws(StarlingError) in
            try parser.expression()
        }
        return .insert(columns: columns, values: values)
    }

    // MARK: TRUNCATE and COPY

    mutating func truncate() throws(StarlingError) -> Statement.Kind {
        try expect(.truncate)
        _ = accept(.table)
        let name = try qualifiedName("a table")
        return .truncate(name, partitions: try partitionSelection())
    }

    mutating func copy() throws(StarlingError) -> Copy {
        try expect(.copy)
        let subject: Copy.Subject
        if atSymbol(.open) {
            subject = .query(try parenthesisedQuery())
        } else {
            _ = accept(.into)
            let name = try qualifiedName("a table or a query in parentheses")
            subject = .table(name, columns: atSymbol(.open) ? try identifierList() : [])
        }
        let readsFile = accept(.from)
        if !readsFile { try expect(.to) }
        var copy = Copy(
            subject: subject, readsFile: readsFile, path: try path(), options: [])
        _ = accept(.with)
        if atSymbol(.open) {
            copy.options = try parenthesisedList { parser throws(StarlingError) in
                let name = try parser.anyWord("an option")
                _ = parser.acceptSymbol(.equal)
                let ends = parser.atSymbol(.comma) || parser.atSymbol(.close)
                return Copy.Option(name: name, value: ends ? nil : try parser.settingValue())
            }
        }
        return copy
    }

    /// Parses the path of a file that is read or written.
    mutating func path() throws(StarlingError) -> Property {
        let start = current.range.start
        let path = try string("a file's path")
        return Property(key: "path", value: path, valueRange: range(from: start))
    }

    /// Parses a setting's value: an expression, or a reserved word such as ON.
    mutating func settingValue() throws(StarlingError) -> Expression {
        let isBareWord =
            current.kind == .word && current.keyword?.isReserved == true
            && !at(anyOf: .null, .true, .false, .default, .case, .not, .if, .left, .right)
            && token(ahead: 1).symbol != .open
        guard isBareWord else { return try expression() }
        let word = identifier(of: take())
        return Expression(.column(QualifiedName([word])), at: word.range)
    }
}
