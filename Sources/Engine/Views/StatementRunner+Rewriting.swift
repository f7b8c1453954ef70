// Queries that read materialized views by themselves. A view is read where its rows are made of the very
// snapshots that the query would read; those that follow commits always are.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingOptimizer
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingViews

extension StatementRunner {
    /// Returns the query that reads views; nil where none has what it computes.
    func readingViews(_ bound: BoundQuery) throws(StarlingError) -> BoundQuery? {
        guard rewritesQueries, settings.flag("enable_materialized_view_rewrite"),
            inferredTypes == nil, bound.plan.readsTables, bound.plan.isDeterministic
        else { return nil }
        let candidates = contents.materializedViews.compactMap { name, view in
            try? candidate(name, view).get()
        }
        guard !candidates.isEmpty else { return nil }
        var rewriting = ViewRewriting(candidates, binderAllocator)
        guard let plan = try rewriting.rewritten(try simplified(bound)) else { return nil }
        return BoundQuery(plan: plan, columns: bound.columns)
    }

    private func simplified(_ bound: BoundQuery) throws(StarlingError) -> LogicalPlan {
        try Optimizer(allocator: binderAllocator, session: sessionValues).simplify(bound)
    }

    /// Finds out whether a view may be read; fails with the reason where it may not.
    private func candidate(
        _ name: CatalogName, _ view: MaterializedView
    ) -> Swift.Result<RewriteCandidate, MatchRefusal> {
        guard let state = view.state as? ViewState, let entry = contents.entry(name),
            case .table(let storage as NativeTable) = entry.content
        else { return .failure(MatchRefusal(reason: "it has no rows")) }
        guard view.definition.property("enable_query_rewrite")?.lowercased() != "false" else {
            return .failure(MatchRefusal(reason: "its property enable_query_rewrite is false"))
        }
        guard view.definition.rewriteConsistency != "disable" else {
            return .failure(
                MatchRefusal(reason: "its property query_rewrite_consistency is disable"))
        }
        guard state.isActive else {
            return .failure(
                MatchRefusal(reason: "it is inactive: \(state.record.inactiveReason)"))
        }
        guard let tables = try? state.tables(in: contents) else {
            return .failure(MatchRefusal(reason: "a table that it reads is gone"))
        }
        for (base, table) in zip(state.bases, tables) {
            if state.mayBeOld(view.definition) { continue }
            guard case .table(let stand) = base.stand, stand === table else {
                return .failure(
                    MatchRefusal(
                        reason: "it is not refreshed since '\(base.entryName.name)' changed"))
            }
            guard base.known(table) === table else {
                return .failure(
                    MatchRefusal(
                        reason: "'\(base.entryName.name)' got other columns since it was made"))
            }
        }
        guard view.definition.refreshMode != "FULL",
            let program = state.compiled.program
                ?? compiledProgram(of: view, state, storage, tables)
        else {
            return .failure(
                MatchRefusal(reason: "only views that are kept by changes are read instead"))
        }
        return .success(
            RewriteCandidate(
                name: entry.name, program: program, storage: storage, bases: tables))
    }

    private func compiledProgram(
        of view: MaterializedView, _ state: ViewState, _ storage: NativeTable,
        _ tables: [NativeTable]
    ) -> ViewProgram? {
        let runner = makeViewRunner(state.record.database, contents)
        return try? program(of: view.definition, state, storage, tables, runner)
    }

    // MARK: EXPLAIN REWRITE

    func explainRewriting(_ bound: BoundQuery) throws(StarlingError) -> Result {
        var rows: [[Value]] = []
        var candidates: [RewriteCandidate] = []
        var places: [Int] = []
        for (name, view) in contents.materializedViews {
            let title = contents.entry(name)?.name ?? name.name
            switch candidate(name, view) {
            case .success(let candidate):
                places.append(rows.count)
                candidates.append(candidate)
                rows.append([.text(title), .text("no"), .null])
            case .failure(let refusal):
                rows.append([.text(title), .text("no"), .text(refusal.reason)])
            }
        }
        var refusal: String?
        if !settings.flag("enable_materialized_view_rewrite") {
            refusal = "enable_materialized_view_rewrite is off"
        } else if !bound.plan.isDeterministic {
            refusal = "the query gives something else each time"
        }
        var rewriting = ViewRewriting(candidates, binderAllocator)
        if refusal == nil { _ = try rewriting.rewritten(try simplified(bound)) }
        for (place, decision) in zip(places, rewriting.decisions) {
            rows[place][1] = .text(decision == "used" ? "yes" : "no")
            rows[place][2] = decision == "used" ? .null : .text(refusal ?? decision)
        }
        return Result(
            [("Materialized view", .string), ("Used", .string), ("Reason", .string)], rows: rows)
    }
}

extension LogicalPlan {
    /// False for queries that compute something of nothing.
    fileprivate var readsTables: Bool {
        if case .scan = node { return true }
        return expressions.contains(where: \.containsSubquery)
            || children.contains(where: \.readsTables)
    }
}

extension CreateMaterializedView {
    fileprivate var rewriteConsistency: String {
        (property("query_rewrite_consistency") ?? "checked").lowercased()
    }
}

extension ViewState {
    /// Tells whether queries may read the view as it was when it was refreshed, as its owner says.
    fileprivate func mayBeOld(_ definition: CreateMaterializedView) -> Bool {
        guard record.refreshEnd > 0 else { return false }
        if definition.rewriteConsistency == "loose" { return true }
        guard
            let seconds = definition.property("mv_rewrite_staleness_second").flatMap({ Int64($0) })
        else { return false }
        return wallClockMicroseconds() - record.refreshEnd <= min(seconds, 1 << 40) * 1_000_000
    }
}

/// Says why a view may not be read.
private struct MatchRefusal: Error {
    var reason: String
}
