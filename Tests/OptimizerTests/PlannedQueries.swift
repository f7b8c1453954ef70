// A shop of stub tables with known sizes, and plans of queries over it as short texts:
//
//     inner[s_customer = c_id](sales[s_price > 10], customers)
//
// Projections only name things and are left out.

import StarlingErrors
import StarlingFunctions
import StarlingOptimizer
import StarlingPlanSupport
import StarlingPlans
import StarlingTypes

/// Plans queries over the shop.
struct PlannedQueries {
    private let environment: StubEnvironment

    init() throws(StarlingError) {
        let parts = LogicalType.structure([
            StructureField(name: "x", type: .int), StructureField(name: "y", type: .int),
        ])
        environment = try StubEnvironment([
            (
                "sales",
                StubTable(
                    "sales", rowCount: 200_000,
                    [
                        StubColumn("s_id", .int).numbered(1...200_000),
                        StubColumn("s_customer", .int).numbered(1...1_000),
                        StubColumn("s_product", .int).numbered(1...100),
                        StubColumn("s_price", .int).distinct(500),
                        StubColumn("s_note", .string), StubColumn("s_parts", parts),
                    ])
            ),
            (
                "customers",
                StubTable(
                    "customers", rowCount: 1_000,
                    [
                        StubColumn("c_id", .int).numbered(1...1_000),
                        StubColumn("c_name", .string).distinct(1_000),
                        StubColumn("c_nation", .int).numbered(1...25),
                    ])
            ),
            (
                "nations",
                StubTable(
                    "nations", rowCount: 25,
                    [
                        StubColumn("n_id", .int).numbered(1...25),
                        StubColumn("n_name", .string).distinct(25),
                    ])
            ),
            (
                "products",
                StubTable(
                    "products", rowCount: 100,
                    [
                        StubColumn("p_id", .int).numbered(1...100),
                        StubColumn("p_name", .string).distinct(100),
                    ])
            ),
            (
                "few",
                StubTable(
                    "few", rowCount: 10_000,
                    [
                        StubColumn("f_customer", .int).numbered(1...1_000),
                        StubColumn("f_price", .int),
                    ])
            ),
        ])
    }

    /// Plans as a statement would be: bound, with the columns that it shows on top.
    func plan(_ text: String, isEnabled: Bool = true) throws(StarlingError) -> LogicalPlan {
        let bound = try environment.bind(text)
        var plan = bound.plan
        if plan.outputColumns != bound.columns {
            plan = LogicalPlan(
                .project(
                    ProjectNode(input: plan, items: bound.columns.map(ProjectItem.init(passing:)))))
        }
        let optimizer = Optimizer(
            allocator: environment.allocator, session: SessionValues(statementTime: 0),
            isEnabled: isEnabled)
        return try optimizer.optimize(plan)
    }

    func outline(_ text: String) throws(StarlingError) -> String { Outline.of(try plan(text)) }

    /// The columns that are read of each table, in the order of the tables in the plan.
    func reads(_ text: String) throws(StarlingError) -> [String] {
        var reads: [String] = []
        try plan(text).forEach { node in
            guard case .scan(let scan) = node.node else { return }
            reads.append(scan.columns.map(\.column.name).joined(separator: ","))
        }
        return reads
    }
}

/// Writes plans as short texts.
enum Outline {
    static func of(_ plan: LogicalPlan) -> String {
        let inputs = plan.children.map(of).joined(separator: ", ")
        switch plan.node {
        case .scan(let node): return node.alias + list(node.conjuncts)
        case .values(let node):
            let constants = node.constants.map { row in
                zip(row, node.columns).map { BoundExpression.literal($0, $1.type) }
            }
            return "values\((node.rows + constants).map { list($0) }.joined())"
        case .filter(let node): return "filter\(list(node.conjuncts))(\(inputs))"
        case .project: return inputs
        case .aggregate(let node):
            let keys = node.keys.map { text($0.expression) }
            let aggregates = node.aggregates.map { item in
                "\(item.function.name)(\(item.isDistinct ? "DISTINCT " : "")"
                    + "\(item.arguments.map(text).joined(separator: ", ")))"
            }
            return "group[\((keys + aggregates).joined(separator: ", "))](\(inputs))"
        case .join(let node): return "\(kind(node))\(list(node.conditions))(\(inputs))"
        case .window(let node):
            return "window[\(node.partitionKeys.map(text).joined(separator: ", "))](\(inputs))"
        case .unnest: return "unnest(\(inputs))"
        case .sort(let node):
            let keys = node.keys.map { text($0.expression) }.joined(separator: ", ")
            let limit = node.limit.map { "; \($0)" } ?? ""
            return "sort[\(keys)\(limit)\(node.offset > 0 ? "+\(node.offset)" : "")](\(inputs))"
        case .limit(let node):
            let offset = node.offset > 0 ? "+\(node.offset)" : ""
            return "limit[\(node.limit.map(String.init) ?? "all")\(offset)](\(inputs))"
        case .setOperation(let node):
            return "\(node.kind)\(node.keepsDuplicates ? " all" : "")(\(inputs))"
        case .shared(let node): return "with \(node.name)(\(inputs))"
        case .sharedScan(let node): return node.name
        case .recursion: return "recursion(\(inputs))"
        }
    }

    private static func kind(_ join: JoinNode) -> String {
        switch join.kind {
        case .inner: join.conditions.isEmpty ? "cross" : "inner"
        case .left: "left"
        case .full: "full"
        case .semi: "semi"
        case .anti: "anti"
        case .nullAwareAnti: "not in"
        case .mark: "mark"
        case .single: "single"
        }
    }

    private static func list(_ expressions: [BoundExpression]) -> String {
        expressions.isEmpty ? "" : "[\(expressions.map(text).joined(separator: " & "))]"
    }

    private static func text(_ expression: BoundExpression) -> String {
        ExpressionPrinter(showsIdentities: false).text(of: expression)
    }
}
