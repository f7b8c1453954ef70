// A series between constants is a table, which is computed as it is read:
//
//     t ⋈ unnest(series(1, 1000000))  →  t × scan(series 1 to 1000000)
//
// What depends on rows, series of dates and those without values stay lists.

import StarlingErrors
import StarlingEvaluation
import StarlingFunctions
import StarlingGenerators
import StarlingPlans
import StarlingTypes

struct SeriesScans: Rule {
    static let name = "series_scans"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            guard case .unnest(let unnest) = node.node, unnest.lists.count == 1,
                let table = table(of: unnest.lists[0], context)
            else { return node }
            let scan = LogicalPlan(
                .scan(
                    ScanNode(
                        table: table, alias: unnest.columns[0].name,
                        columns: [ScanColumn(column: unnest.columns[0], position: 0)])))
            if case .values(let values) = unnest.input.node, values.columns.isEmpty,
                values.rows.count == 1
            {
                return scan
            }
            return LogicalPlan(
                .join(JoinNode(kind: .inner, left: unnest.input, right: scan, conditions: [])))
        }
    }

    private static func table(
        of list: BoundExpression, _ context: PlanningContext
    ) -> SeriesTable? {
        guard case .call(let function, let signature, let arguments) = list,
            function.name == NestedSeries.series.name, signature.resultType == .array(.bigint)
        else { return nil }
        let numbers = arguments.compactMap {
            foldConstants($0, session: context.session).constantValue?.integer
                .flatMap(Int64.init(exactly:))
        }
        guard numbers.count == arguments.count, numbers.count >= 2 else { return nil }
        let step = numbers.count > 2 ? numbers[2] : 1
        return step == 0 ? nil : SeriesTable(from: numbers[0], to: numbers[1], by: step)
    }
}
