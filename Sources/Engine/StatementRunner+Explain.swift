// EXPLAIN: the plan as text, after ANALYZE with what was measured.

import StarlingErrors
import StarlingExecution
import StarlingPlans
import StarlingSyntax
import StarlingThreads
import StarlingTypes

extension StatementRunner {
    func explain(_ mode: ExplainMode, _ statement: Statement) throws(StarlingError) -> Result {
        guard case .query(let query, nil) = statement.kind else {
            throw StarlingError(
                .unsupported, "EXPLAIN of \(statement.kind.title) is not executed by this version",
                at: statement.range)
        }
        let bound = try bind(query)
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
                "\(rows) rows in \(milliseconds(elapsed)) ms, "
                    + "peak \(measured.peakByteCount / 1024) KiB")
        case .traceLogsMaterializedView, .traceReasonMaterializedView:
            throw StarlingError(
                .unsupported, "\(mode.rawValue) is parsed but not executed by this version")
        }
        let printer = PlanPrinter(detail: detail) { plan in
            measurements?.description(ofNode: plan.number)
        }
        let lines = printer.lines(of: plan) + footer
        return Result([("Explain String", .string)], rows: lines.map { [.text($0)] })
    }
}
