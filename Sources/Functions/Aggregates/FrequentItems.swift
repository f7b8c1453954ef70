// approx_top_k(): the most frequent values of a group with their counts, by the summary of Misra
// and Gries ("Finding repeated elements", Science of Computer Programming 1982): counts are exact
// while there are no more values than counters; beyond that all counts are lowered together, by as
// much as makes half of the counters free.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

struct FrequentItemsState: BitwiseCopyable {
    var counts: ByteTable<Int64>
    var itemCount: Int32
    var counterCount: Int32
}

/// Counts values, NULL among them.
private struct FrequentItems: RowAggregate {
    struct Rows {
        let items: PackedArgument
        let numbers: [Vector]
    }

    static let countMaximum: Int64 = 100_000
    let item: LogicalType

    var resultPhysicalType: PhysicalType { .string }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        Rows(
            items: PackedArgument(arguments[0], item, asKey: true),
            numbers: arguments.dropFirst().map { $0.flattened().widened(to: .bigint) })
    }

    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout FrequentItemsState,
        heap: StringHeap
    ) throws(StarlingError) {
        if state.itemCount == 0 { try begin(row, rows, &state) }
        let (entry, _) = state.counts.find(rows.items.bytes(row), orInsert: 0, heap)
        state.counts.entries[entry].value &+= 1
        shrinkIfFull(&state, heap)
    }

    private func begin(
        _ row: Int, _ rows: borrowing Rows, _ state: inout FrequentItemsState
    ) throws(StarlingError) {
        let items = try number(row, rows, 0) ?? 5
        let counters = try number(row, rows, 1) ?? Self.countMaximum
        guard counters >= items else {
            throw StarlingError(.data, "approx_top_k() takes no fewer counters than items")
        }
        state.itemCount = Int32(items)
        state.counterCount = Int32(counters)
    }

    private func number(
        _ row: Int, _ rows: borrowing Rows, _ position: Int
    ) throws(StarlingError) -> Int64? {
        guard position < rows.numbers.count else { return nil }
        let numbers = rows.numbers[position]
        let number = numbers.isValid(row) ? numbers.pointer(to: Int64.self)[row] : 0
        guard number >= 1, number <= Self.countMaximum else {
            throw StarlingError(.data, "approx_top_k() takes numbers from 1 to 100000")
        }
        return number
    }

    private func shrinkIfFull(_ state: inout FrequentItemsState, _ heap: StringHeap) {
        let limit = Int(state.counterCount)
        guard Int(state.counts.count) > 2 * limit else { return }
        let all = UnsafeBufferPointer(start: state.counts.entries, count: Int(state.counts.count))
        let cut = all.map(\.value).sorted(by: >)[limit]
        var kept = ByteTable<Int64>.empty
        for entry in all where entry.value > cut {
            _ = kept.find(entry.key, orInsert: entry.value - cut, heap)
        }
        state.counts = kept
    }

    func isEmpty(_ state: FrequentItemsState) -> Bool { state.itemCount == 0 }

    func merge(
        _ source: FrequentItemsState, into target: inout FrequentItemsState, heap: StringHeap
    ) {
        target.itemCount = source.itemCount
        target.counterCount = source.counterCount
        for number in 0..<Int(source.counts.count) {
            let (key, count) = (
                source.counts.entries[number].key, source.counts.entries[number].value
            )
            let (entry, _) = target.counts.find(key, orInsert: 0, heap)
            target.counts.entries[entry].value &+= count
        }
        shrinkIfFull(&target, heap)
    }

    func read(
        from reader: inout StateReader, heap: StringHeap
    ) throws(StarlingError) -> FrequentItemsState {
        let state = try FrequentItemsState.read(from: &reader, heap)
        try state.counts.checkKeys(item)
        return state
    }

    func results(_ states: StateList<FrequentItemsState>) throws(StarlingError) -> Vector {
        try packedLists("approx_top_k", states) { state, writer in
            let all = UnsafeBufferPointer(
                start: state.counts.entries, count: Int(state.counts.count))
            let ordered = all.sorted { left, right in
                left.value == right.value ? left.key < right.key : left.value > right.value
            }
            for entry in ordered.prefix(Int(state.itemCount)) {
                writer.mark(PackedMarker.value)
                writer.append(entry.key)
                writer.append(entry.value)
            }
        }
    }
}

enum FrequentItemsRows {
    static let rows = [
        AggregateFunction(
            "approx_top_k",
            summary: "Gives the most frequent values with their counts; exact while they are few.",
            examples: [
                (
                    "(SELECT approx_top_k(x, 1) FROM (VALUES ('a'), ('b'), ('b')) AS t(x))",
                    "[{\"item\":\"b\",\"count\":2}]"
                )
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...3, of: "approx_top_k")
                let type = arguments.types[0]
                guard !type.isNested else {
                    throw arguments.mismatch(0, of: "approx_top_k", expected: "a plain value")
                }
                let fields = [
                    StructureField(name: "item", type: type),
                    StructureField(name: "count", type: .bigint),
                ]
                return FunctionSignature(
                    [type] + arguments.types.dropFirst().map { _ in .bigint },
                    returns: .array(.structure(fields)))
            },
            makeKernel: { types throws(StarlingError) in
                RowKernel(FrequentItems(item: types.signature.argumentTypes[0]))
            })
    ]
}
