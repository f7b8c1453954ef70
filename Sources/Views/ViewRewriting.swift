// Lets queries read materialized views: each block of a query, with its groups or without, is compared
// with each view. What has changed since a view was refreshed is read beside its rows, where that is
// less than the tables have. Of the views that fit the one is read that takes the fewest rows.

import StarlingErrors
import StarlingOptimizer
import StarlingPlans
import StarlingStorage
import StarlingTables

/// Is a view that queries may read.
package struct RewriteCandidate: Sendable {
    package let name: String
    /// What its rows are to a query.
    package let program: ViewProgram
    /// How its rows change.
    let keeping: ViewProgram
    package let storage: NativeTable
    /// The snapshots that queries read.
    package let bases: [NativeTable]
    /// What has changed in its tables since its rows were made; nil where they are read as they are.
    package let changes: [BaseChange]?
    /// True where its rows are read as they were at some moment, so that rows of its tables don't go
    /// with them.
    let isOld: Bool
    /// The rows of its tables, or those that it groups; nil where they are no block.
    let block: JoinBlock?
    /// True where it is read whatever that costs.
    fileprivate(set) var ignoresCost = false

    /// A view that retains rows of dropped partitions has them for a query where `program` has them and
    /// `keeping` does not.
    package init(
        name: String, program: ViewProgram, keeping: ViewProgram? = nil, storage: NativeTable,
        bases: [NativeTable], changes: [BaseChange]?, isOld: Bool = false
    ) {
        self.isOld = isOld
        block = program.block?.standing(at: bases)
        self.changes = changes
        self.name = name
        self.program = program
        self.keeping = keeping ?? program
        self.storage = storage
        self.bases = bases
    }

    /// A part of its query over the snapshots that it stands at.
    func standing(_ plan: LogicalPlan) -> LogicalPlan {
        DeltaAlgebra(bases.map { BaseChange(same: $0) }, program.allocator).plan(plan, .later)
    }
}

/// Rewrites plans whose subqueries and common tables are gone.
package struct ViewRewriting {
    private let candidates: [RewriteCandidate]
    /// The places of the candidates, those with the fewest rows first.
    private let order: [Int]
    private let allocator: ColumnAllocator
    private let ignoresCost: Bool
    private let triesAll: Bool
    private var failures: [MatchFailure?]
    /// The views that are read.
    package private(set) var used: Set<Int> = []
    private var root: LogicalPlan?

    /// Where `ignoresCost`, a view that is behind is read even if that takes more than its tables. Where
    /// `triesAll`, of each candidate it is found out whether it fits, also if a smaller one does.
    package init(
        _ candidates: [RewriteCandidate], _ allocator: ColumnAllocator, ignoresCost: Bool,
        triesAll: Bool = false
    ) {
        self.ignoresCost = ignoresCost
        self.triesAll = triesAll
        let sizes = candidates.map(\.storage.statistics.rowCount)
        order = candidates.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
        self.candidates = candidates.map { candidate in
            var candidate = candidate
            candidate.ignoresCost = ignoresCost
            return candidate
        }
        self.allocator = allocator
        failures = candidates.map { _ in nil }
    }

    /// Returns the plan that reads views where it can; nil where it cannot.
    package mutating func rewritten(_ plan: LogicalPlan) throws(StarlingError) -> LogicalPlan? {
        var number = 0
        let plan = plan.numbered(from: &number)
        root = plan
        let result = try visit(plan)
        return used.isEmpty ? nil : result
    }

    /// Reads views in the place of parts of a plan, as it is written, that are their queries; nil where
    /// none is.
    package mutating func readingQueries(
        _ outline: LogicalPlan
    ) throws(StarlingError) -> LogicalPlan? {
        let matches = candidates.map { PlanMatch($0) }
        guard matches.contains(where: { $0 != nil }) else { return nil }
        for (place, match) in matches.enumerated() where match != nil {
            let reason =
                "the query has no block over all of its tables, and no part that is its query"
            note(MatchFailure(reason: reason, progress: 0), place)
        }
        var number = 0
        let plan = outline.numbered(from: &number)
        root = plan
        let result = try visit(plan, matches)
        return used.isEmpty ? nil : result
    }

    private mutating func visit(
        _ plan: LogicalPlan, _ matches: [PlanMatch?]
    ) throws(StarlingError) -> LogicalPlan {
        if matches.contains(where: { $0.map { !$0.isOutOfQuestion(plan) } ?? false }) {
            let needed = neededColumns(of: plan)
            let found = try best(for: plan) { (place, _, allocator) throws(MatchFailure) in
                try matches[place]?.plan(of: plan, needed, allocator)
            }
            if let found { return found }
        }
        return try plan.mapChildren { (child) throws(StarlingError) in try visit(child, matches) }
    }

    /// Says of each candidate why it is not read; nil where it is.
    package var refusals: [String?] {
        candidates.indices.map { place in
            guard !used.contains(place) else { return nil }
            return failures[place]?.reason ?? "the query has no block over all of its tables"
        }
    }

    private mutating func visit(_ plan: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        if case .aggregate(let aggregate) = plan.node {
            let found = try best(for: plan) { (_, candidate, allocator) throws(MatchFailure) in
                try GroupMatch.plan(of: aggregate, plan.outputColumns, candidate, allocator)
            }
            if let found { return found }
        }
        if let block = JoinBlock(plan) {
            let needed = neededColumns(of: plan)
            let found = try best(for: plan) { (_, candidate, allocator) throws(MatchFailure) in
                try RowMatch.plan(of: block, needed, candidate, allocator)
            }
            return found ?? plan
        }
        return try plan.mapChildren { (child) throws(StarlingError) in try visit(child) }
    }

    /// Tries the candidates and takes the smallest that fits.
    private mutating func best(
        for part: LogicalPlan,
        _ match: (Int, RewriteCandidate, ColumnAllocator) throws(MatchFailure) -> LogicalPlan?
    ) throws(StarlingError) -> LogicalPlan? {
        var best: (place: Int, plan: LogicalPlan, rowCount: Int)?
        for place in order {
            let candidate = candidates[place]
            // Whoever reads a view reads its rows at least.
            if let best, !triesAll, best.rowCount <= candidate.storage.statistics.rowCount { break }
            do throws(MatchFailure) {
                guard let plan = try match(place, candidate, allocator) else { continue }
                let rowCount = plan.tableRowCount
                if candidate.changes != nil, !ignoresCost, rowCount >= part.tableRowCount {
                    note(
                        MatchFailure(
                            reason:
                                "what has changed since its last refresh takes \(rowCount) rows "
                                + "to read, and the tables have \(part.tableRowCount)",
                            progress: 8), place)
                    continue
                }
                if let known = best, known.rowCount <= rowCount {
                    note(smaller(known.place), place)
                    continue
                }
                if let known = best { note(smaller(place), known.place) }
                best = (place, plan, rowCount)
            } catch { note(error, place) }
        }
        guard let best else { return nil }
        used.insert(best.place)
        return best.plan
    }

    private func smaller(_ place: Int) -> MatchFailure {
        MatchFailure(
            reason: "it fits, but '\(candidates[place].name)' takes no more rows", progress: 9)
    }

    private mutating func note(_ failure: MatchFailure, _ place: Int) {
        guard failure.progress >= failures[place]?.progress ?? 0 else { return }
        failures[place] = failure
    }

    /// The columns of a part of the plan that something outside of it reads.
    private func neededColumns(of part: LogicalPlan) -> [PlanColumn] {
        guard let root else { return part.outputColumns }
        var read = Set(root.outputColumns.map(\.id))
        func collect(_ plan: LogicalPlan) {
            guard plan.number != part.number else { return }
            for expression in plan.expressions { expression.collectColumns(into: &read) }
            if case .setOperation(let operation) = plan.node {
                for columns in operation.inputColumns { read.formUnion(columns.map(\.id)) }
            }
            for child in plan.children { collect(child) }
        }
        collect(root)
        return part.outputColumns.filter { read.contains($0.id) }
    }
}

/// Finds the ways to lay the tables of a view over those of a query.
enum Placement {
    private static let countMax = 24

    static func all(_ view: JoinBlock, in query: JoinBlock) -> [[Int]] {
        var result: [[Int]] = []
        func place(_ chosen: [Int]) {
            guard result.count < countMax else { return }
            guard chosen.count < view.leaves.count else {
                result.append(chosen)
                return
            }
            for (number, leaf) in query.leaves.enumerated()
            where leaf.table === view.leaves[chosen.count].table && !chosen.contains(number) {
                place(chosen + [number])
            }
        }
        place([])
        return result
    }
}

/// Reads a block without groups from a view without groups.
enum RowMatch {
    static func plan(
        of block: JoinBlock, _ columns: [PlanColumn], _ view: RewriteCandidate,
        _ allocator: ColumnAllocator
    ) throws(MatchFailure) -> LogicalPlan? {
        try checkGroups(view, block)
        guard case .rows = view.program.strategy,
            case .project(let top) = view.program.plan.node,
            let viewBlock = view.block
        else { return nil }
        var failure: MatchFailure?
        for places in Placement.all(viewBlock, in: block) {
            do throws(MatchFailure) {
                var match = try BlockMatch(block, view, viewBlock, places: places, allocator)
                for (position, item) in top.items.enumerated() {
                    match.offer(viewBlock.expanded(.column(item.column)), storedAt: position)
                }
                do throws(MatchFailure) {
                    return try read(columns, match)
                } catch {
                    guard let wider = match.joiningBack() else { throw error }
                    return try read(columns, wider)
                }
            } catch {
                if error.progress > failure?.progress ?? 0 { failure = error }
            }
        }
        if let failure { throw failure }
        return nil
    }

    private static func read(
        _ columns: [PlanColumn], _ match: BlockMatch
    ) throws(MatchFailure) -> LogicalPlan {
        var items: [ProjectItem] = []
        for column in columns {
            guard let read = match.read(.column(column)) else {
                throw MatchFailure(
                    reason: "the view does not have \(match.canonical(.column(column)).text)",
                    progress: 4)
            }
            items.append(ProjectItem(column: column, expression: read))
        }
        return LogicalPlan(.project(ProjectNode(input: try match.rows(), items: items)))
    }

    private static func checkGroups(
        _ view: RewriteCandidate, _ block: JoinBlock
    ) throws(MatchFailure) {
        guard view.program.isGrouped, let viewBlock = view.block,
            !Placement.all(viewBlock, in: block).isEmpty
        else { return }
        throw MatchFailure(reason: "it groups rows that the query wants one by one", progress: 1)
    }
}
