// EXPLAIN: the plan as text, after ANALYZE with what was measured.

import StarlingBinder
import StarlingErrors
import StarlingEvaluation
import StarlingExecution
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingThreads
import StarlingTypes

extension StatementRunner {
    func explain(_ mode: ExplainMode, _ statement: Statement) throws(StarlingError) -> Result {
        let explained = try bindExplained(statement, isAnalyzed: mode == .analyze)
        if mode == .rewrite { return try explainRewriting(explained[0].bound) }
        var lines: [String] = []
        for (bound, heading) in explained {
            let indent = heading.isEmpty ? "" : "  "
            lines += heading
            lines += try explain(mode, try optimize(bound)).map { indent + $0 }
        }
        return Result(
            [("Explain String", .string)],
            rows: lines.map { line in
                [
                    .text(
                        line.split(
                            separator: NumberedTable.rowColumn, omittingEmptySubsequences: false
                        )
                        // Other names that the engine gives bear a mark that no user writes.
                        .joined(separator: "row number").filter { $0 != "\u{1F}" })
                ]
            })
    }

    private func explain(
        _ mode: ExplainMode, _ plan: LogicalPlan
    ) throws(StarlingError) -> [String] {
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
        case .rewrite, .scheduler, .traceLogsMaterializedView, .traceReasonMaterializedView:
            throw StarlingError(
                .unsupported, "\(mode.rawValue) is parsed but not executed by this version")
        }
        let printer = PlanPrinter(detail: detail) { plan in
            measurements?.description(ofNode: plan.number) ?? self.expectation(ofScan: plan)
        }
        return printer.lines(of: plan) + footer
    }

    /// Says how many partitions a scan reads, where the table has some, and which indexes it asks.
    private func expectation(ofScan plan: LogicalPlan) -> String? {
        guard case .scan(let node) = plan.node else { return nil }
        var parts: [String] = []
        if let text = (try? PartitionPruning(node, sessionValues))?.text { parts.append(text) }
        let indexes = settings.flag("enable_gin_filter") ? Self.indexes(asked: node) : []
        if !indexes.isEmpty { parts.append("asks " + indexes.joined(separator: ", ")) }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private static func indexes(asked scan: ScanNode) -> [String] {
        let conditions = IndexableConditions(of: scan)
        let all = IndexCondition.all(scan.conjuncts.map { conditions.condition($0) })
        return scan.table.forecast(of: all)?.indexes ?? []
    }

    /// A query of a statement; the heading says what the statement does with its rows.
    private typealias ExplainedQuery = (bound: BoundQuery, heading: [String])

    /// Binds the queries of a statement: one, but for some MERGEs.
    private func bindExplained(
        _ statement: Statement, isAnalyzed: Bool
    ) throws(StarlingError) -> [ExplainedQuery] {
        if let request = try writeRequest(of: statement) {
            guard !isAnalyzed else {
                throw StarlingError(
                    .unsupported, "EXPLAIN ANALYZE would write the files; analyze the query alone",
                    at: statement.range)
            }
            let described = try describe(request)
            return [(described.bound, described.lines)]
        }
        switch statement.kind {
        case .query(let query, _):
            try applyHints(of: query)
            return [(try bind(query), [])]
        case .insert(let insert):
            guard case .table(let name) = insert.target else { break }
            try applyHints(of: insert)
            let (conversion, _) = try bindInsert(insert, try nativeTable(name), name)
            let verb = insert.overwrites ? "OVERWRITE" : "INTO"
            return [(conversion.bound, ["INSERT \(verb) \(name.sql) what follows gives"])]
        case .createTable(let table):
            guard let query = table.query else { break }
            try applyHints(of: query)
            return [(try bind(query), ["CREATE TABLE \(table.name.sql) of what follows gives"])]
        case .delete(let delete):
            try apply(delete.hints)
            return try numberingRows(of: delete.table) { (_) throws(StarlingError) in
                [(try bindDelete(delete), ["DELETE FROM \(delete.table.sql) the rows that follow"])]
            }
        case .update(let update):
            try apply(update.hints)
            return try numberingRows(of: update.table) { (table) throws(StarlingError) in
                [
                    (
                        try bindUpdate(update, table).0.bound,
                        ["UPDATE \(update.table.sql) to the rows that follow"]
                    )
                ]
            }
        case .merge(let merge):
            return try numberingRows(of: merge.target) { (table) throws(StarlingError) in
                try bindMerge(merge, table).map {
                    ($0.0.bound, ["MERGE INTO \(merge.target.sql) what follows says"])
                }
            }
        default: break
        }
        throw StarlingError(
            .unsupported, "EXPLAIN of \(statement.kind.title) is not executed by this version",
            at: statement.range)
    }

    private func numberingRows<Success>(
        of target: QualifiedName, _ body: (NativeTable) throws(StarlingError) -> Success
    ) throws(StarlingError) -> Success {
        let table = try nativeTable(target)
        return try numberingRows(of: table, try catalogName(target)) { () throws(StarlingError) in
            try body(table)
        }
    }
}
