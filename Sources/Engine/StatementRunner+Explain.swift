// EXPLAIN: the plan as text, after ANALYZE with what was measured.

import StarlingBinder
import StarlingErrors
import StarlingExecution
import StarlingPlans
import StarlingSyntax
import StarlingThreads
import StarlingTypes

extension StatementRunner {
    func explain(_ mode: ExplainMode, _ statement: Statement) throws(StarlingError) -> Result {
        let (bound, heading) = try bindExplained(statement)
        let plan = try optimize(bound)
        var detail = PlanPrinter.Detail.plain
        var measurements: QueryMeasurements?
        var footer: [String] = []
        switch mode {
        case .plain: detail = .plain
        case .logical: detail = .brief
        case .verbose: detail = .verbose
        case .costs: detail = .costs
        case .analyze:
            detail = .costs
            let start = monotonicNanoseconds()
            let (chunks, measured) = try run(plan, measuresNodes: true)
            let elapsed = Int64(monotonicNanoseconds() - start)
            measurements = measured
            let rows = chunks.reduce(0) { $0 + $1.count }
            footer.append(
                "\(rows) \(rows == 1 ? "row" : "rows") in \(milliseconds(elapsed)) ms, "
                    + "peak \(measured.peakByteCount / 1024) KiB")
        case .scheduler, .traceLogsMaterializedView, .traceReasonMaterializedView:
            throw StarlingError(
                .unsupported, "\(mode.rawValue) is parsed but not executed by this version")
        }
        let printer = PlanPrinter(detail: detail) { plan in
            measurements?.description(ofNode: plan.number)
        }
        let lines = heading + printer.lines(of: plan) + footer
        return Result([("Explain String", .string)], rows: lines.map { [.text($0)] })
    }

    /// Binds the query of a statement; the heading says what the statement does with its rows.
    private func bindExplained(
        _ statement: Statement
    ) throws(StarlingError) -> (BoundQuery, heading: [String]) {
        switch statement.kind {
        case .query(let query, nil):
            try applyHints(of: query)
            return (try bind(query), [])
        case .query(let query, .some):
            try applyHints(of: query)
            return (try bind(query), ["INTO OUTFILE writes what follows gives"])
        case .insert(let insert):
            guard case .table(let name) = insert.target else {
                var query = insert.query
                if let with = insert.with { query.with = with.followed(by: query.with) }
                return (try bind(query), ["INSERT writes what follows gives"])
            }
            let (conversion, _) = try bindInsert(insert, try memoryTable(name), name)
            let verb = insert.overwrites ? "OVERWRITE" : "INTO"
            return (conversion.bound, ["INSERT \(verb) \(name.sql) what follows gives"])
        case .createTable(let table):
            guard let query = table.query else { break }
            try applyHints(of: query)
            return (try bind(query), ["CREATE TABLE \(table.name.sql) of what follows gives"])
        default: break
        }
        throw StarlingError(
            .unsupported, "EXPLAIN of \(statement.kind.title) is not executed by this version",
            at: statement.range)
    }
}
