// Which rows of tables a partition of a view's rows is made of. The key of a partition is followed from the
// top of a plan down to the tables, as a condition on it would be: through projections, filters, groups and
// windows by it, to the side of a join that gives it, and to the other one by an equality. Where it arrives at
// a table, a row of that table belongs to one partition, and a change of the row touches no other.

import StarlingPlans
import StarlingStorage

/// Knows the partition of each row that a plan reads.
package struct PartitionOrigins {
    /// Is a table that the plan reads.
    package struct Source {
        package var scan: ScanNode
        /// The key, over the columns of the table; nil where a row may belong to any partition.
        package var keys: [BoundExpression]?
    }

    package private(set) var sources: [Source] = []

    package init(of keys: [BoundExpression], in plan: LogicalPlan) { follow(keys, plan) }

    private mutating func follow(_ keys: [BoundExpression]?, _ plan: LogicalPlan) {
        switch plan.node {
        case .scan(let scan):
            let own = Set(scan.columns.map(\.column.id))
            let isOwn = keys?.allSatisfy { own.isSuperset(of: $0.referencedColumns) } ?? false
            sources.append(Source(scan: scan, keys: isOwn ? keys : nil))
        case .filter(let filter): follow(keys, filter.input)
        case .project(let project): follow(keys?.substituting(project.items), project.input)
        case .aggregate(let aggregate) where aggregate.groupingSets == nil:
            let keys = keys?.within(aggregate.keys.map(\.column))
            follow(keys?.substituting(aggregate.keys), aggregate.input)
        case .window(let window):
            follow(keys?.within(window.partitionColumns), window.input)
        case .unnest(let unnest): follow(keys?.within(unnest.input.outputColumns), unnest.input)
        case .join(let join): follow(keys, join)
        case .setOperation(let operation):
            for (input, columns) in zip(operation.inputs, operation.inputColumns) {
                let items = zip(operation.columns, columns).map {
                    ProjectItem(column: $0, expression: .column($1))
                }
                follow(keys?.substituting(items), input)
            }
        case .sort(let sort) where sort.limit == nil && sort.offset == 0:
            follow(keys, sort.input)
        default:
            for child in plan.children { follow(nil, child) }
        }
    }

    private mutating func follow(_ keys: [BoundExpression]?, _ join: JoinNode) {
        let (left, right) = (join.left.outputColumns, join.right.outputColumns)
        var (leftKeys, rightKeys): ([BoundExpression]?, [BoundExpression]?) = (nil, nil)
        switch join.kind {
        case _ where join.isDependent: break
        case .inner:
            leftKeys = keys?.substituting(join.equalities(from: right)).within(left)
            rightKeys = keys?.substituting(join.equalities(from: left)).within(right)
        case .left, .semi, .anti, .mark, .single:
            leftKeys = keys?.within(left)
            rightKeys = leftKeys?.substituting(join.equalities(from: left)).within(right)
        case .nullAwareAnti:
            leftKeys = keys?.within(left)
        case .full: break
        }
        follow(leftKeys, join.left)
        follow(rightKeys, join.right)
    }
}

extension JoinNode {
    /// The columns of one side that are the same as one of the other side in rows that meet.
    fileprivate func equalities(from side: [PlanColumn]) -> [ProjectItem] {
        conditions.compactMap { condition in
            guard
                case .comparison(let comparison, .column(let one), .column(let other)) = condition,
                comparison == .equal || comparison == .nullSafeEqual, one.type == other.type
            else { return nil }
            if side.contains(one) { return ProjectItem(column: one, expression: .column(other)) }
            guard side.contains(other) else { return nil }
            return ProjectItem(column: other, expression: .column(one))
        }
    }
}

extension [BoundExpression] {
    /// The expressions where nothing but these columns is needed for them; nil elsewhere.
    func within(_ columns: [PlanColumn]) -> [BoundExpression]? {
        let known = Set(columns.map(\.id))
        return allSatisfy { known.isSuperset(of: $0.referencedColumns) } ? self : nil
    }

    func substituting(_ items: [ProjectItem]) -> [BoundExpression] {
        let replacements = Dictionary(
            items.map { ($0.column.id, $0.expression) }, uniquingKeysWith: { first, _ in first })
        return map { $0.substituting(replacements) }
    }
}
