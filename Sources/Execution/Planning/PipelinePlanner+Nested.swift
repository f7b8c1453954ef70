// Nested columns around operators that gather rows. Rows hold numbers and strings: a nested column
// enters joins, groups, sorts, windows and set operations packed into strings, with the same
// identity, and stays packed until an expression or the result needs its values.

import StarlingErrors
import StarlingEvaluation
import StarlingPlans
import StarlingTypes

extension PhysicalColumn {
    /// True where the column travels as lists or structures.
    var isUnpacked: Bool { physicalType == .list || physicalType == .structure }

    /// True where the column is nested and travels as packed strings.
    var isPacked: Bool { column.type.isNested && physicalType == .string }
}

extension PipelinePlanner {
    /// Packs the nested columns of a fragment.
    func packed(_ fragment: Fragment) throws(StarlingError) -> Fragment {
        guard fragment.layout.columns.contains(where: \.isUnpacked) else { return fragment }
        return try compute(
            fragment.layout.columns.map { column in
                let plain = BoundExpression.column(column.column)
                return ProjectItem(
                    column: column.column,
                    expression: column.isUnpacked ? plain.asPackedPayload : plain)
            }, over: fragment)
    }

    /// Packs the nested columns of a fragment so that equal values are equal bytes.
    func packedAsKeys(_ fragment: Fragment) throws(StarlingError) -> Fragment {
        guard fragment.layout.columns.contains(where: \.column.type.isNested) else {
            return fragment
        }
        let columns = fragment.layout.columns.map(\.column)
        let keys = keys(columns.map { .column($0) })
        return try compute(
            zip(columns, keys).map { ProjectItem(column: $0, expression: $1) }, over: fragment)
    }

    /// Reads packed columns of a fragment back.
    func unpacked(_ fragment: Fragment) throws(StarlingError) -> Fragment {
        guard fragment.layout.columns.contains(where: \.isPacked) else { return fragment }
        return try compute(
            fragment.layout.columns.map { column in
                let plain = BoundExpression.column(column.column)
                // A conversion to the same type reads the values; the bare column would pass.
                return ProjectItem(
                    column: column.column,
                    expression: column.isPacked ? .cast(plain, to: column.column.type) : plain)
            }, over: fragment)
    }

    /// The keys that stand for expressions: nested ones as packed keys.
    func keys(_ expressions: [BoundExpression]) -> [BoundExpression] {
        expressions.map { $0.type.isNested ? $0.asPackedKey : $0 }
    }
}
