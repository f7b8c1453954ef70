// How the changes of each operator of a view are found, for people.

import StarlingPlans
import StarlingTables

extension ViewProgram {
    /// Says of each operator how it is kept, the last one of the query first.
    package var operators: [String] {
        let core = upper.core
        var lines: [String] = []
        switch (strategy, core.node) {
        case (.states(let states), .aggregate(let aggregate)):
            let kinds = ["rows"] + states.states.map { "\($0.source.kind)" }
            lines.append(
                "\(aggregate.title): added to the stored states (\(kinds.joined(separator: ", ")))")
        case (.keys, .aggregate(let aggregate)):
            lines.append("\(aggregate.title): groups that change are computed anew")
        case (.keys, .window): lines.append("window: partitions that change are computed anew")
        default: return core.maintenance
        }
        return lines + core.children.flatMap(\.maintenance)
    }
}

extension LogicalPlan {
    fileprivate var maintenance: [String] {
        let own: String? =
            switch node {
            case .scan(let scan) where scan.table is any TableOfFiles:
                "\(scan.table.title): the rows of files that came"
            case .scan(let scan): "\(scan.table.title): rows that differ between versions"
            case .join(let join) where join.kind == .inner:
                "inner join: the changes of a side with the other side"
            case .join(let join) where join.kind == .full:
                "full join: rows with keys that change, joined before and after"
            case .join(let join):
                "\(join.kind.title) join: the changes of the left side with the right one; rows with keys "
                    + "that change on the right, joined before and after"
            case .aggregate(let aggregate):
                "\(aggregate.title): groups that change, before and after"
            case .window: "window: partitions that change, before and after"
            case .setOperation(let operation)
            where operation.kind != .union || !operation.keepsDuplicates:
                "\(operation.kind): rows that change, before and after"
            default: nil
            }
        return (own.map { [$0] } ?? []) + children.flatMap(\.maintenance)
    }
}

extension JoinNode.Kind {
    var title: String {
        switch self {
        case .inner: "inner"
        case .left: "left"
        case .full: "full"
        case .semi: "semi"
        case .anti, .nullAwareAnti: "anti"
        case .mark: "mark"
        case .single: "single"
        }
    }
}

extension AggregateNode {
    fileprivate var title: String {
        keys.isEmpty
            ? "aggregation" : "groups by \(keys.map(\.column.name).joined(separator: ", "))"
    }
}
