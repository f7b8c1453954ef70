// Reads groups from the stored states of a view with the same groups or finer ones: keys are computed
// of the view's keys, and states are put together. All stored groups count, those too that HAVING
// hides from who reads the view. Where a view has no states its results are read (`ResultMatch`).

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

enum GroupMatch {
    static func plan(
        of aggregate: AggregateNode, _ columns: [PlanColumn], _ view: RewriteCandidate,
        _ allocator: ColumnAllocator
    ) throws(MatchFailure) -> LogicalPlan? {
        guard case .aggregate(let core) = view.program.upper.core.node,
            let viewBlock = view.block,
            let block = JoinBlock(aggregate.input), aggregate.groupingSets == nil,
            aggregate.groupingColumn == nil
        else { return nil }
        var failure: MatchFailure?
        for places in Placement.all(viewBlock, in: block) {
            do throws(MatchFailure) {
                var match = try BlockMatch(block, view, viewBlock, places: places, allocator)
                for (key, position) in zip(core.keys, view.program.keyPositions) {
                    match.offer(viewBlock.expanded(key.expression), storedAt: position)
                }
                do throws(MatchFailure) {
                    return try answer(aggregate, columns, match, core, viewBlock, view, allocator)
                } catch {
                    guard let wider = match.joiningBack() else { throw error }
                    return try answer(aggregate, columns, wider, core, viewBlock, view, allocator)
                }
            } catch {
                if error.progress > failure?.progress ?? 0 { failure = error }
            }
        }
        if let failure { throw failure }
        return nil
    }

    private static func answer(
        _ aggregate: AggregateNode, _ columns: [PlanColumn], _ match: BlockMatch,
        _ core: AggregateNode, _ viewBlock: JoinBlock, _ view: RewriteCandidate,
        _ allocator: ColumnAllocator
    ) throws(MatchFailure) -> LogicalPlan {
        var match = match
        guard case .states(let states) = view.program.strategy else {
            var results = try ResultMatch(match, core, viewBlock, view, allocator)
            return try results.plan(of: aggregate)
        }
        if core.keys.isEmpty {
            // The one row of a view without keys is there of no rows, too.
            let place = view.program.stored.firstIndex(of: states.rowCount) ?? 0
            match.require(
                .comparison(
                    .greater, .column(match.stored(place)), .literal(.integer(0), .bigint)))
        }
        var rollUp = RollUp(match, states, viewBlock, view, allocator)
        return try rollUp.plan(of: aggregate, columns)
    }
}

/// Computes the aggregates of a query of the states of a view.
private struct RollUp {
    private var match: BlockMatch
    private let states: AggregateStates
    private let viewBlock: JoinBlock
    private let view: RewriteCandidate
    private let allocator: ColumnAllocator
    private var items: [AggregateItem] = []
    /// States of the query, of which results are computed.
    private var totals: [ProjectItem] = []
    private var results: [ProjectItem] = []
    /// What must not be, given the totals.
    private var excesses: [BoundExpression] = []

    init(
        _ match: BlockMatch, _ states: AggregateStates, _ viewBlock: JoinBlock,
        _ view: RewriteCandidate, _ allocator: ColumnAllocator
    ) {
        self.match = match
        self.states = states
        self.viewBlock = viewBlock
        self.view = view
        self.allocator = allocator
    }

    mutating func plan(
        of aggregate: AggregateNode, _ columns: [PlanColumn]
    ) throws(MatchFailure) -> LogicalPlan {
        let keys = try match.keys(of: aggregate)
        for item in aggregate.aggregates { try add(item) }
        let groups = LogicalPlan(
            .aggregate(AggregateNode(input: try match.rows(), keys: keys, aggregates: items)))
        let passing = keys.map { ProjectItem(passing: $0.column) }
        let direct = items.map(\.column).filter { columns.contains($0) }
            .map(ProjectItem.init(passing:))
        var summed = LogicalPlan(
            .project(ProjectNode(input: groups, items: passing + direct + totals)))
        if !excesses.isEmpty {
            let excess = excesses.count == 1 ? excesses[0] : .or(excesses)
            guard
                let fits = try? Arithmetic.assertion(
                    .not(excess), orSaying: [.literal(.text(AggregateStates.excess), .string)])
            else { throw MatchFailure(reason: "its sums cannot be checked", progress: 5) }
            summed = LogicalPlan(.filter(FilterNode(input: summed, conjuncts: [fits])))
        }
        return LogicalPlan(
            .project(ProjectNode(input: summed, items: passing + direct + results)))
    }

    private mutating func add(_ item: AggregateItem) throws(MatchFailure) {
        if try addDirectly(item) { return }
        let single = AggregateNode(
            input: LogicalPlan(.values(ValuesNode(columns: [], rows: []))), keys: [],
            aggregates: [item])
        guard let wanted = try? AggregateStates(single, allocator) else { throw lacks(item) }
        for state in wanted.states {
            guard let stored = try stored(state.source) else { throw lacks(item) }
            // The sum of a view is known to fit where the view shows it.
            let isSum = state.source.kind == .sum && item.function.name == "sum"
            guard !isSum || item.column.type != .bigint || stored.isBounded else {
                throw lacks(item)
            }
            let isBigint = item.function.name == "sum" && item.column.type == .bigint
            // Of groups that come from changes the sum is checked once it is whole.
            try add(state, stored, asBigint: isBigint && match.readsStoredGroups)
        }
        if item.function.name == "sum", !match.readsStoredGroups, wanted.isOver != .falseLiteral {
            excesses.append(wanted.isOver)
        }
        results += wanted.results
    }

    /// Computes of the keys what repeated rows don't change.
    private mutating func addDirectly(_ item: AggregateItem) throws(MatchFailure) -> Bool {
        guard item.isDistinct || item.function.ignoresDuplicates, item.ordering.isEmpty,
            !item.function.dependsOnOrder
        else { return false }
        var direct = item
        direct.arguments = []
        for argument in item.arguments {
            guard let read = match.read(argument) else { return false }
            direct.arguments.append(read)
        }
        if let condition = item.condition {
            guard let read = match.read(condition) else { return false }
            direct.condition = read
        }
        items.append(direct)
        return true
    }

    private struct Stored {
        var column: PlanColumn
        var condition: BoundExpression?
        var isBounded: Bool
    }

    /// Finds the stored state of the same values; a condition of the query may read keys.
    private mutating func stored(
        _ source: AggregateStates.Source
    ) throws(MatchFailure) -> Stored? {
        let arguments = source.arguments.map { match.canonical($0) }
        let condition = source.condition.map { match.canonical($0) }
        let read = source.condition.flatMap { match.read($0) }
        let first = view.program.stored.firstIndex(of: states.rowCount) ?? 0
        let isOfRows =
            source.kind == .count && source.arguments.allSatisfy { !$0.mayBeNull }
        if isOfRows, source.condition == nil || read != nil {
            return Stored(column: match.stored(first), condition: read, isBounded: true)
        }
        for (place, state) in states.states.enumerated() where state.source.kind == source.kind {
            let known = state.source.arguments.map {
                match.canonical(ofView: viewBlock.expanded($0))
            }
            guard known == arguments else { continue }
            let filter = state.source.condition.map {
                match.canonical(ofView: viewBlock.expanded($0))
            }
            let isBounded = states.boundedSums.contains { $0.sum == state.column }
            if filter == condition {
                return Stored(
                    column: match.stored(first + 1 + place), condition: nil, isBounded: isBounded)
            }
            if filter == nil, let read {
                return Stored(
                    column: match.stored(first + 1 + place), condition: read, isBounded: isBounded)
            }
        }
        return nil
    }

    /// Puts the stored states of a group of the query together.
    private mutating func add(
        _ state: AggregateStates.State, _ stored: Stored, asBigint: Bool
    ) throws(MatchFailure) {
        let isSum = state.source.kind == .sum || state.source.kind == .count
        var argument = BoundExpression.column(stored.column)
        // A sum that is too large is an error, as it would be of the rows.
        if asBigint, state.source.kind == .sum, stored.column.type == .largeint, stored.isBounded {
            argument = .cast(argument, to: .bigint)
        }
        guard
            let item = try? Arithmetic.aggregate(
                isSum ? "sum" : "\(state.source.kind)", [argument], where: stored.condition,
                allocator)
        else {
            throw MatchFailure(reason: "its states cannot be put together", progress: 5)
        }
        items.append(item)
        var total = BoundExpression.column(item.column)
        if total.type != state.column.type { total = .cast(total, to: state.column.type) }
        if isSum {
            total = Arithmetic.value(total, or: .literal(.integer(0), state.column.type))
        }
        totals.append(ProjectItem(column: state.column, expression: total))
    }

    private func lacks(_ item: AggregateItem) -> MatchFailure { match.lacks(item) }
}

extension BlockMatch {
    /// Says that a view has no such aggregate.
    func lacks(_ item: AggregateItem) -> MatchFailure {
        let arguments = item.arguments.map { canonical($0).text }.joined(separator: ", ")
        return MatchFailure(
            reason: "the view does not keep "
                + "\(item.function.name)(\(item.isDistinct ? "DISTINCT " : "")\(arguments))",
            progress: 5)
    }
}
