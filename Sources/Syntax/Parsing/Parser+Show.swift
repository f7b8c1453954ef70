// SHOW and DESC.

import StarlingErrors

extension Parser {
    mutating func show() throws(StarlingError) -> Statement.Kind {
        let start = position
        try expect(.show)
        let subjectToken = current
        if accept(.create) {
            let kind = try createSubject()
            return .show(Show(subject: "CREATE \(kind)", name: try qualifiedName()))
        }
        var words = acceptCount() ? ["COUNT(*)"] : []
        while current.kind == .word, !endsSubject(current) {
            words.append(text(of: take()).uppercased())
        }
        guard !words.isEmpty else {
            throw expected("what to show, such as TABLES or VARIABLES", nearest: [.tables, .views])
        }
        var show = Show(subject: words.joined(separator: " "))
        let isAdministrative = Self.administrativeSubjects.contains {
            show.subject == $0 || show.subject.hasPrefix($0 + " ")
        }
        if isAdministrative || show.subject == "TABLET" {
            position = start
            return other()
        }
        guard Self.subjects.contains(show.subject) else {
            throw StarlingError(
                .syntax, "SHOW \(show.subject) is not known\(suggestion(for: words))",
                at: subjectToken.range)
        }
        if accept(.from) || accept(.in) || accept(.for) || accept(.on) {
            show.name = try qualifiedName()
        }
        if accept(.from) || accept(.in) { show.database = try qualifiedName("a database") }
        if accept(.like) { show.pattern = try string("a pattern") }
        if accept(.where) { show.condition = try expression() }
        if accept(.order, .by) { show.orderBy = try sortItems() }
        show.limit = try limit()
        return .show(show)
    }

    private mutating func acceptCount() -> Bool {
        guard current.keyword == .count, token(ahead: 1).symbol == .open,
            token(ahead: 2).symbol == .star, token(ahead: 3).symbol == .close
        else { return false }
        for _ in 0..<4 { _ = take() }
        return true
    }

    private func suggestion(for words: [String]) -> String {
        if let (word, clause) = misspeltClause(behind: words) {
            return "; did you mean \(clause) instead of \(word)?"
        }
        let subject = words.joined(separator: " ")
        let near = nearestName(to: subject, among: Self.subjects)
        let shorter = words.dropLast().joined(separator: " ")
        guard Self.subjects.contains(shorter), near == nil || near == shorter else {
            return near.map { "; did you mean SHOW \($0)?" } ?? ""
        }
        return "; did you mean SHOW \(shorter) FROM \(words[words.count - 1])?"
    }

    /// Finds a clause that was taken for a word of the subject: `SHOW TABLES FORM d`.
    private func misspeltClause(behind words: [String]) -> (word: String, clause: String)? {
        for end in words.indices.dropFirst()
        where Self.subjects.contains(words[..<end].joined(separator: " ")) {
            let near = nearestName(to: words[end], among: ["FROM", "LIKE", "WHERE", "ORDER"])
            return near.map { (words[end], $0) }
        }
        return nil
    }

    private func endsSubject(_ token: Token) -> Bool {
        switch token.keyword {
        case .from, .in, .like, .where, .order, .limit, .for, .on: true
        default: false
        }
    }

    private mutating func createSubject() throws(StarlingError) -> String {
        if accept(.external) { return try createSubject() }
        if accept(.materialized, .view) { return "MATERIALIZED VIEW" }
        if accept(.text, .analyzer) { return "TEXT ANALYZER" }
        if accept(.schema) { return "DATABASE" }
        if at(anyOf: .table, .view, .database, .catalog, .function, .pipe) {
            return take().keyword!.text
        }
        throw expected(
            "what to show, such as TABLE or VIEW",
            nearest: [.table, .view, .materialized, .database, .catalog, .function, .pipe])
    }

    mutating func describe() throws(StarlingError) -> Statement.Kind {
        let isVolume = token(ahead: 1).keyword == .storage && token(ahead: 2).kind == .word
        if isVolume || (token(ahead: 1).keyword == .pipe && isName(token(ahead: 2))) {
            return other()
        }
        let isDescribe = take().keyword == .describe
        if at(anyOf: .logical, .verbose, .costs), token(ahead: 1).symbol != .dot,
            token(ahead: 1).kind != .end, token(ahead: 1).symbol != .semicolon
        {
            let mode = ExplainMode(rawValue: "EXPLAIN \(take().keyword!.text)")!
            return .explain(mode, try statement())
        }
        if at(anyOf: .select, .with, .values) || isQuery(at: position) {
            let start = current.start
            let query = try query()
            if isDescribe {
                return .describe(Describe(subject: .query(query), all: false))
            }
            let statement = Statement(
                kind: .query(query, outfile: nil), range: range(from: start))
            return .explain(.plain, statement)
        }
        return .describe(try describeSubject())
    }

    /// Parses what SUMMARIZE looks at: a query, or one source of rows.
    mutating func summarizedQuery() throws(StarlingError) -> Query {
        if at(anyOf: .select, .with, .values) || isQuery(at: position) { return try query() }
        return Query(allFrom: try tablePrimary())
    }

    private mutating func describeSubject() throws(StarlingError) -> Describe {
        if current.kind == .string {
            return Describe(subject: .path(try string()), all: false)
        }
        if accept(.text, .analyzer) {
            return Describe(subject: .textAnalyzer(try identifier()), all: false)
        }
        _ = accept(.table)
        let name = try qualifiedName("a table")
        if atSymbol(.open) {
            return Describe(subject: .function(try tableFunction(name)), all: false)
        }
        return Describe(subject: .table(name), all: accept(.all))
    }

    /// What SHOW shows, beside CREATE ...
    static let subjects: [String] = [
        "ALTER MATERIALIZED VIEW", "ALTER TABLE COLUMN", "ALTER TABLE OPTIMIZE",
        "ALTER TABLE ROLLUP", "ANALYZE", "ANALYZE JOB", "ANALYZE STATUS", "CATALOGS",
        "CHARACTER SET",
        "CHARSET", "COLLATION", "COLUMN STATS", "COLUMNS", "COUNT(*) ERRORS", "COUNT(*) WARNINGS",
        "DATA", "DATABASES", "DELETE", "ENGINES", "ERRORS",
        "EVENTS",
        "FIELDS", "FULL BUILTIN FUNCTIONS", "BUILTIN FUNCTIONS", "FULL COLUMNS", "FULL FIELDS",
        "FULL FUNCTIONS", "FULL GLOBAL FUNCTIONS", "FULL PROCESSLIST", "FULL TABLES",
        "FUNCTION STATUS", "FUNCTIONS", "GLOBAL FUNCTIONS", "GLOBAL VARIABLES", "GRANTS",
        "HISTOGRAM META", "INDEX",
        "INDEXES", "JSON PATHS", "KEY", "KEYS", "LOCAL VARIABLES", "MATERIALIZED VIEW",
        "MATERIALIZED VIEWS", "LOAD",
        "MULTI COLUMN STATS META", "OPEN TABLES", "PARTITIONS", "PIPES", "PLUGINS", "PRIVILEGES",
        "PROCEDURE STATUS",
        "PROCESSLIST", "PROFILELIST", "RUNNING QUERIES", "SCHEMAS", "SESSION VARIABLES",
        "SNAPSHOTS",
        "STATS META", "STATUS", "TABLE STATUS", "TABLES", "TABLET", "TASKS", "TEMPORARY PARTITIONS",
        "TEMPORARY TABLES", "TEXT ANALYZERS", "TRANSACTION", "TRIGGERS", "VARIABLES", "VIEWS",
        "WARNINGS", "DYNAMIC PARTITION TABLES", "GLOBAL STATUS", "SESSION STATUS",
    ]

    private static let administrativeSubjects = [
        "AUTHENTICATION", "AUTHORS", "BACKENDS", "BACKUP", "BASELINE", "BROKER", "COMPUTE NODES",
        "DICTIONARY", "EXPORT", "FILE", "FRONTENDS", "LOAD WARNINGS", "NODES",
        "PROPERTY", "REPLICA", "REPOSITORIES", "RESOURCE", "RESOURCES",
        "RESTORE", "ROLES",
        "ROUTINE LOAD", "SECURITY", "SNAPSHOT", "SQLBLACKLIST", "STORAGE VOLUMES", "STREAM LOAD",
        "USAGE", "USER", "WAREHOUSES", "WHITELIST", "ALL AUTHENTICATION", "PROC", "USERS",
    ]
}
