// What a plan says of its rows as they come: their order, whether there is one, and
// columns that are never NULL. Only what is plain from the top is found; what is not said is not
// known.

/// Names a column that rows are ordered by.
package struct RowOrderKey: Sendable, Hashable {
    package var id: ColumnID
    package var isAscending: Bool
    package var nullsFirst: Bool
}

extension LogicalPlan {
    /// The columns that the rows are ordered by, most important first.
    package var orders: [RowOrderKey] {
        switch node {
        case .sort(let sort):
            var orders: [RowOrderKey] = []
            for key in sort.keys {
                guard case .column(let column) = key.expression else { break }
                orders.append(
                    RowOrderKey(
                        id: column.id, isAscending: key.isAscending, nullsFirst: key.nullsFirst))
            }
            return orders
        case .project(let project):
            var orders: [RowOrderKey] = []
            for order in project.input.orders {
                let item = project.items.first {
                    if case .column(let column) = $0.expression {
                        column.id == order.id
                    } else {
                        false
                    }
                }
                guard let item else { break }
                orders.append(
                    RowOrderKey(
                        id: item.column.id, isAscending: order.isAscending,
                        nullsFirst: order.nullsFirst))
            }
            return orders
        case .shared(let shared): return shared.body.orders
        default: return []
        }
    }

    /// True only where there is at least one row, whatever the tables hold.
    package var alwaysGivesRow: Bool {
        func keepsFirst(_ limit: Int?, _ offset: Int) -> Bool {
            offset == 0 && (limit ?? 1) > 0
        }
        switch node {
        case .aggregate(let aggregate):
            return aggregate.keys.isEmpty && aggregate.groupingSets == nil
        case .values(let values): return values.rowCount > 0
        case .project(let project): return project.input.alwaysGivesRow
        case .window(let window): return window.input.alwaysGivesRow
        case .sort(let sort):
            return keepsFirst(sort.limit, sort.offset) && sort.input.alwaysGivesRow
        case .limit(let limit):
            return keepsFirst(limit.limit, limit.offset) && limit.input.alwaysGivesRow
        case .shared(let shared): return shared.body.alwaysGivesRow
        default: return false
        }
    }

    /// True only where the column cannot be NULL in any row.
    package func neverGivesNull(_ id: ColumnID) -> Bool {
        switch node {
        case .scan(let scan):
            scan.columns.first { $0.column.id == id }.map { !$0.column.isNullable } ?? false
        case .filter(let filter): filter.input.neverGivesNull(id)
        case .sort(let sort): sort.input.neverGivesNull(id)
        case .limit(let limit): limit.input.neverGivesNull(id)
        case .project(let project):
            switch project.items.first(where: { $0.column.id == id })?.expression {
            case .column(let column): project.input.neverGivesNull(column.id)
            case .literal(let value, _): !value.isNull
            default: false
            }
        default: false
        }
    }
}
