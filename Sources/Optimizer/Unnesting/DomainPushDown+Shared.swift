// D in what is computed once and read several times. A definition that refers to outer columns is
// computed for all values of those; its scans then give these columns too.

import StarlingErrors
import StarlingPlans
import StarlingTypes

extension DomainPushDown {
    func pushIntoShared(_ shared: SharedNode) throws(StarlingError) -> (LogicalPlan, Mapping) {
        var node = shared
        var inside = self
        if needsDomain(node.definition) {
            let narrow = narrowed(to: node.definition)
            let (definition, mapping) = try narrow.push(into: node.definition)
            node.definition = definition
            inside.extensions[node.id] = Extension(columns: mapping)
        }
        let (body, mapping) = try inside.push(into: node.body)
        node.body = body
        return (LogicalPlan(.shared(node)), mapping)
    }

    func pushIntoScan(
        _ scan: SharedScanNode
    ) throws(StarlingError) -> (LogicalPlan, Mapping) {
        guard let known = extensions[scan.id],
            domain.outerIDs.isSuperset(of: known.columns.keys)
        else { throw StarlingError(.internal, "a domain lacks what a scan of it depends on") }
        var node = scan
        var mapping: Mapping = [:]
        for column in domain.outerColumns {
            guard let source = known.columns[column.id] else { continue }
            let copy = context.allocator.makeCopy(of: source)
            mapping[column.id] = copy
            node.columns.append(copy)
            node.sourceColumns.append(source)
        }
        let plan = LogicalPlan(.sharedScan(node))
        guard mapping.count == domain.outerColumns.count else { return widened(plan, mapping) }
        guard !known.isExact else { return (plan, mapping) }
        let (distinct, keys) = makeDomain()
        let restricted = JoinNode(
            kind: .semi, left: plan, right: distinct, conditions: equalities(mapping, keys))
        return (LogicalPlan(.join(restricted)), mapping)
    }

    /// All values of D recurse together. In a round only those values take part that the round
    /// before gave rows for: within the step, the working table is the domain.
    func pushIntoRecursion(
        _ recursion: RecursionNode
    ) throws(StarlingError) -> (LogicalPlan, Mapping) {
        var node = recursion
        let (anchor, anchorMapping) = try push(into: node.anchor)
        node.anchor = anchor
        node.anchorColumns += domain.outerColumns.map { anchorMapping[$0.id]! }
        let columns = domain.outerColumns.map(context.allocator.makeCopy)
        node.columns += columns

        var inside = self
        inside.domain = Domain(
            id: node.id, outerColumns: domain.outerColumns, sourceColumns: columns)
        for id in inside.extensions.keys { inside.extensions[id]!.isExact = false }
        inside.extensions[node.id] = Extension(columns: mapping(to: columns))
        let (step, stepMapping) = try inside.push(into: node.step)
        node.step = step
        node.stepColumns += domain.outerColumns.map { stepMapping[$0.id]! }
        return (LogicalPlan(.recursion(node)), mapping(to: columns))
    }
}
