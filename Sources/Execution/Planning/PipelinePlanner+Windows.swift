// Window functions: everything that they read becomes a column first.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

extension PipelinePlanner {
    /// Computes window functions: everything they read is computed first, as columns.
    func window(_ node: WindowNode) throws(StarlingError) -> Fragment {
        var input = try fragment(of: node.input)
        let output = input.layout.columns.map(\.column)
        var needed = node.partitionKeys + node.orderKeys.map(\.expression)
        for item in node.items { needed += item.expressions }
        let positions = try materialize(keys(needed), in: &input)
        input = try packed(input)
        var rest = positions[...]
        let partitionKeys = rest.prefix(node.partitionKeys.count).map {
            SortColumn(position: $0, in: input.layout)
        }
        rest = rest.dropFirst(node.partitionKeys.count)
        let orderKeys = zip(node.orderKeys, rest).map { key, position in
            SortColumn(
                position: position, in: input.layout, isAscending: key.isAscending,
                nullsFirst: key.nullsFirst)
        }
        rest = rest.dropFirst(node.orderKeys.count)
        var calls: [WindowCall] = []
        var results: [PhysicalColumn] = []
        for item in node.items {
            let count = item.expressions.count
            let (call, result) = try self.call(item, Array(rest.prefix(count)), input)
            rest = rest.dropFirst(count)
            calls.append(call)
            results.append(result)
        }
        let sink = WindowSink(
            types: input.layout.columns.map(\.physicalType), partitionKeys: partitionKeys,
            orderKeys: orderKeys, calls: calls)
        finish(input, into: sink)
        let windowed = Fragment(
            source: WindowSource(sink), layout: ColumnLayout(input.layout.columns + results),
            rowCountMaximum: input.rowCountMaximum)
        return try project(windowed, to: output + node.items.map(\.column))
    }

    private func call(
        _ item: WindowItem, _ positions: [Int], _ input: Fragment
    ) throws(StarlingError) -> (WindowCall, PhysicalColumn) {
        let argumentCount = item.arguments.count + item.ordering.count
        let arguments = Array(positions.prefix(argumentCount))
        var ends = positions.dropFirst(argumentCount)
        let condition = item.condition == nil ? nil : ends.removeFirst()
        let function: WindowCall.Function
        // A nested value is gathered, and so given, as a packed string.
        let isNested = item.column.type.isNested
        var result = PhysicalColumn(
            column: item.column,
            physicalType: isNested ? .string : item.column.type.widestPhysicalType,
            bounds: item.column.type.bounds)
        switch item.function {
        case .ranking(let ranking): function = .ranking(ranking.kind)
        case .aggregate(let aggregate):
            let isDistinct = item.isDistinct && !aggregate.ignoresDuplicates
            let kernel = try kernel(
                aggregate, item.signature, item.ordering, dropsDuplicates: isDistinct, arguments,
                input)
            function = .aggregate(kernel)
            result.physicalType = kernel.resultPhysicalType
            result.bounds = kernel.resultBounds
        }
        let start = bound(item.frame.start, &ends)
        let end = bound(item.frame.end, &ends)
        let call = WindowCall(
            function: function, arguments: arguments, condition: condition,
            frame: WindowCall.Frame(
                unit: item.frame.unit, start: start, end: end, exclusion: item.frame.exclusion),
            ignoresNulls: item.ignoresNulls, resultType: result.physicalType,
            place: item.signature.place)
        return (call, result)
    }

    private func bound(
        _ bound: WindowFrame.Bound, _ columns: inout ArraySlice<Int>
    ) -> WindowCall.Bound {
        switch bound {
        case .unboundedPreceding: .unboundedPreceding
        case .currentRow: .currentRow
        case .unboundedFollowing: .unboundedFollowing
        case .preceding: .preceding(column: columns.removeFirst())
        case .following: .following(column: columns.removeFirst())
        }
    }
}
