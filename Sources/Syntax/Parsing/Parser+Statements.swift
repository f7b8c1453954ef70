// Finds out which statement begins, by its first words.

import StarlingErrors

extension Parser {
    /// Parses one statement without the `;` behind it.
    mutating func statement() throws(StarlingError) -> Statement {
        try nested { parser throws(StarlingError) in
            let start = parser.current.start
            let kind = try parser.statementKind()
            return Statement(
                kind: kind, range: parser.range(from: start),
                parameterCount: max(parser.parameterCount, parser.highestNumber))
        }
    }

    private mutating func statementKind() throws(StarlingError) -> Statement.Kind {
        if atSymbol(.open) { return try queryStatement(after: nil) }
        switch current.keyword {
        case .select, .values, .from: return try queryStatement(after: nil)
        case .with: return try statementAfterWith()
        case .explain: return try explain()
        case .trace: return try trace()
        case .insert: return .insert(try insert(with: nil))
        case .update: return .update(try update(with: nil))
        case .delete: return .delete(try delete(with: nil))
        case .merge: return .merge(try merge(with: nil))
        case .truncate: return try truncate()
        case .copy: return .copy(try copy())
        case .create: return try create()
        case .alter: return try alter()
        case .drop: return try drop()
        case .refresh where token(ahead: 1).keyword == .materialized:
            return .refreshMaterializedView(try refreshMaterializedView())
        case .cancel where token(ahead: 1).keyword == .refresh:
            return try cancelRefresh()
        default: return try sessionStatement()
        }
    }

    private mutating func sessionStatement() throws(StarlingError) -> Statement.Kind {
        switch current.keyword {
        case .set: return try set()
        case .unset: return try unset()
        case .use: return try use()
        case .show: return try show()
        case .desc, .describe: return try describe()
        case .help:
            take()
            return .help(current.kind == .string ? try string() : try anyWord().text)
        case .analyze where token(ahead: 1).keyword != .profile: return try analyze()
        case .kill: return try kill()
        case .optimize: return try optimize()
        case .check: return try check()
        case .call: return try call()
        case .prepare: return try prepare()
        case .execute: return try execute()
        case .deallocate:
            take()
            _ = accept(.prepare)
            return .deallocate(try identifier("a prepared statement's name"))
        case .begin, .start: return try begin()
        case .commit:
            take()
            _ = accept(.work)
            return .commit
        case .rollback:
            take()
            _ = accept(.work)
            return .rollback
        case .submit: return try submitTask()
        case nil where isWord("CLEAN") && token(ahead: 1).keyword == .label:
            return try cleanLabels()
        case nil where acceptWord("REPAIR"): return try repair()
        case nil where acceptWord("SUMMARIZE"): return .summarize(try summarizedQuery())
        case nil where acceptWord("RECOMMEND"): return try recommend()
        case .recover: return try recover()
        case .restore where token(ahead: 1).keyword == .table: return try restoreTable()
        default: return try administration()
        }
    }

    // MARK: Queries

    /// Parses a query and INTO OUTFILE behind it.
    private mutating func queryStatement(after with: WithClause?) throws(StarlingError)
        -> Statement.Kind
    {
        let query = try query(after: with)
        guard accept(.into) else { return .query(query, outfile: nil) }
        try expect(.outfile)
        var outfile = Outfile(path: try path(), properties: [])
        if accept(.format) {
            try expect(.as)
            let format = try identifierOrString("a format")
            outfile.format = Property(
                key: "format", value: format.text, valueRange: format.range)
        }
        outfile.properties = try optionalProperties()
        return .query(query, outfile: outfile)
    }

    private mutating func statementAfterWith() throws(StarlingError) -> Statement.Kind {
        let with = try withClause()
        switch current.keyword {
        case .insert: return .insert(try insert(with: with))
        case .update: return .update(try update(with: with))
        case .delete: return .delete(try delete(with: with))
        case .merge: return .merge(try merge(with: with))
        default: return try queryStatement(after: with)
        }
    }

    private mutating func explain() throws(StarlingError) -> Statement.Kind {
        take()
        var mode = ExplainMode.plain
        if accept(.logical) {
            mode = .logical
        } else if accept(.verbose) {
            mode = .verbose
        } else if accept(.costs) {
            mode = .costs
        } else if at(.analyze), token(ahead: 1).keyword != .table {
            take()
            mode = .analyze
        } else if acceptWord("SCHEDULER") {
            mode = .scheduler
        } else if acceptWord("REWRITE") {
            mode = .rewrite
        }
        return .explain(mode, try statement())
    }

    private mutating func trace() throws(StarlingError) -> Statement.Kind {
        if accept(.trace, .logs, .mv) {
            return .explain(.traceLogsMaterializedView, try statement())
        }
        if accept(.trace, .reason, .mv) {
            return .explain(.traceReasonMaterializedView, try statement())
        }
        return other()
    }

    // MARK: Administration

    /// Recognises statements about clusters, users and loading jobs; all others are errors.
    private mutating func administration() throws(StarlingError) -> Statement.Kind {
        switch current.keyword {
        case .grant, .revoke, .admin, .backup, .restore, .load, .export, .install, .lock, .sync,
            .refresh, .cancel, .resume, .suspend, .stop, .add, .analyze:
            return other()
        default: break
        }
        let administrative: Set<String> = [
            "PAUSE", "UNINSTALL", "UNLOCK", "CLEAR", "CLEAN", "TRANSLATE", "CACHE",
        ]
        if current.kind == .word, administrative.contains(text(of: current).uppercased()) {
            return other()
        }
        throw expected("a statement", nearest: Self.statementKeywords)
    }

    /// Takes everything up to the `;` as text; the name is the first two words, or the three of a
    /// thing whose name has two.
    mutating func other() -> Statement.Kind {
        let start = current.start
        var words: [String] = []
        var isName = true
        while current.kind != .end, !atSymbol(.semicolon) {
            isName = isName && current.kind == .word && words.count < 3
            if isName { words.append(text(of: current).uppercased()) }
            take()
        }
        if words.count == 3, !Self.twoWordObjects.contains("\(words[1]) \(words[2])") {
            words.removeLast()
        }
        let range = range(from: start)
        let text = String(decoding: bytes[range.start..<range.end], as: UTF8.self)
        return .other(name: words.joined(separator: " "), text: text)
    }

    private static let twoWordObjects: Set<String> = [
        "ROUTINE LOAD", "STREAM LOAD", "RESOURCE GROUP", "STORAGE VOLUME", "SECURITY INTEGRATION",
        "MASKING POLICY", "COMPUTE NODE", "WAREHOUSE GROUP", "EXTERNAL RESOURCE",
    ]

    /// Words with which a statement begins.
    static let statementKeywords: [Keyword] = [
        .select, .with, .values, .from, .explain, .insert, .update, .delete, .merge, .truncate,
        .copy, .create, .alter, .drop, .refresh, .cancel, .set, .use, .show, .desc, .describe,
        .help, .analyze, .kill, .optimize, .check, .call, .prepare, .execute, .deallocate,
        .begin, .start, .commit, .rollback, .submit, .recover, .trace,
    ]
}
