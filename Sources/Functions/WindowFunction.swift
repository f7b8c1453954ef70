// Window functions that are not aggregates: rows for their names and types. The executor computes
// them, since they see positions rather than values.

import StarlingErrors
import StarlingTypes

/// Describes a window function.
package final class WindowFunction: Sendable {
    package enum Kind: Sendable, CaseIterable {
        case rowNumber
        case rank
        case denseRank
        case percentRank
        case cumulativeDistribution
        case ntile
        case lead
        case lag
        case firstValue
        case lastValue
        case nthValue
        case sessionNumber
    }

    package let name: String
    package let kind: Kind
    package let summary: String
    /// SQL expressions and the texts of their results, executed by the tests.
    package let examples: [(expression: String, result: String)]
    package let resolve: @Sendable (ArgumentList) throws(StarlingError) -> FunctionSignature

    package init(
        _ name: String, _ kind: Kind, summary: String, example: (call: String, result: String),
        resolve: @escaping @Sendable (ArgumentList) throws(StarlingError) -> FunctionSignature
    ) {
        self.name = name
        self.kind = kind
        self.summary = summary
        let rows = "(VALUES (1), (2), (2), (4), (5)) AS t(x)"
        examples = [
            (
                "(SELECT array_agg(y ORDER BY x, y) FROM "
                    + "(SELECT x, \(example.call) OVER (ORDER BY x) AS y FROM \(rows)) AS u)",
                example.result
            )
        ]
        self.resolve = resolve
    }
}

extension WindowFunction {
    /// Numbers the rows of a partition; rules use it too.
    package static let rowNumber = ranking(
        "row_number", .rowNumber, .bigint, "Numbers the rows of the partition from 1.",
        "[1,2,3,4,5]")
}
