// SUMMARIZE: what the columns of a table, a file or a query hold, in one pass over the rows.

import StarlingBinder
import StarlingErrors
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension StatementRunner {
    /// Gives a row for each column of a query.
    func summarize(_ query: Query) throws(StarlingError) -> Result {
        try applyHints(of: query)
        let columns = try bind(query).columns
        var items = ["count(*)"]
        for (position, column) in columns.enumerated() {
            items += Self.measures(of: "c\(position)", column.type)
        }
        let names = columns.indices.map { "c\($0)" }.joined(separator: ", ")
        var whole = try parseQuery(
            "SELECT \(items.joined(separator: ", ")) FROM (SELECT 1) AS summarized (\(names))")
        guard case .select(var select) = whole.body,
            case .subquery(_, let isLateral, let alias) = select.from[0].kind
        else { preconditionFailure("the template of a summary has another shape") }
        select.from[0].kind = .subquery(query, isLateral: isLateral, alias: alias)
        whole.body = .select(select)
        let measured = try execute(try bind(whole))
        let count = measured.value(0, 0)
        let rows = columns.enumerated().map { position, column -> [Value] in
            let first = 1 + position * Self.measureCount
            let values = (0..<Self.measureCount).map { measured.value(0, first + $0) }
            return [.text(column.name), .text(column.type.description)] + values.dropLast()
                + [count, values[Self.measureCount - 1]]
        }
        return Result(
            [
                ("column_name", .string), ("column_type", .string), ("min", .string),
                ("max", .string), ("approx_unique", .bigint), ("avg", .double), ("std", .double),
                ("q25", .double), ("q50", .double), ("q75", .double), ("count", .bigint),
                ("null_percentage", .decimal(precision: 9, scale: 2)),
            ], rows: rows)
    }

    private static let measureCount = 9

    /// Writes the measures of a column, NULL where its type has none: least, greatest, distinct
    /// values, mean, deviation, quartiles, and the share of NULLs.
    private static func measures(of name: String, _ type: LogicalType) -> [String] {
        let none = "NULL"
        let isNumber = type.isNumeric && type != .boolean
        let isMoment = [.date, .datetime, .time, .boolean].contains(type)
        let hasOrder = isNumber || type.isString || isMoment
        let null =
            "CAST(if(count(*) = 0, 0, (count(*) - count(\(name))) * 100.0 / count(*)) "
            + "AS DECIMAL(9, 2))"
        let extremes =
            hasOrder
            ? [
                "CAST(min(\(name)) AS STRING)", "CAST(max(\(name)) AS STRING)",
                "approx_count_distinct(\(name))",
            ]
            : [none, none, "CAST(NULL AS BIGINT)"]
        let number = "CAST(\(name) AS DOUBLE)"
        let moments =
            isNumber
            ? ["avg(\(number))", "stddev_samp(\(number))"]
                + ["0.25", "0.5", "0.75"].map { "percentile_approx(\(number), \($0))" }
            : Array(repeating: none, count: 5)
        return extremes + moments + [null]
    }
}
