// Lays a view's block over a query's (Goldstein and Larson, "Optimizing Queries Using Materialized
// Views: A Practical, Scalable Solution", SIGMOD 2001). Every table of the view is one of the query's,
// and the view's conditions follow from those of the query. The query's other tables are joined with
// the view's rows, and its other conditions are applied to them; both must read what the view has.

import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingTables
import StarlingTypes

/// Says why a view does not answer a query.
struct MatchFailure: Error {
    var reason: String
    /// How far the match came; of several failures the furthest is told.
    var progress: Int
}

/// Is a way to read a block of a query from the stored rows of a view.
struct BlockMatch {
    /// What the query's expressions are in terms of the query's tables.
    let block: JoinBlock
    /// Takes expressions over the view's tables to those of the query.
    private let translation: [ColumnID: BoundExpression]
    /// Equalities that hold in all rows of the view.
    private let equal: EqualColumns
    /// What can be read: of the view's stored columns, and of tables that the view lacks.
    private var readable: [BoundExpression: BoundExpression] = [:]
    /// What the view has of days and moments: the unit in which they lie, and where it begins.
    private var cuts: [(cut: TimeCut, beginning: BoundExpression, key: BoundExpression)] = []
    private var others: [ScanNode]
    /// Outer, semi and anti joins that the view does not have.
    private let attachments: [JoinBlock.Attachment]
    private var residual: [BoundExpression] = []
    /// Conditions on stored columns.
    private var storedConditions: [BoundExpression] = []
    private var storedColumns: [ScanColumn] = []
    /// The view's block, where its tables are in the query's, and what it leaves out.
    private let viewBlock: JoinBlock
    private let places: [Int]
    private let gap: Gap
    private let view: RewriteCandidate
    private let allocator: ColumnAllocator

    /// Lays a view over a query so that its tables are those of the query at `places`.
    init(
        _ block: JoinBlock, _ view: RewriteCandidate, _ viewBlock: JoinBlock, places: [Int],
        _ allocator: ColumnAllocator
    ) throws(MatchFailure) {
        self.block = block
        self.view = view
        self.viewBlock = viewBlock
        self.places = places
        self.allocator = allocator
        let attached = try AttachmentMatch(block, viewBlock, places: places, allocator)
        translation = attached.translation
        attachments = attached.remaining.map { block.attachments[$0] }
        let implication = ConditionImplication(block.conjuncts)
        let seal = view.program.asked.map {
            viewBlock.expanded($0).substituting(attached.translation)
        }
        var conditions: [BoundExpression] = []
        var missing: [BoundExpression] = []
        for own in viewBlock.conjuncts {
            let condition = own.substituting(attached.translation)
            if implication.implies(condition) {
                conditions.append(condition)
                continue
            }
            guard !seal.contains(condition) else {
                throw MatchFailure(
                    reason: "it retains rows of partitions that were dropped, which the query does "
                        + "not leave out by \(condition.text); SET "
                        + "materialized_view_rewrite_retained = true reads them, too", progress: 2)
            }
            guard view.completedLeaf(own, viewBlock) != nil else {
                throw Self.doesNotFollow(condition, "")
            }
            missing.append(own)
        }
        let equal = EqualColumns(conditions)
        self.equal = equal
        let matched = attached.derivedPlaces.union(places)
        others = block.leaves.indices.filter { !matched.contains($0) }.map { block.leaves[$0] }
        let known = Set(conditions.map(equal.canonical))
        let remaining = block.conjuncts.filter { conjunct in
            let canonical = equal.canonical(conjunct)
            if known.contains(canonical) || known.contains(canonical.mirrored) { return false }
            guard let (left, right) = EqualColumns.pair(conjunct) else { return true }
            return !equal.areEqual(left, right)
        }
        let all = conditions + missing.map { $0.substituting(attached.translation) }
        let wanted = missing.isEmpty ? [:] : Self.holding(remaining, all, attached.translation)
        residual = remaining.filter { wanted[$0] == nil }
        gap = Gap(missing: missing, wanted: Array(wanted.values))
        for columns in attached.derivedColumns
        where !(residual + conditions).contains(where: { $0.rejectsNulls(of: columns) }) {
            throw MatchFailure(
                reason: "it keeps rows without a partner, which no condition of the query rejects",
                progress: 3)
        }
        for leaf in others {
            for column in leaf.columns {
                readable[.column(column.column)] = .column(column.column)
            }
        }
        for attachment in attachments where attachment.kind == .left {
            for column in attachment.plan.outputColumns {
                var padded = column
                padded.isNullable = true
                readable[attachment.block.expanded(.column(column))] = .column(padded)
            }
        }
    }

    /// Finds the conditions of a query that follow from those of a view, and gives them in terms of the
    /// view's tables.
    private static func holding(
        _ conjuncts: [BoundExpression], _ conditions: [BoundExpression],
        _ translation: [ColumnID: BoundExpression]
    ) -> [BoundExpression: BoundExpression] {
        let implication = ConditionImplication(conditions)
        var back: [ColumnID: BoundExpression] = [:]
        for (own, expression) in translation {
            guard case .column(let column) = expression else { continue }
            var same = column
            same.id = own
            back[column.id] = .column(same)
        }
        var result: [BoundExpression: BoundExpression] = [:]
        for conjunct in conjuncts
        where conjunct.referencedColumns.allSatisfy({ back[$0] != nil })
            && implication.implies(conjunct)
        {
            result[conjunct] = conjunct.substituting(back)
        }
        return result
    }

    /// True where all states that are read are those of groups that the view has.
    var readsStoredGroups: Bool { view.changes == nil && gap.missing.isEmpty }

    /// True where the query joins nothing with what the view has.
    var isWhole: Bool { others.isEmpty && attachments.isEmpty }

    // MARK: What the view has

    /// Notes what a stored column is, in terms of the view's tables.
    mutating func offer(_ expression: BoundExpression, storedAt position: Int) {
        let key = canonical(ofView: expression)
        guard readable[key] == nil else { return }
        let column = BoundExpression.column(stored(position))
        readable[key] = column
        let cut = TimeCut(key)
        guard cut.isCoarse else { return }
        if key.type.isMoment {
            cuts.append((cut, column, key))
        } else if let day = try? Arithmetic.firstDay(ofYear: column) {
            cuts.append((cut, day, key))
        }
    }

    /// Returns the column that reads a stored one.
    mutating func stored(_ position: Int) -> PlanColumn {
        if let known = storedColumns.first(where: { $0.position == position }) {
            return known.column
        }
        let column = view.storage.columns[position]
        let read = allocator.makeColumn(column.name, column.type)
        storedColumns.append(ScanColumn(column: read, position: position))
        return read
    }

    /// Reads only stored rows that satisfy a condition on stored columns.
    mutating func require(_ condition: BoundExpression) { storedConditions.append(condition) }

    /// An expression over the view's tables as it is written when it is compared.
    func canonical(ofView expression: BoundExpression) -> BoundExpression {
        equal.canonical(expression.substituting(translation))
    }

    /// An expression over the query's block as it is written when it is compared.
    func canonical(_ expression: BoundExpression) -> BoundExpression {
        equal.canonical(block.expanded(expression))
    }

    /// Returns an expression over the query's block in terms of what can be read; nil where something
    /// is missing.
    func read(_ expression: BoundExpression) -> BoundExpression? {
        readCanonical(canonical(expression))
    }

    /// Reads what a query groups by.
    func keys(of aggregate: AggregateNode) throws(MatchFailure) -> [ProjectItem] {
        var keys: [ProjectItem] = []
        for key in aggregate.keys {
            guard let read = read(key.expression) else {
                throw MatchFailure(
                    reason: "the view does not group by \(canonical(key.expression).text)",
                    progress: 4)
            }
            keys.append(ProjectItem(column: key.column, expression: read))
        }
        return keys
    }

    private func readCanonical(_ expression: BoundExpression) -> BoundExpression? {
        if let column = readable[expression] { return column }
        switch expression {
        case .literal: return expression
        case .column, .subquery, .lambda: return nil
        default: return readParts(expression) ?? readUnit(expression) ?? readBound(expression)
        }
    }

    /// Computes an expression of its parts.
    private func readParts(_ expression: BoundExpression) -> BoundExpression? {
        var isReadable = true
        let result = Result { () throws(StarlingError) in
            try expression.mapChildren { (child) throws(StarlingError) in
                guard let read = readCanonical(child) else {
                    isReadable = false
                    return child
                }
                return read
            }
        }
        guard isReadable, case .success(let read) = result else { return nil }
        return read
    }

    /// Computes what depends on a unit of time alone of the beginning of that or of a finer one.
    private func readUnit(_ expression: BoundExpression) -> BoundExpression? {
        guard !cuts.isEmpty, let function = TimeFunction(expression) else { return nil }
        let inner = TimeCut(function.operand)
        for known in cuts where known.cut.base == inner.base {
            let isEnough =
                known.cut.unit.makesUp(inner.unit)
                || inner.unit.makesUp(function.unit) && known.cut.unit.makesUp(function.unit)
            guard isEnough else { continue }
            var match = self
            match.cuts = []
            match.readable[inner.base] = known.beginning.converted(to: inner.base.type)
            if let read = match.readParts(expression) { return read }
        }
        return nil
    }

    /// Compares the beginnings of units where a comparison has all of each unit or nothing. The first
    /// week of the calendar begins before it, and is NULL.
    private func readBound(
        _ condition: BoundExpression, takesWeeks: Bool = false
    ) -> BoundExpression? {
        guard !cuts.isEmpty, let bound = TimeBound(condition) else { return nil }
        let known = cuts.first {
            $0.cut.base == bound.cut.base && bound.cut.unit.makesUp($0.cut.unit)
                && bound.begins($0.cut.unit) && (takesWeeks || $0.cut.unit != .week)
        }
        return known.map { bound.comparing($0.beginning) }
    }

    /// Reads a condition that rows have to satisfy. What is before a week is so in rows that some
    /// other condition says are of no earlier week than another.
    private func readConjunct(_ conjunct: BoundExpression) throws(MatchFailure) -> BoundExpression {
        let condition = equal.canonical(conjunct)
        if let read = readCanonical(condition) { return read }
        if let bound = TimeBound(condition), !cuts.isEmpty {
            let others = residual.compactMap { TimeBound(equal.canonical($0)) }
            let isOfWeeks =
                bound.isLower || others.contains { $0.isLower && $0.cut == bound.cut }
            if let read = readBound(condition, takesWeeks: isOfWeeks) { return read }
            if let known = cuts.first(where: { $0.cut.base == bound.cut.base }) {
                throw MatchFailure(
                    reason:
                        "the condition \(condition.text) parts a \(known.cut.unit.rawValue), and "
                        + "the view has no less than \(known.key.text)", progress: 3)
            }
        }
        throw MatchFailure(
            reason: "the condition \(conjunct.text) reads what the view does not have",
            progress: 3)
    }

    // MARK: The rows

    /// Reads the rows of the block.
    func rows() throws(MatchFailure) -> LogicalPlan {
        var conditions = storedConditions
        for condition in residual { conditions.append(try readConjunct(condition)) }
        try checkGap()
        var plan: LogicalPlan
        do throws(StarlingError) {
            plan = try currentRows()
        } catch {
            throw MatchFailure(reason: error.message, progress: 6)
        }
        for other in others {
            plan = LogicalPlan(
                .join(
                    JoinNode(
                        kind: .inner, left: plan, right: LogicalPlan(.scan(other)), conditions: []))
            )
        }
        for attachment in attachments { plan = try attach(attachment, to: plan) }
        guard !conditions.isEmpty else { return plan }
        return LogicalPlan(.filter(FilterNode(input: plan, conjuncts: conditions)))
    }

    /// Says no where too many rows would be put beside the view's.
    private func checkGap() throws(MatchFailure) {
        for own in gap.missing {
            guard !view.ignoresCost, let leaf = view.completedLeaf(own, viewBlock) else { continue }
            let condition = own.substituting(translation)
            let wanted = block.wanted(of: block.leaves[places[leaf]])
            guard !view.isWorthCompleting(wanted, without: condition) else { continue }
            throw Self.doesNotFollow(condition, ", and leaves too many of its rows out")
        }
    }

    private static func doesNotFollow(
        _ condition: BoundExpression, _ remark: String
    ) -> MatchFailure {
        MatchFailure(
            reason:
                "its condition \(condition.text) does not follow from those of the query\(remark)",
            progress: 2)
    }

    /// Reads stored columns, of the rows, too, that the view leaves out.
    private func currentRows() throws(StarlingError) -> LogicalPlan {
        guard !gap.missing.isEmpty else { return try view.currentRows(storedColumns, allocator) }
        var columns = storedColumns
        if columns.isEmpty {
            let first = view.storage.columns[0]
            columns.append(
                ScanColumn(column: allocator.makeColumn(first.name, first.type), position: 0))
        }
        return try view.completed(
            try view.currentRows(columns, allocator), columns, viewBlock, gap, allocator)
    }

    /// Joins tables with the view's rows once more by their keys, so that all of their columns can be
    /// read; nil where that adds nothing, or takes as much as to join them at first.
    func joiningBack() -> BlockMatch? {
        guard !view.isOld else { return nil }
        var match = self
        var rowCount = view.storage.statistics.rowCount
        for (leaf, place) in zip(viewBlock.leaves, places) {
            let lacking = block.leaves[place].columns.filter {
                readable[equal.canonical(.column($0.column))] == nil
            }
            guard !lacking.isEmpty, let key = leaf.keyColumns else { continue }
            var scan = block.leaves[place]
            scan.columns = []
            var conditions: [BoundExpression] = []
            for column in key where !column.column.isNullable {
                guard let stored = readable[canonical(ofView: .column(column.column))] else {
                    break
                }
                let copy = allocator.makeCopy(of: column.column)
                scan.columns.append(ScanColumn(column: copy, position: column.position))
                conditions.append(.comparison(.equal, .column(copy), stored))
            }
            guard conditions.count == key.count else { continue }
            for column in lacking {
                let copy = allocator.makeCopy(of: column.column)
                scan.columns.append(ScanColumn(column: copy, position: column.position))
                match.readable[equal.canonical(.column(column.column))] = .column(copy)
            }
            match.others.append(scan)
            match.storedConditions += conditions
            rowCount += leaf.table.statistics.rowCount
        }
        let whole = viewBlock.leaves.reduce(0) { $0 + $1.table.statistics.rowCount }
        guard match.others.count > others.count, view.ignoresCost || rowCount < whole else {
            return nil
        }
        return match
    }

    /// Joins the view's rows with what the view does not have.
    private func attach(
        _ attachment: JoinBlock.Attachment, to plan: LogicalPlan
    ) throws(MatchFailure) -> LogicalPlan {
        var match = self
        for column in attachment.plan.outputColumns {
            match.readable[attachment.block.expanded(.column(column))] = .column(column)
        }
        var conditions: [BoundExpression] = []
        for condition in attachment.conditions {
            guard let read = match.readCanonical(equal.canonical(condition)) else {
                throw MatchFailure(
                    reason: "the condition \(condition.text) reads what the view does not have",
                    progress: 3)
            }
            conditions.append(read)
        }
        return LogicalPlan(
            .join(
                JoinNode(
                    kind: attachment.kind, left: plan, right: attachment.plan,
                    conditions: conditions)))
    }
}

extension BoundExpression {
    /// The same value in another type.
    func converted(to type: LogicalType) -> BoundExpression {
        self.type == type ? self : .cast(self, to: type)
    }

    var text: String { ExpressionPrinter(showsIdentities: false).text(of: self) }
}
