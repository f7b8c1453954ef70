// D in joins: it goes to the sides that need it, and the copies on both sides are compared.

import StarlingErrors
import StarlingPlans
import StarlingTypes

extension DomainPushDown {
    func pushIntoJoin(_ join: JoinNode) throws(StarlingError) -> (LogicalPlan, Mapping) {
        var node = join
        if node.kind == .full { return try pushIntoFullJoin(join) }
        if node.kind == .inner, !needsDomain(node.left) {
            let (right, mapping) = try push(into: node.right)
            node.right = right
            return (LogicalPlan(.join(node)).readingDomain(mapping), mapping)
        }
        if node.looksUpLeftRows, needsDomain(node.left), needsDomain(node.right) {
            return try pushIntoLookUp(node)
        }
        let (left, leftMapping) = try push(into: node.left)
        node.left = left
        // Conditions of inner and outer joins may refer to D too: the left copy serves them.
        guard needsDomain(node.right) else {
            return (LogicalPlan(.join(node)).readingDomain(leftMapping), leftMapping)
        }
        return try pushIntoRight(of: node, leftMapping)
    }

    /// Lets the right side be computed for what it needs of D, and compares that with the left
    /// side, which has all of D.
    private func pushIntoRight(
        of join: JoinNode, _ left: Mapping
    ) throws(StarlingError) -> (LogicalPlan, Mapping) {
        var node = join
        let inside = narrowed(to: node.right)
        let (right, rightMapping) = try inside.push(into: node.right)
        node.right = right
        node.conditions = node.conditions.map { $0.renaming(left) }
        node.conditions += inside.equalities(left, rightMapping)
        if node.kind == .nullAwareAnti { node = node.withoutNullAwareness }
        return (LogicalPlan(.join(node)), left)
    }

    /// The join of a subquery: its right side need only be computed for those values of D for which
    /// the left side, with the conditions in it, has rows. So the left side is computed once, and
    /// is the domain of the right one.
    private func pushIntoLookUp(_ join: JoinNode) throws(StarlingError) -> (LogicalPlan, Mapping) {
        var node = join
        var inside = self
        let (left, leftMapping) = try push(into: node.left)
        if case .sharedScan(let scan) = left.node {
            inside.domain = domain.taken(from: scan, leftMapping)
            node.left = left
            return try inside.pushIntoRight(of: node, leftMapping)
        }
        let columns = left.outputColumns
        let sources = columns.map(context.allocator.makeCopy)
        let scan = SharedScanNode(
            id: context.makeSharedID(), name: "outer", columns: columns, sourceColumns: sources)
        inside.domain = domain.taken(from: scan, leftMapping)
        node.left = LogicalPlan(.sharedScan(scan))
        let (body, mapping) = try inside.pushIntoRight(of: node, leftMapping)
        let copies = Dictionary(
            zip(columns.map(\.id), sources), uniquingKeysWith: { first, _ in first })
        let shared = SharedNode(
            id: scan.id, name: "outer", definition: left.renaming(copies), body: body)
        return (LogicalPlan(.shared(shared)), mapping)
    }

    /// Both sides may be padded, so D's columns come from whichever side has a row.
    private func pushIntoFullJoin(
        _ join: JoinNode
    ) throws(StarlingError) -> (LogicalPlan, Mapping) {
        var node = join
        let passed = LogicalPlan(.join(join)).outputColumns
        let (left, leftMapping) = try pushNarrowed(into: node.left)
        let (right, rightMapping) = try pushNarrowed(into: node.right)
        node.left = left
        node.right = right
        node.conditions = node.conditions.map { $0.renaming(leftMapping) }
        node.conditions += equalities(leftMapping, rightMapping)
        var items = passed.map(ProjectItem.init(passing:))
        var outputs: [PlanColumn] = []
        for column in domain.outerColumns {
            var (one, other) = (leftMapping[column.id]!, rightMapping[column.id]!)
            one.isNullable = true
            other.isNullable = true
            let output = context.allocator.makeCopy(of: column)
            let either = BoundExpression.conditional(
                [
                    ConditionalBranch(
                        condition: .not(.isNull(.column(one))), result: .column(one))
                ], otherwise: .column(other), column.type)
            items.append(ProjectItem(column: output, expression: either))
            outputs.append(output)
        }
        let project = ProjectNode(input: LogicalPlan(.join(node)), items: items)
        return (LogicalPlan(.project(project)), mapping(to: outputs))
    }
}

extension DomainPushDown.Domain {
    /// The values that a shared plan has for the columns of D that `mapping` finds in its scan.
    fileprivate func taken(
        from scan: SharedScanNode, _ mapping: DomainPushDown.Mapping
    ) -> DomainPushDown.Domain {
        let sources = Dictionary(
            zip(scan.columns.map(\.id), scan.sourceColumns), uniquingKeysWith: { first, _ in first }
        )
        return DomainPushDown.Domain(
            id: scan.id, outerColumns: outerColumns,
            sourceColumns: outerColumns.map { sources[mapping[$0.id]!.id]! })
    }
}

extension JoinNode {
    /// True for the joins that subqueries become: they look up something for each left row.
    fileprivate var looksUpLeftRows: Bool {
        switch kind {
        case .semi, .anti, .mark, .single, .nullAwareAnti: true
        case .inner, .left, .full: false
        }
    }
}
