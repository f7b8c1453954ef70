// Sorts, limits and set operations.

import StarlingErrors
import StarlingPlans
import StarlingTypes

extension PipelinePlanner {
    func sort(_ node: SortNode) throws(StarlingError) -> Fragment {
        var input = try fragment(of: node.input)
        let output = input.layout.columns.map(\.column)
        let positions = try materialize(keys(node.keys.map(\.expression)), in: &input)
        input = try packed(input)
        let keys = zip(node.keys, positions).map { key, position in
            SortColumn(
                position: position, in: input.layout, isAscending: key.isAscending,
                nullsFirst: key.nullsFirst)
        }
        let rowLimit = node.limit.flatMap { limit -> Int? in
            let (sum, overflow) = limit.addingReportingOverflow(node.offset)
            return overflow ? nil : sum
        }
        let sink = SortSink(
            types: input.layout.columns.map(\.physicalType), keys: keys, rowLimit: rowLimit)
        if let first = keys.first, rowLimit != nil { offerThreshold(of: sink, first, to: input) }
        finish(input, into: sink)
        let source = SortSource(sink, limit: node.limit, offset: node.offset)
        let sorted = Fragment(
            source: source, layout: input.layout, rowCountMaximum: input.rowCountMaximum)
        return try project(sorted, to: output)
    }

    /// Lets the scan that feeds a top-N leave out what comes too late in the order.
    private func offerThreshold(of sink: SortSink, _ key: SortColumn, to input: Fragment) {
        guard execution.options.usesRuntimeFilters else { return }
        let column = input.layout[key.position].column
        for target in input.targets[column.id] ?? [] where input.source === target.scan {
            guard target.scan.physicalType(of: target.column) == key.physicalType else {
                continue
            }
            let slot = RuntimeFilterSlot("top-N")
            slot.publish(TopNFilter(key, sink))
            target.scan.add(slot, onColumn: target.column)
        }
    }

    func limit(_ node: LimitNode) throws(StarlingError) -> Fragment {
        var input = try fragment(of: node.input)
        let counter = LimitCounter(limit: node.limit, offset: node.offset)
        input.source = LimitedSource(input.source, counter)
        input.append(LimitTransform(counter), giving: input.layout)
        // A row that a join further on does not want counts all the same.
        input.targets = [:]
        if let limit = node.limit {
            input.rowCountMaximum = min(limit, input.rowCountMaximum ?? limit)
        }
        return input
    }

    func setOperation(_ node: SetOperationNode) throws(StarlingError) -> Fragment {
        var inputs: [Fragment] = []
        for (input, columns) in zip(node.inputs, node.inputColumns) {
            inputs.append(try unpacked(project(try fragment(of: input), to: columns)))
        }
        let layout = commonLayout(node.columns, inputs)
        var widened: [Fragment] = []
        for input in inputs {
            widened.append(
                try self.widened(input, from: input.layout.columns.map(\.column), to: layout))
        }
        guard node.kind == .union, node.keepsDuplicates else {
            return try counted(node, widened)
        }
        for index in widened.indices { widened[index] = completed(widened[index]) }
        let union = Fragment(
            source: UnionSource(widened), layout: layout,
            rowCountMaximum: widened.reduce(0) { sum, input in
                guard let sum, let count = input.rowCountMaximum else { return nil }
                let (total, overflow) = sum.addingReportingOverflow(count)
                return overflow ? nil : total
            }, work: widened.reduce(0) { $0 + $1.work })
        return union
    }

    /// Runs a fragment that gives rows at its end to that end: inside of a union it has none.
    private func completed(_ fragment: Fragment) -> Fragment {
        guard fragment.transforms.contains(where: { $0 is any RemainderGiving }) else {
            return fragment
        }
        let store = ChunkStore(execution)
        finish(fragment, into: ChunkStoreSink(store))
        return Fragment(
            source: ChunkStoreSource(store), layout: fragment.layout,
            rowCountMaximum: fragment.rowCountMaximum)
    }

    /// Groups the rows of all inputs and counts where they come from.
    private func counted(
        _ node: SetOperationNode, _ inputs: [Fragment]
    ) throws(StarlingError) -> Fragment {
        let inputs = try mapAll(inputs) { (input) throws(StarlingError) in
            try packedAsKeys(input)
        }
        let layout = inputs[0].layout
        let keys = layout.columns.indices.map { GroupKey(position: $0, in: layout) }
        let operation = SetOperationSink(
            kind: node.kind, keepsDuplicates: node.keepsDuplicates, columns: keys)
        for (position, input) in inputs.enumerated() {
            finish(
                input, into: operation.makeInput(position, isLast: position == inputs.count - 1))
        }
        return Fragment(source: SetOperationSource(operation), layout: layout)
    }

    /// The types in which the columns of all inputs fit.
    private func commonLayout(_ columns: [PlanColumn], _ inputs: [Fragment]) -> ColumnLayout {
        ColumnLayout(
            columns.enumerated().map { position, column in
                var column = column
                column.isNullable = inputs.contains {
                    $0.layout[position].column.isNullable
                }
                let all = inputs.map { $0.layout[position] }
                let bounds = all.dropFirst().reduce(all[0].bounds) { result, next in
                    guard let result, let bounds = next.bounds else { return nil }
                    return result.union(bounds)
                }
                let physicalType =
                    bounds.map { PhysicalType.narrowest(for: $0) }
                    ?? column.type.widestPhysicalType
                let isInteger = all[0].physicalType.isInteger
                return PhysicalColumn(
                    column: column,
                    physicalType: isInteger ? physicalType : all[0].physicalType,
                    bounds: bounds)
            })
    }
}
