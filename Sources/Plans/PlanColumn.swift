// Columns of plans have an identity that is unique in a query. Operators refer to columns by it and
// never by position, so that rules can move operators without renumbering anything.

import StarlingTables
import StarlingTypes
import Synchronization

/// Identifies a column within a query.
package struct ColumnID: Hashable, Sendable, Comparable {
    package let number: Int

    package init(_ number: Int) { self.number = number }

    package static func < (left: ColumnID, right: ColumnID) -> Bool { left.number < right.number }
}

/// Describes a column that an operator gives, and refers to it in expressions.
package struct PlanColumn: Sendable {
    package var id: ColumnID
    /// For people: results and EXPLAIN.
    package var name: String
    package var type: LogicalType
    package var isNullable: Bool
    /// What MATCH cuts its texts into terms by, where the table says so.
    package var analyzers: ColumnAnalyzers?

    package init(
        id: ColumnID, name: String, type: LogicalType, isNullable: Bool,
        analyzers: ColumnAnalyzers? = nil
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.analyzers = analyzers
    }
}

extension PlanColumn: Hashable {
    package static func == (left: PlanColumn, right: PlanColumn) -> Bool { left.id == right.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Hands out the column identities of one query.
package final class ColumnAllocator: Sendable {
    private let next = Atomic<Int>(0)
    /// The binder numbers the common tables of the text from 1 on.
    private let nextShared = Atomic<Int>(1_000_000)

    package init() {}

    package func makeColumn(
        _ name: String, _ type: LogicalType, isNullable: Bool = true,
        analyzers: ColumnAnalyzers? = nil
    ) -> PlanColumn {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return PlanColumn(
            id: ColumnID(number), name: name, type: type, isNullable: isNullable,
            analyzers: analyzers)
    }

    /// Makes the identity of a plan that the optimizer shares.
    package func makeSharedID() -> SharedPlanID {
        SharedPlanID(nextShared.wrappingAdd(1, ordering: .relaxed).oldValue)
    }

    /// Makes a column like `column` with an identity of its own.
    package func makeCopy(of column: PlanColumn) -> PlanColumn {
        makeColumn(
            column.name, column.type, isNullable: column.isNullable, analyzers: column.analyzers)
    }
}
