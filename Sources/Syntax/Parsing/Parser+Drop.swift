// DROP and RECOVER.

import StarlingErrors

extension Parser {
    mutating func drop() throws(StarlingError) -> Statement.Kind {
        let start = position
        try expect(.drop)
        let isTemporary = accept(.temporary) || accept(.temp)
        let isGlobal = accept(.global)
        _ = accept(.external)
        switch current.keyword {
        case .task:
            take()
            let ifExists = try acceptIfExists()
            let name = try identifierOrString("a task")
            return .dropTask(name, ifExists: ifExists, force: accept(.force))
        case .stats:
            take()
            return .dropStatistics(try qualifiedName("a table"))
        case .prepare:
            take()
            return .deallocate(try identifier("a prepared statement's name"))
        case .user, .role, .resource, .storage, .file, .security, .analyze, .group:
            position = start
            return other()
        default: break
        }
        guard let kind = acceptObjectKind() else {
            throw expected(
                "what to drop, such as TABLE or VIEW",
                nearest: [
                    .table, .view, .materialized, .database, .schema, .catalog, .index,
                    .function, .pipe, .task, .stats, .temporary,
                ])
        }
        let ifExists = try acceptIfExists()
        let name = QualifiedName(try dropName(kind))
        var drop = Drop(
            kind: kind, ifExists: ifExists, isTemporary: isTemporary, isGlobal: isGlobal,
            name: name)
        if kind == .index {
            try expect(.on)
            drop.table = try qualifiedName("a table")
        }
        if kind == .function, atSymbol(.open) { drop.parameterTypes = try parameterTypes() }
        drop.force = accept(.force) || accept(.cascade)
        if !drop.force { _ = accept(.restrict) }
        return .drop(drop)
    }

    private mutating func dropName(_ kind: ObjectKind) throws(StarlingError) -> [Identifier] {
        let what = "the \(kind.rawValue.lowercased())'s name"
        guard current.kind == .string else { return try qualifiedName(what).parts }
        return [try identifierOrString(what)]
    }

    private mutating func acceptObjectKind() -> ObjectKind? {
        if accept(.table) { return .table }
        if accept(.view) { return .view }
        if accept(.materialized, .view) { return .materializedView }
        if accept(.database) || accept(.schema) { return .database }
        if accept(.catalog) { return .catalog }
        if accept(.index) { return .index }
        if accept(.function) { return .function }
        if acceptWord("MACRO") {
            _ = accept(.table)
            return .function
        }
        if accept(.pipe) { return .pipe }
        return accept(.text, .analyzer) ? .textAnalyzer : nil
    }

    private mutating func parameterTypes() throws(StarlingError) -> [TypeName] {
        try expectSymbol(.open)
        var types: [TypeName] = []
        if acceptSymbol(.close) { return types }
        repeat {
            if atSymbol(.dot) {
                try ellipsis()
            } else {
                types.append(try typeName())
            }
        } while acceptSymbol(.comma)
        if atSymbol(.dot) { try ellipsis() }
        try expectSymbol(.close)
        return types
    }

    mutating func recover() throws(StarlingError) -> Statement.Kind {
        try expect(.recover)
        if accept(.partition) {
            let partition = try identifier("a partition")
            try expect(.from)
            return .recoverPartition(partition, of: try qualifiedName("a table"))
        }
        guard let kind = acceptObjectKind() else {
            throw expected("TABLE or DATABASE", nearest: [.table, .database])
        }
        return .recover(kind, try qualifiedName("a name"))
    }

    mutating func restoreTable() throws(StarlingError) -> Statement.Kind {
        try expect(.restore, .table)
        let name = try qualifiedName("a table")
        try expect(.to)
        guard let time = try timeTravel() else {
            throw expected("VERSION AS OF or TIMESTAMP AS OF", nearest: [.version, .timestamp])
        }
        return .restoreTable(name, time)
    }
}
