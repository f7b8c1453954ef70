// What a plan says of its rows as they come: their order, and columns that are never NULL. Only
// what is plain from the top is found; what is not said is not known.

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
