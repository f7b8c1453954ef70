// The order that a table keeps its rows in, so that the statistics of segments and of runs of 1,024
// rows exclude much: by columns, or along a curve through several (`ClusteringCurve`).

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

/// Is a sort key, in places of a table's columns.
struct TableOrder {
    /// Rows that are looked at to learn how values are distributed.
    private static let sampledRowCount = 1 << 17

    private let columns: [Int]
    private let curve: SortCurve?

    /// Reads what CREATE TABLE says: ORDER BY, or the columns of a key that rows may share or that
    /// combines them. Nil where rows stay as they come.
    init?(_ definition: CreateTable?, _ columns: [TableColumn]) {
        guard let definition else { return nil }
        var key = definition.orderBy
        if key == nil, let given = definition.key, given.kind != .primary {
            key = TableSortKey(given.columns)
        }
        guard let key else { return nil }
        let places = key.columns.map { name in
            columns.firstIndex {
                $0.name.lowercased() == name.text.lowercased() && $0.type.canBeSortedBy
            }
        }
        // Of a key that says nothing of order what stands before counts.
        let known = places.prefix { $0 != nil }.compactMap { $0 }
        guard !known.isEmpty, known.count == places.count || key.curve == nil else { return nil }
        self.columns = known
        curve = key.curve
    }

    /// True where rows have to be looked at before they can be sorted.
    var needsSample: Bool { curve != nil }

    /// Names the order of a table by the numbers of its columns, which stay.
    func name(in table: NativeTable) -> String {
        let numbers = columns.map { "\(table.identities[$0].number)" }
        guard let curve else { return numbers.joined(separator: ",") }
        let places = "\(curve.kind.rawValue)(\(numbers[curve.start...].joined(separator: ",")))"
        return (numbers[..<curve.start] + [places]).joined(separator: ",")
    }

    /// Makes the keys of a sort of a table's rows, whose columns a plan gives as `given`; `rows` are
    /// looked at where need be.
    func sortKeys(
        _ given: [PlanColumn], of rows: NativeTable
    ) throws(StarlingError) -> [SortKey] {
        let plain = columns[..<(curve?.start ?? columns.count)].map {
            SortKey(expression: .column(given[$0]))
        }
        guard let curve else { return plain }
        let axes = Array(columns[curve.start...])
        let line = ClusteringCurve(
            curve.kind == .zorder ? .zorder : .hilbert, axisCount: axes.count)
        let samples = try rows.sample(ofColumns: axes, rowCount: Self.sampledRowCount)
        let ranks = zip(axes, samples).map { axis, sample -> BoundExpression in
            let rank = ColumnRanks(sample: sample, bitCount: line.bitCount)
                .function(of: given[axis].type)
            return .call(rank.function, rank.signature, [.column(given[axis])])
        }
        let place = line.function()
        return plain + [SortKey(expression: .call(place.function, place.signature, ranks))]
    }
}

extension LogicalType {
    /// True for types whose values have an order that conditions ask for.
    var canBeSortedBy: Bool { !isNested && !isOpaque && self != .json }
}

extension CreateTable {
    /// Says no to keys that rows can't be found by, and to sort keys that no order comes of.
    func checkKeys(_ columns: [TableColumn]) throws(StarlingError) {
        if let key, key.kind != .duplicate {
            for name in key.columns {
                let column = columns.first { $0.name.lowercased() == name.text.lowercased() }
                guard let column, column.type.isNested || column.type.isOpaque else { continue }
                throw StarlingError(
                    .binding,
                    "\(key.kind.rawValue) names '\(name.text)', which is \(column.type) and "
                        + "cannot be a key", at: name.range)
            }
        }
        guard let key = orderBy else { return }
        var known: Set<String> = []
        for name in key.columns {
            guard known.insert(name.text.lowercased()).inserted else {
                throw StarlingError(
                    .binding, "ORDER BY names '\(name.text)' twice", at: name.range)
            }
            let column = columns.first { $0.name.lowercased() == name.text.lowercased() }
            guard let column, !column.type.canBeSortedBy else { continue }
            throw StarlingError(
                .binding,
                "ORDER BY names '\(name.text)', which is \(column.type) and has no order",
                at: name.range)
        }
        if let curve = key.curve, key.columns.count - curve.start > ClusteringCurve.axisCountMax {
            throw StarlingError(
                .binding,
                "a curve goes through \(ClusteringCurve.axisCountMax) columns at most; two to five "
                    + "are what helps", at: key.columns[0].range)
        }
    }
}
