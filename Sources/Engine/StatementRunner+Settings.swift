// SET, UNSET and the hints that change settings for one statement.

import StarlingCatalog
import StarlingErrors
import StarlingSyntax
import StarlingTypes

extension StatementRunner {
    /// Takes the one catalog that there is, which scripts choose before they begin.
    func setCatalog(_ name: Identifier) throws(StarlingError) -> Result {
        guard name.text.lowercased() == Catalog.defaultCatalog else {
            throw StarlingError(
                .binding,
                "there is no catalog '\(name.text)'; the only one is \(Catalog.defaultCatalog)",
                at: name.range)
        }
        return .none
    }

    func set(_ assignment: Assignment) throws(StarlingError) {
        switch assignment.target {
        case .names:
            let name = try settingText(assignment.value)
            guard !name.lowercased().hasPrefix("utf8") else { return }
            session.warnings.append("the character set \(name) has no effect: all text is UTF-8")
        case .transaction:
            session.warnings.append(
                "SET TRANSACTION has no effect: a transaction reads one snapshot, and of two that "
                    + "change the same rows one fails")
        case .user(let name):
            session.userVariables[name.text.lowercased()] = try evaluate(
                source: assignment.value)
        case .variable(let name, _):
            if case .defaultValue = assignment.value.kind {
                return try change(&session.settings, name.text, to: nil, at: name.range)
            }
            let text = try settingText(assignment.value)
            try change(
                &session.settings, name.text, to: text, at: name.range, assignment.value.range)
        }
    }

    /// Reads the value of a setting, which may be a bare word.
    private func settingText(_ expression: Expression) throws(StarlingError) -> String {
        if case .column(let word) = expression.kind, let simple = word.simpleText { return simple }
        let (value, type) = try evaluate(expression)
        if type == .boolean { return value == .boolean(true) ? "true" : "false" }
        return value.text(as: type) ?? ""
    }

    /// Changes a setting. What StarRocks or MySQL know and Starling doesn't is a warning; what
    /// looks like a misspelt name is an error.
    func change(
        _ settings: inout Settings, _ name: String, to value: String?, at nameRange: TextRange,
        _ valueRange: TextRange? = nil
    ) throws(StarlingError) {
        guard Settings.isKnown(name) else {
            try ForeignSettings.check(name, at: nameRange)
            try settings.set(name, to: value)
            session.warnings.append("the variable '\(name)' has no effect")
            return
        }
        do throws(StarlingError) { try settings.set(name, to: value) } catch {
            throw error.located(at: valueRange ?? nameRange)
        }
        guard name.lowercased() == "sql_mode" else { return }
        for mode in SQLModes.withoutEffect(in: settings.value("sql_mode") ?? "") {
            session.warnings.append("the mode \(mode) has no effect")
        }
    }

    // MARK: Hints

    /// Applies the hints of a query's first SELECT for the length of the statement.
    func applyHints(of query: Query) throws(StarlingError) {
        var body = query.body
        while true {
            switch body {
            case .select(let select): return try apply(select.hints)
            case .setOperation(let operation): body = operation.left
            case .parenthesised(let inner): body = inner.body
            case .values: return
            }
        }
    }

    /// Applies the hints of an INSERT and of its query.
    func applyHints(of insert: Insert) throws(StarlingError) {
        try apply(insert.hints)
        try applyHints(of: insert.query)
    }

    /// Applies `/*+ SET_VAR(name = value) SET_USER_VARIABLE(@name = value) */`.
    func apply(_ hints: [Hint]) throws(StarlingError) {
        for hint in hints {
            switch hint {
            case .setVariables(let assignments):
                for assignment in assignments {
                    let text = try settingText(assignment.value)
                    try change(
                        &settings, assignment.name.text, to: text,
                        at: assignment.name.range, assignment.value.range)
                }
            case .setUserVariables(let assignments):
                for assignment in assignments {
                    statementVariables[assignment.name.text.lowercased()] =
                        try evaluate(assignment.value)
                }
            case .other(let text):
                let word = String(text.prefix { $0 != "(" && $0 != " " })
                let near = nearestName(to: word, among: ["SET_VAR", "SET_USER_VARIABLE"])
                session.warnings.append(
                    "the hint '\(text)' has no effect"
                        + (near.map { "; did you mean \($0)?" } ?? ""))
            }
        }
    }
}
