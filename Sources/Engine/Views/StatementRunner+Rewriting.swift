// Queries that read materialized views by themselves. What changed in the tables of a view since its
// rows were made is read beside them.

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
            settings.value("materialized_view_rewrite_mode") != "disable", inferredTypes == nil,
            bound.plan.readsTables, bound.plan.isDeterministic
        else { return nil }
        guard contents.hasMaterializedViews else { return nil }
        let outline = try makeOptimizer().outline(bound)
        let tables = outline.nativeTables
        let views = contents.materializedViews { view in
            (view.state as? ViewState)?.readsOnly(tables) == true
        }
        let candidates = views.compactMap { name, view in try? candidate(name, view).get() }
        guard !candidates.isEmpty else { return nil }
        var rewriting = makeRewriting(candidates)
        guard let plan = try rewritten(outline, &rewriting) else { return nil }
        return BoundQuery(plan: plan, columns: bound.columns)
    }

    private func rewritten(
        _ outline: LogicalPlan, _ rewriting: inout ViewRewriting
    ) throws(StarlingError) -> LogicalPlan? {
        let optimizer = makeOptimizer()
        return try rewriting.rewritten(
            try optimizer.settle(try rewriting.readingQueries(outline) ?? outline))
    }

    private func makeOptimizer() -> Optimizer {
        Optimizer(allocator: binderAllocator, session: sessionValues)
    }

    private func makeRewriting(
        _ candidates: [RewriteCandidate], triesAll: Bool = false
    ) -> ViewRewriting {
        ViewRewriting(
            candidates, binderAllocator,
            ignoresCost: settings.value("materialized_view_rewrite_mode") == "force",
            triesAll: triesAll)
    }

    func simplified(_ bound: BoundQuery) throws(StarlingError) -> LogicalPlan {
        try makeOptimizer().simplify(bound)
    }

    /// Says why no query reads a view instead of its tables; nil where some may.
    func rewriteRefusal(_ name: CatalogName, _ view: MaterializedView) -> String? {
        if case .failure(let refusal) = candidate(name, view, forAnyQuery: true) {
            refusal.reason
        } else {
            nil
        }
    }

    /// Finds out whether a view may be read, by the query of this runner or by any; fails with the
    /// reason where it may not.
    private func candidate(
        _ name: CatalogName, _ view: MaterializedView, forAnyQuery: Bool = false
    ) -> Swift.Result<RewriteCandidate, MatchRefusal> {
        guard let state = view.state as? ViewState, let entry = contents.entry(name),
            case .table(let storage as NativeTable) = entry.content
        else { return .failure(MatchRefusal(reason: "it has no rows")) }
        if !forAnyQuery, let reason = sessionRefusal(name, view) {
            return .failure(MatchRefusal(reason: reason))
        }
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
        for (base, table) in zip(state.bases, tables) where base.known(table) !== table {
            return .failure(
                MatchRefusal(
                    reason: "'\(base.entryName.name)' got other columns since it was made"))
        }
        guard forAnyQuery || state.record.files.allSatisfy({ isOpen($0) }) else {
            return .failure(MatchRefusal(reason: "the query does not read all of its files"))
        }
        guard view.definition.refreshMode != "FULL",
            let program = state.compiled.program
                ?? compiledProgram(of: view, state, storage, tables)
        else {
            return .failure(
                MatchRefusal(reason: "only views that are kept by changes are read instead"))
        }
        let zone = sessionValues.timeZone
        guard zone == Self.zoneOfViews || !program.readsZone else {
            return .failure(
                MatchRefusal(
                    reason:
                        "its rows were computed in the time zone \(Self.zoneOfViews), and that of "
                        + "the session is \(zone)"))
        }
        let isRead = mayReadOldRows && state.mayBeOld(view.definition)
        guard isRead || state.record.apart.isEmpty else {
            return .failure(
                MatchRefusal(reason: "some of its partitions were refreshed alone"))
        }
        guard
            view.definition.rewriteConsistency == "loose"
                || entry.definition?.letsPartitionsGo != true
        else {
            return .failure(
                MatchRefusal(
                    reason: "its partitions go after a time, and query_rewrite_consistency is not "
                        + "loose"))
        }
        do throws(MatchRefusal) {
            return .success(
                RewriteCandidate(
                    name: entry.name, program: whole(program, of: view, state, tables),
                    keeping: program, storage: storage, bases: tables,
                    changes: isRead ? nil : try changes(of: state, tables, program.files),
                    isOld: isRead))
        } catch { return .failure(error) }
    }

    /// Says which setting keeps the session's queries from reading a view; nil where none does.
    private func sessionRefusal(_ name: CatalogName, _ view: MaterializedView) -> String? {
        func names(_ setting: String) -> Set<String> {
            let list = (settings.value(setting) ?? "").lowercased().split(separator: ",")
            return Set(list.map { $0.filter { $0 != " " && $0 != "`" } })
        }
        let spellings = [name.name, "\(name.database).\(name.name)"].map { $0.lowercased() }
        if view.definition.isSynchronous, !settings.flag("enable_sync_materialized_view_rewrite") {
            return "enable_sync_materialized_view_rewrite is false"
        }
        if !names("query_excluding_mv_names").isDisjoint(with: spellings) {
            return "query_excluding_mv_names names it"
        }
        let included = names("query_including_mv_names")
        guard included.isEmpty || !included.isDisjoint(with: spellings) else {
            return "query_including_mv_names names others"
        }
        return nil
    }

    /// What the rows of a view are to queries: with those that it retains where the session allows it.
    private func whole(
        _ program: ViewProgram, of view: MaterializedView, _ state: ViewState,
        _ tables: [NativeTable]
    ) -> ViewProgram {
        guard !state.record.seals.isEmpty, settings.flag("materialized_view_rewrite_retained")
        else { return program }
        let runner = makeViewRunner(state.record.database, contents)
        runner.openedFiles = openedFiles
        let query = try? runner.compile(
            view.definition,
            over: zip(state.bases, tables).map { base, table in (base.name, base.known(table)) })
        return (try? query?.program(runner.binderAllocator)) ?? program
    }

    /// What has changed in the tables of a view since its rows were made; nil where nothing has.
    private func changes(
        of state: ViewState, _ tables: [NativeTable], _ files: [any TableOfFiles]
    ) throws(MatchRefusal) -> [BaseChange]? {
        if !files.isEmpty, state.record.refreshEnd == 0 {
            throw MatchRefusal(reason: "it was never refreshed")
        }
        if let obstacle = try? state.obstacle(files) {
            throw MatchRefusal(reason: obstacle.reason)
        }
        var changes = state.changes(to: files)
        for (base, table) in zip(state.bases, tables) {
            switch base.stand {
            case .none: throw MatchRefusal(reason: "it was never refreshed")
            case .table(let stand) where stand === table:
                changes.append(BaseChange(same: table))
            case .table(let stand):
                changes.append(base.change(from: stand, to: table))
            case .version(let number):
                guard let old = try? table.version(number) else {
                    throw MatchRefusal(
                        reason:
                            "version \(number) of '\(base.entryName.name)', at which it stands, "
                            + "is kept no more")
                }
                changes.append(base.change(from: old, to: table))
            }
        }
        return changes.contains(where: \.isChange) ? changes : nil
    }

    /// Tells whether the statement reads these files.
    private func isOpen(_ files: ViewRecord.Files) -> Bool {
        openedFiles.values.contains { $0.lineage == .files(files.source) }
    }

    private func compiledProgram(
        of view: MaterializedView, _ state: ViewState, _ storage: NativeTable,
        _ tables: [NativeTable]
    ) -> ViewProgram? {
        let runner = makeViewRunner(state.record.database, contents)
        runner.openedFiles = openedFiles
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
        } else if settings.value("materialized_view_rewrite_mode") == "disable" {
            refusal = "materialized_view_rewrite_mode is disable"
        } else if !bound.plan.isDeterministic {
            refusal = "the query gives something else each time"
        }
        var rewriting = makeRewriting(candidates, triesAll: true)
        if refusal == nil { _ = try rewritten(try makeOptimizer().outline(bound), &rewriting) }
        for (number, reason) in rewriting.refusals.enumerated() {
            let place = places[number]
            if let reason = refusal ?? reason {
                rows[place][2] = .text(reason)
                continue
            }
            rows[place][1] = .text("yes")
            if candidates[number].changes != nil {
                rows[place][2] = .text("with what has changed since its last refresh")
            }
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

extension LogicalPlan {
    /// What the snapshots of each table that is scanned have in common.
    fileprivate var nativeTables: Set<ObjectIdentifier> {
        var tables: Set<ObjectIdentifier> = []
        forEach { part in
            guard case .scan(let scan) = part.node, let table = scan.table as? NativeTable else {
                return
            }
            tables.insert(table.key)
        }
        return tables
    }
}

extension Statement.Kind {
    /// True for what puts the rows of a query into a table, or changes those of one by them.
    var writesRows: Bool {
        switch self {
        case .insert, .createTable, .delete, .update, .merge, .copy: true
        case .explain(_, let inner): inner.kind.writesRows
        default: false
        }
    }
}

extension CreateMaterializedView {
    fileprivate var rewriteConsistency: String {
        (property("query_rewrite_consistency") ?? "checked").lowercased()
    }
}

extension ViewState {
    /// Tells whether the tables that the view reads are all among these.
    fileprivate func readsOnly(_ tables: Set<ObjectIdentifier>) -> Bool {
        bases.allSatisfy { base in base.newest.map { tables.contains($0.key) } ?? true }
    }

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
