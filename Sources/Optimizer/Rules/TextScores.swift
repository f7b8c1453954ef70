// Reads scores of texts from the index of their terms: each text_score() over a scanned column, with
// constants, becomes a column of the scan.
// Example: SELECT id FROM t WHERE body MATCH 'fox' ORDER BY score() DESC LIMIT 10 reads no body, and
// of the rows those alone that may be among the ten.

import StarlingErrors
import StarlingPlans
import StarlingTables
import StarlingTypes

struct TextScores: Rule {
    static let name = "text_scores"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try DerivedColumnReading.apply(
            .score, to: plan, context, of: { $0.column.type.holdsTexts }
        ) { expression, sources in
            guard case .call(let function, _, let arguments) = expression,
                function.name == "text_score", arguments.count == 5,
                let column = arguments[0].textColumn, sources.contains(column.id),
                case .bytes(let query)? = arguments[1].constantValue,
                let analyzer = arguments[2].constantValue?.text,
                case .list(let numbers)? = arguments[3].constantValue,
                let operation = arguments[4].constantValue?.text
            else { return nil }
            return DerivedColumnReading.Derivation(
                source: column, title: "score of " + column.name, type: .double
            ) { source, title in
                .score(
                    ScoreColumn(
                        column: source.position,
                        layout: source.column.type.widestPhysicalType, function: operation,
                        query: query,
                        analyzer: analyzer,
                        numbers: numbers.map { Double($0.integer ?? 0) }, title: title))
            }
        }
    }
}

extension BoundExpression {
    /// The column of texts, or of arrays of them, that this is, however these are declared.
    fileprivate var textColumn: PlanColumn? {
        switch self {
        case .column(let column): column
        case .cast(let inner, let type) where inner.type.isText(like: type): inner.textColumn
        default: nil
        }
    }
}
