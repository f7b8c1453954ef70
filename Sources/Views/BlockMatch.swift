// Lays a view's block over a query's (Goldstein and Larson, "Optimizing Queries Using Materialized
// Views: A Practical, Scalable Solution", SIGMOD 2001). Every table of the view is one of the query's,
// and the view's conditions follow from those of the query. The query's other tables are joined with
// the view's rows, and its other conditions are applied to them; both must read what the view has.

import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingTables

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
    private let others: [ScanNode]
    /// Outer, semi and anti joins that the view does not have.
    private let attachments: [JoinBlock.Attachment]
    private var residual: [BoundExpression] = []
    /// Conditions on stored columns.
    private var storedConditions: [BoundExpression] = []
    private var storedColumns: [ScanColumn] = []
    private let view: RewriteCandidate
    private let allocator: ColumnAllocator

    /// Lays a view over a query so that its tables are those of the query at `places`.
    init(
        _ block: JoinBlock, _ view: RewriteCandidate, _ viewBlock: JoinBlock, places: [Int],
        _ allocator: ColumnAllocator
    ) throws(MatchFailure) {
        self.block = block
        self.view = view
        self.allocator = allocator
        let attached = try AttachmentMatch(block, viewBlock, places: places, allocator)
        translation = attached.translation
        attachments = attached.remaining.map { block.attachments[$0] }
        let conditions = viewBlock.conjuncts.map { $0.substituting(attached.translation) }
        let implication = ConditionImplication(block.conjuncts)
        let seal = view.program.asked.map {
            viewBlock.expanded($0).substituting(attached.translation)
        }
        for condition in conditions where !implication.implies(condition) {
            guard !seal.contains(condition) else {
                throw MatchFailure(
                    reason: "it retains rows of partitions that were dropped, which the query does "
                        + "not leave out by \(condition.text); SET "
                        + "materialized_view_rewrite_retained = true reads them, too", progress: 2)
            }
            throw MatchFailure(
                reason: "its condition \(condition.text) does not follow from those of the query",
                progress: 2)
        }
        let equal = EqualColumns(conditions)
        self.equal = equal
        let matched = attached.derivedPlaces.union(places)
        others = block.leaves.indices.filter { !matched.contains($0) }.map { block.leaves[$0] }
        let known = Set(conditions.map(equal.canonical))
        residual = block.conjuncts.filter { conjunct in
            let canonical = equal.canonical(conjunct)
            if known.contains(canonical) || known.contains(canonical.mirrored) { return false }
            guard let (left, right) = EqualColumns.pair(conjunct) else { return true }
            return !equal.areEqual(left, right)
        }
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

    /// True where the query joins nothing with what the view has.
    var isWhole: Bool { others.isEmpty && attachments.isEmpty }

    // MARK: What the view has

    /// Notes what a stored column is, in terms of the view's tables.
    mutating func offer(_ expression: BoundExpression, storedAt position: Int) {
        let key = canonical(ofView: expression)
        guard readable[key] == nil else { return }
        readable[key] = .column(stored(position))
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

    private func readCanonical(_ expression: BoundExpression) -> BoundExpression? {
        if let column = readable[expression] { return column }
        switch expression {
        case .literal: return expression
        case .column, .subquery, .lambda: return nil
        default: break
        }
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

    // MARK: The rows

    /// Reads the rows of the block.
    func rows() throws(MatchFailure) -> LogicalPlan {
        var conditions = storedConditions
        for condition in residual {
            guard let condition = readCanonical(equal.canonical(condition)) else {
                throw MatchFailure(
                    reason: "the condition \(condition.text) reads what the view does not have",
                    progress: 3)
            }
            conditions.append(condition)
        }
        var plan: LogicalPlan
        do throws(StarlingError) {
            plan = try view.currentRows(storedColumns, allocator)
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
    var text: String { ExpressionPrinter(showsIdentities: false).text(of: self) }
}
