// The joins of a query as a graph: relations, and the predicates between them.
//
// Inner joins give relations that can be joined in any order. A left, semi, anti, mark or single
// join gives an *attachment*: its right side can join at any time, alone, once the relations that
// its conditions read are there.

import StarlingPlans
import StarlingTypes

/// A set of relations, one bit each.
typealias RelationSet = UInt64

struct JoinGraph {
    struct Relation {
        var plan: LogicalPlan
        var estimate: RelationEstimate
        var columns: Set<ColumnID>
        var attachment: Attachment?
    }

    /// Says how a relation joins that may not join freely.
    struct Attachment {
        var kind: JoinNode.Kind
        var conditions: [BoundExpression]
        /// What has to be there before.
        var required: RelationSet = 0
        /// What it makes of the number of rows.
        var factor = 1.0
    }

    struct Predicate {
        var condition: BoundExpression
        var relations: RelationSet
        /// The class of columns that are all equal, where it is one of the equalities that say so.
        var equalColumns: Int?
        /// True where it follows from others of its class.
        var isImplied = false
    }

    /// Connects two sets of relations that can be joined.
    struct Edge {
        var left: RelationSet
        var right: RelationSet
        var selectivity: Double
        /// The class whose equality it is, where it stands for an implied one only.
        var impliedBy: Int?
    }

    private(set) var relations: [Relation] = []
    var predicates: [Predicate] = []
    private(set) var edges: [Edge] = []
    private var looseConditions: [BoundExpression] = []

    /// Takes a tree of joins apart. `finish` plans what is not part of it.
    init(
        _ join: JoinNode, finish: (LogicalPlan) -> (plan: LogicalPlan, estimate: RelationEstimate)
    ) {
        collect(LogicalPlan(.join(join)), room: Self.relationCountMax, finish)
        // The conditions could not be placed before all relations were known.
        for condition in looseConditions { addPredicate(condition) }
        addImpliedEqualities()
        for index in relations.indices where relations[index].attachment != nil {
            settleAttachment(index)
        }
        makeEdges()
        connectComponents()
    }

    var all: RelationSet { (1 << UInt64(relations.count)) - 1 }

    /// Larger joins are ordered piece by piece.
    private static let relationCountMax = 60

    /// Adds at most `room` relations; what finds no room is one of them as it is.
    private mutating func collect(
        _ plan: LogicalPlan, room: Int,
        _ finish: (LogicalPlan) -> (plan: LogicalPlan, estimate: RelationEstimate)
    ) {
        guard case .join(let join) = plan.node, room > 1 else {
            add(finish(plan), attachment: nil)
            return
        }
        let end = relations.count + room
        switch join.kind {
        case .inner:
            collect(join.left, room: room - 1, finish)
            collect(join.right, room: end - relations.count, finish)
            looseConditions += join.conditions.flatMap(\.conjuncts)
        case .left, .semi, .anti, .mark, .single, .nullAwareAnti:
            collect(join.left, room: room - 1, finish)
            add(
                finish(join.right),
                attachment: Attachment(kind: join.kind, conditions: join.conditions))
        case .full: add(finish(plan), attachment: nil)
        }
    }

    private mutating func add(
        _ finished: (plan: LogicalPlan, estimate: RelationEstimate), attachment: Attachment?
    ) {
        var columns = finished.plan.outputColumnIDs
        // The mark is a column that only exists once the relation has joined.
        if case .mark(let mark)? = attachment?.kind { columns.insert(mark.id) }
        relations.append(
            Relation(
                plan: finished.plan, estimate: finished.estimate, columns: columns,
                attachment: attachment))
    }

    /// The relations that an expression reads.
    func relations(of expression: BoundExpression) -> RelationSet {
        let columns = expression.referencedColumns
        var result: RelationSet = 0
        for (index, relation) in relations.enumerated()
        where !relation.columns.isDisjoint(with: columns) {
            result |= 1 << UInt64(index)
        }
        return result
    }

    private mutating func addPredicate(_ condition: BoundExpression) {
        predicates.append(Predicate(condition: condition, relations: relations(of: condition)))
    }

    private mutating func settleAttachment(_ index: Int) {
        guard var attachment = relations[index].attachment else { return }
        let own: RelationSet = 1 << UInt64(index)
        for condition in attachment.conditions {
            attachment.required |= relations(of: condition) & ~own
        }
        // Without conditions on the left it may stand anywhere: beside the first relation.
        if attachment.required == 0 { attachment.required = 1 }
        var left = RelationEstimate(rowCount: 1)
        for position in members(attachment.required) {
            let estimate = relations[position].estimate
            left.rowCount = max(left.rowCount, estimate.rowCount)
            left.columns.merge(estimate.columns) { first, _ in first }
        }
        let result = JoinEstimate(left: left, right: relations[index].estimate)
            .of(attachment.kind, attachment.conditions)
        attachment.factor = result.rowCount / left.rowCount
        relations[index].attachment = attachment
    }

    // MARK: Edges

    private mutating func makeEdges() {
        var grouped: [RelationSet: [BoundExpression]] = [:]
        var order: [RelationSet] = []
        for predicate in predicates
        where predicate.relations.nonzeroBitCount > 1 && !predicate.isImplied {
            let touched = withRequirements(predicate.relations)
            if grouped[touched] == nil { order.append(touched) }
            grouped[touched, default: []].append(predicate.condition)
        }
        for relations in order {
            guard relations.nonzeroBitCount == 2 else {
                addHyperedges(relations, grouped[relations]!)
                continue
            }
            let parts = members(relations)
            let estimate = JoinEstimate(
                left: self.relations[parts[0]].estimate, right: self.relations[parts[1]].estimate)
            edges.append(
                Edge(
                    left: 1 << UInt64(parts[0]), right: 1 << UInt64(parts[1]),
                    selectivity: estimate.fraction(of: grouped[relations]!)))
        }
        makeImpliedEdges()
        for (index, relation) in relations.enumerated() {
            guard let attachment = relation.attachment else { continue }
            edges.append(
                Edge(left: attachment.required, right: 1 << UInt64(index), selectivity: 1))
        }
    }

    private mutating func makeImpliedEdges() {
        for predicate in predicates where predicate.isImplied {
            let parts = members(predicate.relations)
            let estimate = JoinEstimate(
                left: relations[parts[0]].estimate, right: relations[parts[1]].estimate)
            edges.append(
                Edge(
                    left: 1 << UInt64(parts[0]), right: 1 << UInt64(parts[1]),
                    selectivity: estimate.fraction(of: [predicate.condition]),
                    impliedBy: predicate.equalColumns))
        }
    }

    /// A predicate on an attachment's columns also needs what the attachment needs.
    private func withRequirements(_ set: RelationSet) -> RelationSet {
        var result = set
        for index in members(set) {
            if let attachment = relations[index].attachment { result |= attachment.required }
        }
        return result
    }

    /// A predicate over three relations or more splits wherever one side of an equality ends.
    private mutating func addHyperedges(_ set: RelationSet, _ conditions: [BoundExpression]) {
        var selectivity = 0.3
        for condition in conditions {
            guard case .comparison(.equal, let first, let second) = condition else { continue }
            let left = withRequirements(relations(of: first))
            let right = withRequirements(relations(of: second))
            selectivity = 0.01
            if left != 0, right != 0, left & right == 0 {
                edges.append(Edge(left: left, right: right, selectivity: selectivity))
                return
            }
        }
        // Any split would do; connecting each member with the rest lets the search find one.
        for member in members(set) {
            let own: RelationSet = 1 << UInt64(member)
            guard relations[member].attachment == nil else { continue }
            edges.append(Edge(left: set & ~own, right: own, selectivity: 1))
        }
    }

    /// Relations that no predicate connects are crossed: every pair over the gap becomes possible.
    private mutating func connectComponents() {
        var component = Array(relations.indices)
        func root(_ index: Int) -> Int {
            var index = index
            while component[index] != index { index = component[index] }
            return index
        }
        for edge in edges {
            let nodes = members(edge.left | edge.right)
            for node in nodes.dropFirst() { component[root(node)] = root(nodes[0]) }
        }
        let roots = relations.indices.map(root)
        guard Set(roots).count > 1 else { return }
        for left in relations.indices where relations[left].attachment == nil {
            for right in relations.indices
            where right > left && roots[left] != roots[right]
                && relations[right].attachment == nil
            {
                edges.append(
                    Edge(left: 1 << UInt64(left), right: 1 << UInt64(right), selectivity: 1))
            }
        }
    }
}

/// Lists the members of a set, lowest first.
func members(_ set: RelationSet) -> [Int] {
    var result: [Int] = []
    var rest = set
    while rest != 0 {
        result.append(rest.trailingZeroBitCount)
        rest &= rest - 1
    }
    return result
}
