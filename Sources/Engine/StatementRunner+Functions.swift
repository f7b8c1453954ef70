// CREATE FUNCTION .. AS expression or query, and DROP FUNCTION.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension StatementRunner {
    func createFunction(_ function: CreateFunction) throws(StarlingError) -> Result {
        let title = function.name.last
        try refuse(function)
        guard !FunctionRegistry.builtin.contains(title.text) else {
            throw StarlingError(
                .binding, "'\(title.text)' is a function of Starling; choose another name",
                at: function.name.range)
        }
        var name = try catalogName(function.name)
        guard catalog.hasDatabase(name.database) else {
            throw catalog.unknownDatabase(name.database).located(at: function.name.range)
        }
        if function.isGlobal { name.database = "" }
        let home = function.isTemporary ? session.temporary : catalog
        if home.function(name) != nil, function.ifNotExists { return .none }
        if !session.isRestoring { try check(function) }
        try commit(to: home, [change(.createFunction(function))]) {
            (contents) throws(StarlingError) in
            let isThere = contents.function(name) != nil
            guard !isThere || function.orReplace || function.ifNotExists else {
                throw StarlingError(
                    .binding, "function '\(name.name)' exists already", at: function.name.range)
            }
            if !isThere || function.orReplace { contents.add(function, as: name) }
        }
        return .none
    }

    /// Finds names that are not there, and recursion. What a type or a value would decide is seen
    /// where the function is called.
    private func check(_ function: CreateFunction) throws(StarlingError) {
        for parameter in function.parameters {
            if let type = parameter.type { _ = try LogicalType(type) }
        }
        if let type = function.returns, type.name != "TABLE" { _ = try LogicalType(type) }
        createdFunction = function
        defer { createdFunction = nil }
        do { try binder.check(function) } catch {
            let isCertain = ["there is no ", "no function ", "calls itself"].contains {
                error.message.contains($0)
            }
            if isCertain { throw error.located(at: function.name.range) }
        }
    }

    private func refuse(_ function: CreateFunction) throws(StarlingError) {
        if case .properties = function.body {
            throw StarlingError(
                .unsupported,
                "functions of libraries and of inline code are parsed but not executed; write "
                    + "CREATE FUNCTION name(parameters) AS expression", at: function.name.range)
        }
        guard !function.isVariadic else {
            throw StarlingError(
                .unsupported, "a function that is an expression takes a fixed count of arguments",
                at: function.name.range)
        }
        var known: Set<String> = []
        var hasDefault = false
        for parameter in function.parameters {
            guard let name = parameter.name else { continue }
            guard known.insert(name.text.lowercased()).inserted else {
                throw StarlingError(
                    .binding, "the function has two parameters '\(name.text)'", at: name.range)
            }
            guard parameter.defaultValue != nil || !hasDefault else {
                throw StarlingError(
                    .binding, "'\(name.text)' needs a default, since one before it has one",
                    at: name.range)
            }
            hasDefault = parameter.defaultValue != nil
        }
        let isTable = if case .table = function.body { true } else { false }
        guard let type = function.returns, isTable != (type.name == "TABLE") else { return }
        throw StarlingError(
            .binding,
            isTable
                ? "a function whose text is a query RETURNS TABLE; a value is (SELECT …)"
                : "a function that RETURNS TABLE has a query as its text", at: type.range)
    }

    func dropFunction(_ drop: Drop) throws(StarlingError) -> Result {
        let name = try catalogName(drop.name)
        let isUnqualified = drop.name.parts.count == 1
        var homes: [(Catalog, CatalogName)] = [(session.temporary, name)]
        if !drop.isTemporary {
            if !drop.isGlobal { homes.append((catalog, name)) }
            if isUnqualified { homes.append((catalog, CatalogName(database: "", name: name.name))) }
        }
        for (home, name) in homes where home.function(name) != nil {
            try commit(to: home, [change(.drop(drop))]) { (contents) throws(StarlingError) in
                guard contents.removeFunction(name) || drop.ifExists else {
                    throw StarlingError(
                        .binding, "there is no function '\(name.name)'", at: drop.name.range)
                }
            }
            return .none
        }
        if drop.ifExists { return .none }
        let near = nearestName(to: name.name, among: visibleFunctions.map(\.title))
        throw StarlingError(
            .binding,
            FunctionRegistry.builtin.contains(name.name)
                ? "'\(name.name)' is a function of Starling and stays"
                : "there is no function '\(name.name)'"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""), at: drop.name.range)
    }
}

extension CreateFunction {
    /// Its kind, as SHOW FUNCTIONS tells it.
    var kindTitle: String {
        if case .table = body { "table macro" } else { "macro" }
    }
}
