// CREATE of everything but tables and materialized views.

import StarlingErrors

extension Parser {
    /// Holds the words between CREATE and the kind of the thing.
    struct CreatePrefix {
        var orReplace = false
        var isExternal = false
        var isTemporary = false
        var isGlobal = false
    }

    mutating func create() throws(StarlingError) -> Statement.Kind {
        let start = position
        try expect(.create)
        var prefix = CreatePrefix()
        if accept(.or, .replace) { prefix.orReplace = true }
        if accept(.external) { prefix.isExternal = true }
        if accept(.temporary) || accept(.temp) { prefix.isTemporary = true }
        if accept(.global) { prefix.isGlobal = true }
        switch current.keyword {
        case .table where token(ahead: 1).keyword != .function:
            return .createTable(try createTable(prefix))
        case .view: return .createView(try createView(prefix))
        case .materialized: return .createMaterializedView(try createMaterializedView(prefix))
        case .index: return try createIndex()
        case .database, .schema: return .createDatabase(try createDatabase())
        case .catalog: return .createCatalog(try createCatalog())
        case .function, .aggregate, .table: return .createFunction(try createFunction(prefix))
        case nil where text(of: current).uppercased() == "MACRO":
            return .createFunction(try createFunction(prefix))
        case .text: return try createTextAnalyzer()
        case .pipe: return .createPipe(try createPipe(prefix))
        case .analyze: return .createAnalyze(try createAnalyze())
        default: break
        }
        if at(anyOf: .user, .role, .resource, .routine, .storage, .file, .security) {
            position = start
            return other()
        }
        let administrative: Set<String> = [
            "REPOSITORY", "WAREHOUSE", "DICTIONARY", "GROUP", "MASKING", "ROW", "BASELINE",
        ]
        if current.kind == .word, administrative.contains(text(of: current).uppercased()) {
            position = start
            return other()
        }
        throw expected(
            "what to create, such as TABLE or VIEW",
            nearest: [
                .table, .view, .materialized, .index, .database, .schema, .catalog, .function,
                .pipe, .external, .temporary, .analyze,
            ])
    }

    mutating func acceptIfNotExists() throws(StarlingError) -> Bool {
        guard accept(.if) else { return false }
        try expect(.not, .exists)
        return true
    }

    mutating func acceptIfExists() throws(StarlingError) -> Bool {
        guard accept(.if) else { return false }
        try expect(.exists)
        return true
    }

    // MARK: Views

    private mutating func createView(_ prefix: CreatePrefix) throws(StarlingError) -> CreateView {
        try expect(.view)
        let ifNotExists = try acceptIfNotExists()
        let name = try qualifiedName("a name for the view")
        let columns = atSymbol(.open) ? try viewColumns() : []
        let comment = try optionalComment()
        let security: Identifier? = accept(.security) ? try anyWord("NONE or INVOKER") : nil
        let properties = try optionalProperties()
        try expect(.as)
        return CreateView(
            orReplace: prefix.orReplace, isTemporary: prefix.isTemporary,
            ifNotExists: ifNotExists, name: name, columns: columns, comment: comment,
            security: security, properties: properties, query: try query())
    }

    /// Parses `(a COMMENT '..', b)`.
    mutating func viewColumns() throws(StarlingError) -> [ViewColumn] {
        try parenthesisedList { parser throws(StarlingError) in
            let name = try parser.identifier("a column's name")
            return ViewColumn(name: name, comment: try parser.optionalComment())
        }
    }

    // MARK: Databases and catalogs

    private mutating func createDatabase() throws(StarlingError) -> CreateDatabase {
        take()
        let ifNotExists = try acceptIfNotExists()
        let name = try qualifiedName("a name for the database")
        while try acceptCharset() {}
        return CreateDatabase(
            ifNotExists: ifNotExists, name: name, properties: try optionalProperties())
    }

    private mutating func createCatalog() throws(StarlingError) -> CreateCatalog {
        take()
        let ifNotExists = try acceptIfNotExists()
        let name = try identifierOrString("a name for the catalog")
        let comment = try optionalComment()
        return CreateCatalog(
            ifNotExists: ifNotExists, name: name, comment: comment,
            properties: try optionalProperties())
    }

    // MARK: Indexes

    private mutating func createIndex() throws(StarlingError) -> Statement.Kind {
        try expect(.index)
        let ifNotExists = try acceptIfNotExists()
        let name = try identifier("a name for the index")
        try expect(.on)
        let table = try qualifiedName("a table")
        let index = try indexDefinition(named: name)
        return .createIndex(index, table: table, ifNotExists: ifNotExists)
    }

    /// Parses `(columns [-> 'path']) [USING method [(properties)]] [COMMENT '..']`.
    mutating func indexDefinition(named name: Identifier) throws(StarlingError)
        -> IndexDefinition
    {
        var path: String?
        let columns = try parenthesisedList { parser throws(StarlingError) in
            let column = try parser.identifier()
            if parser.acceptSymbol(.arrow) { path = try parser.string("a path in quotes") }
            try parser.refuseOtherPaths(of: column)
            return column
        }
        var index = IndexDefinition(name: name, columns: columns, path: path)
        if accept(.using) { index.method = try identifier("BITMAP, NGRAMBF, GIN or VECTOR") }
        if atSymbol(.open) {
            index.properties = try properties()
        } else {
            index.properties = try optionalProperties()
        }
        index.comment = try optionalComment()
        return index
    }

    /// Says how a path is written that an index is of.
    private func refuseOtherPaths(of column: Identifier) throws(StarlingError) {
        guard atSymbol(.doubleArrow) || atSymbol(.dot) else { return }
        throw StarlingError(
            .syntax,
            "an index is of a column, or of a path of its documents, which is written "
                + "(\(column.text) -> 'a.b')", at: current.range)
    }

    private mutating func createTextAnalyzer() throws(StarlingError) -> Statement.Kind {
        try expect(.text, .analyzer)
        let name = try identifier("a name for the analyzer")
        return .createTextAnalyzer(name, properties: try optionalProperties())
    }

    // MARK: Pipes and statistics jobs

    private mutating func createPipe(_ prefix: CreatePrefix) throws(StarlingError) -> CreatePipe {
        try expect(.pipe)
        let ifNotExists = try acceptIfNotExists()
        let name = try qualifiedName("a name for the pipe")
        let properties = try optionalProperties()
        try expect(.as)
        guard at(.insert) else { throw expected("INSERT", nearest: [.insert]) }
        return CreatePipe(
            orReplace: prefix.orReplace, ifNotExists: ifNotExists, name: name,
            properties: properties, insert: try statement())
    }

    private mutating func createAnalyze() throws(StarlingError) -> CreateAnalyze {
        try expect(.analyze)
        let isFull = acceptExtent()
        let scope: CreateAnalyze.Scope
        if accept(.all) {
            scope = .all
        } else if accept(.database) {
            scope = .database(try qualifiedName("a database"))
        } else {
            try expect(.table)
            let table = try qualifiedName("a table")
            scope = .table(table, columns: atSymbol(.open) ? try columnNames() : [])
        }
        return CreateAnalyze(isFull: isFull, scope: scope, properties: try optionalProperties())
    }

    /// Takes FULL or SAMPLE.
    mutating func acceptExtent() -> Bool? {
        if accept(.full) { return true }
        return accept(.sample) ? false : nil
    }

    /// Parses `(a, b.field)`.
    mutating func columnNames() throws(StarlingError) -> [QualifiedName] {
        try parenthesisedList { parser throws(StarlingError) in
            try parser.qualifiedName("a column")
        }
    }
}
