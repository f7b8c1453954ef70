// Aggregates of distinct values that have names of their own. A query runs them as the plain ones
// with DISTINCT; what is here makes their states, which keep the distinct rows.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Keeps distinct rows as packed bytes, and gives them to another aggregate at the end.
private struct DistinctValues: DistinctElementGathering {
    let inner: any AggregateKernel
    let packing: PackedRows

    var resultPhysicalType: PhysicalType { inner.resultPhysicalType }
    var resultBounds: Bounds? { inner.resultBounds }
    var elementType: LogicalType { packing.type }

    func rows(of arguments: [Vector], count: Int) -> PackedArgument {
        packing.packing(arguments, count: count, asKey: true)
    }

    func add(
        _ row: Int, of rows: borrowing PackedArgument, to state: inout DistinctElementsState,
        heap: StringHeap
    ) {
        state.isPresent = true
        _ = state.elements.find(rows.bytes(row), orInsert: 0, heap)
    }

    func results(_ states: StateList<DistinctElementsState>) throws(StarlingError) -> Vector {
        try packing.results(of: inner, groupCount: states.count) { row in
            let elements = states[row].elements
            return (0..<Int(elements.count)).map { elements.entries[$0].key }
        }
    }
}

enum DistinctValuesRows {
    static let rows =
        Count.rows.map {
            row(
                "multi_distinct_count", of: $0,
                "Counts distinct values, as count(DISTINCT x) does.",
                ("(SELECT multi_distinct_count(x) FROM (VALUES (1), (2), (1)) AS t(x))", "2"))
        }
        + Sum.rows.map {
            row(
                "multi_distinct_sum", of: $0,
                "Adds up distinct values, as sum(DISTINCT x) does.",
                ("(SELECT multi_distinct_sum(x) FROM (VALUES (1), (2), (1)) AS t(x))", "3"))
        }
        + ArrayAggregates.rows.map {
            row(
                "array_agg_distinct", of: $0,
                "Gathers the distinct values of a group, as array_agg(DISTINCT x) does.",
                ("(SELECT array_agg_distinct(x) FROM (VALUES (1), (1)) AS t(x))", "[1]"))
        }

    private static func row(
        _ name: String, of plain: AggregateFunction, _ summary: String,
        _ example: (expression: String, result: String)
    ) -> AggregateFunction {
        AggregateFunction(
            name, summary: summary, examples: [example], ignoresDuplicates: true,
            dependsOnOrder: plain.dependsOnOrder, resultOverNoRows: plain.resultOverNoRows,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...(.max), of: name)
                return try plain.resolve(arguments)
            },
            makeKernel: { types throws(StarlingError) in
                let arguments = types.signature.argumentTypes
                let inner = try plain.makeKernel(
                    AggregateCallTypes(
                        signature: types.signature,
                        physicalTypes: arguments.map(\.gatheredPhysicalType),
                        bounds: arguments.map { _ in nil }, rowCountMaximum: nil))
                return RowKernel(
                    DistinctValues(inner: inner, packing: PackedRows(types: arguments)))
            })
    }
}
