// Clustered output: rows in the order of a Z-curve (Morton 1966) over several columns, so that rows
// with similar values of any of them share row groups and pages, whose bounds then exclude much.
//
// 1. Each column's values are ranked into 256 parts of equal size, which takes its distribution out.
// 2. The bits of the parts' numbers are interleaved into one number, by which the rows are sorted.

import StarlingErrors
import StarlingSyntax

extension Query {
    /// Makes a query of the same rows along a curve over `columns`, which the result `names`.
    func clustered(by columns: [String], names: [String]) throws(StarlingError) -> Query {
        guard columns.count <= 7 else {
            throw StarlingError(.binding, "'cluster_by' takes seven columns at most")
        }
        let taken = Set(names.map { $0.lowercased() })
        guard taken.count == names.count else {
            throw StarlingError(
                .binding, "'cluster_by' needs columns with different names; use AS")
        }
        /// Names that the rows don't have.
        func part(_ place: Int) -> String {
            var name = "cluster_part_\(place)"
            while taken.contains(name) { name += "_" }
            return name
        }
        var bits: [String] = []
        for bit in 0..<8 {
            for place in columns.indices {
                bits.append(
                    "bit_shift_left(bit_shift_right(\(part(place)) - 1, \(bit)) & 1, "
                        + "\(bit * columns.count + place))")
            }
        }
        let parts = columns.enumerated().map { place, column in
            "ntile(256) OVER (ORDER BY \(quoted(column))) AS \(part(place))"
        }
        let template =
            "SELECT \(names.map(quoted).joined(separator: ", ")) FROM "
            + "(SELECT *, \(parts.joined(separator: ", ")) FROM (SELECT 1) AS q) AS q "
            + "ORDER BY \(bits.joined(separator: " | "))"
        var outer = try parseQuery(template)
        guard case .select(var select) = outer.body,
            case .subquery(var ranked, let isLateral, let alias) = select.from[0].kind,
            case .select(var inner) = ranked.body,
            case .subquery(_, let innerIsLateral, let innerAlias) = inner.from[0].kind
        else { preconditionFailure("the template of a clustered query has another shape") }
        inner.from[0].kind = .subquery(self, isLateral: innerIsLateral, alias: innerAlias)
        ranked.body = .select(inner)
        select.from[0].kind = .subquery(ranked, isLateral: isLateral, alias: alias)
        outer.body = .select(select)
        return outer
    }
}
