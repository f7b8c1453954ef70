// Items of the select list whose aliases mean a column and not a copy of their expression: those that
// ask chance, which is to give the same wherever the alias stands, and those so large that copies of
// copies would grow without end.
//
// Such an item is computed where everything that it reads is there and before anything reads it:
// below the aggregation if a key or an aggregate does, else above it; below the windows unless it
// reads one.

import StarlingErrors
import StarlingPlans
import StarlingSyntax

/// Holds the items of a block that are computed apart from its select list.
struct KeptItems {
    /// As bound, in the order of the text: later ones may read earlier ones.
    private(set) var items: [ProjectItem] = []

    var isEmpty: Bool { items.isEmpty }

    mutating func append(_ item: ProjectItem) { items.append(item) }

    subscript(id: ColumnID) -> ProjectItem? { items.first { $0.column.id == id } }

    /// The items that `columns` are, and those that these read.
    func needed(by columns: Set<ColumnID>) -> [ProjectItem] {
        var wanted = columns
        var result: [ProjectItem] = []
        for item in items.reversed() where wanted.contains(item.column.id) {
            result.append(item)
            item.expression.collectColumns(into: &wanted)
        }
        return result.reversed()
    }
}

extension SelectBinder {
    /// Gives what an alias means: a column that is computed apart where copies would do harm.
    func kept(_ expression: BoundExpression, as alias: Identifier?) -> BoundExpression {
        guard let alias, expression.isWorthNaming else { return expression }
        let column = binder.allocator.makeColumn(
            alias.text, expression.type, isNullable: expression.mayBeNull,
            analyzers: expression.analyzers)
        let read = expression.referencedColumns
        if !read.isDisjoint(with: calls.aggregateColumns) { calls.aggregated.insert(column.id) }
        if !read.isDisjoint(with: calls.windowColumns) { calls.windowed.insert(column.id) }
        keptItems.append(ProjectItem(column: column, expression: expression))
        return .column(column)
    }

    /// Computes items on top of the plan, each where those before it can be read.
    func project(_ items: [ProjectItem]) {
        for item in items {
            plan = LogicalPlan(
                .project(
                    ProjectNode(
                        input: plan,
                        items: plan.outputColumns.map(ProjectItem.init(passing:)) + [item])))
        }
    }

    /// Computes what keys and aggregates read of the kept items.
    func projectItemsBelowGroups() -> Set<ColumnID> {
        var read = Set<ColumnID>()
        for key in grouping.keys { key.expression.collectColumns(into: &read) }
        let node = AggregateNode(input: plan, keys: [], aggregates: calls.aggregates)
        for expression in LogicalPlan(.aggregate(node)).expressions {
            expression.collectColumns(into: &read)
        }
        let items = keptItems.needed(by: read)
        project(items)
        return Set(items.map(\.column.id))
    }
}
