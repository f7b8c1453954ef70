// search(): a text of conditions on fields, as MATCHes of columns. Its second argument says in JSON which
// field is meant where none is named, and how values without AND and OR between them are joined.

import StarlingErrors
import StarlingFields
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    /// Is what the second argument says.
    private struct SearchOptions {
        var fields: [String] = []
        var joinsByAnd = false
        /// True where each value may stand in another field.
        var crossesFields = false
    }

    func bindSearch(_ arguments: [Expression]) throws(StarlingError) -> BoundExpression {
        let text = try searchArgument(arguments[0])
        var options = SearchOptions()
        if arguments.count > 1 { options = try searchOptions(try searchArgument(arguments[1])) }
        let parsed: SearchText
        do throws(SearchText.Fault) {
            parsed = try SearchText(text, joinsByAnd: options.joinsByAnd)
        } catch {
            throw StarlingError(
                .binding, "search(): \(error.message), after \(error.place) characters",
                at: arguments[0].range)
        }
        guard options.fields.count > 1, !options.crossesFields else {
            return try condition(parsed, options, at: arguments[0].range)
        }
        let parts = try mapAll(options.fields) { (field) throws(StarlingError) -> BoundExpression in
            var single = options
            single.fields = [field]
            return try condition(parsed, single, at: arguments[0].range)
        }
        return .or(parts)
    }

    private func searchArgument(_ argument: Expression) throws(StarlingError) -> String {
        guard let text = try bind(argument).constantValue?.text else {
            throw StarlingError(
                .binding, "search() takes literal strings", at: argument.range)
        }
        return text
    }

    private func searchOptions(_ text: String) throws(StarlingError) -> SearchOptions {
        var options = SearchOptions()
        guard let tree = try? JSONTree(parsing: Array(text.utf8)), case .object(let members) = tree
        else { throw StarlingError(.binding, "the second argument of search() is a JSON object") }
        for (key, value) in members {
            switch key {
            case "default_field": options.fields = value.string.map { [$0] } ?? []
            case "fields": options.fields = (value.array ?? []).compactMap(\.string)
            case "default_operator": options.joinsByAnd = value.string?.lowercased() == "and"
            case "type":
                guard ["best_fields", "cross_fields"].contains(value.string ?? "") else {
                    throw StarlingError(
                        .binding, "search() knows the types best_fields and cross_fields")
                }
                options.crossesFields = value.string == "cross_fields"
            default:
                let known = ["default_field", "fields", "default_operator", "type"]
                let near = nearestName(to: key, among: known)
                throw StarlingError(
                    .binding,
                    "search() knows no option '\(key)'"
                        + (near.map { "; did you mean '\($0)'?" }
                            ?? "; there are \(known.joined(separator: ", "))"))
            }
        }
        return options
    }

    private func condition(
        _ text: SearchText, _ options: SearchOptions, at place: TextRange
    ) throws(StarlingError) -> BoundExpression {
        switch text {
        case .and(let parts):
            return .and(
                try mapAll(parts) { (part) throws(StarlingError) in
                    try condition(part, options, at: place)
                })
        case .or(let parts):
            return .or(
                try mapAll(parts) { (part) throws(StarlingError) in
                    try condition(part, options, at: place)
                })
        case .not(let inner): return .not(try condition(inner, options, at: place))
        case .value(let field, let way, let value):
            let fields = field.map { [$0] } ?? options.fields
            guard !fields.isEmpty else {
                throw StarlingError(
                    .binding,
                    "search(): '\(value)' names no field; write field:\(value), or give a "
                        + "'default_field'", at: place)
            }
            let parts = try mapAll(fields) { (name) throws(StarlingError) in
                try condition(on: name, way, value, at: place)
            }
            return parts.count == 1 ? parts[0] : .or(parts)
        }
    }

    private func condition(
        on field: String, _ way: SearchText.Way, _ value: String, at place: TextRange
    ) throws(StarlingError) -> BoundExpression {
        let parts = field.split(separator: ".").map {
            Identifier(String($0), isQuoted: true, range: place)
        }
        guard !parts.isEmpty else { throw StarlingError(.binding, "a field has no name") }
        let column = try bind(Expression(.column(QualifiedName(parts)), at: place))
        if way == .exists { return .not(.isNull(column)) }
        let text = coerce(column, to: .string)
        let literal = BoundExpression.literal(.text(value), .string)
        switch way {
        case .any: return try match(.any, column, literal)
        case .all: return try match(.all, column, literal)
        case .phrase: return try match(.phrase, column, literal)
        case .expression: return try match(.expression, column, literal)
        case .exact: return try compare(.equal, text, literal)
        case .values:
            let words = value.split(whereSeparator: \.isWhitespace).map { Value.text($0) }
            return words.isEmpty ? .falseLiteral : .inList(text, words)
        case .match, .exists: return try match(.match, column, literal)
        }
    }
}
