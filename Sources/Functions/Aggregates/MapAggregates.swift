// map_agg(key, value): a map of a group's keys, of each key the value that came first. Rows whose
// key is NULL do not count.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Gathers entries as packed bytes.
private struct MapGathering: RowAggregate {
    struct Rows {
        let keys: PackedArgument
        let values: PackedArgument
    }

    let key: LogicalType
    let value: LogicalType

    var resultPhysicalType: PhysicalType { .string }
    var gathersRows: Bool { true }
    var referencesSources: Bool { true }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        Rows(
            keys: PackedArgument(arguments[0], key, asKey: true),
            values: PackedArgument(arguments[1], value))
    }

    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout ByteTable<StringReference>,
        heap: StringHeap
    ) {
        guard rows.keys.isValid(row) else { return }
        let (entry, isNew) = state.find(rows.keys.bytes(row), orInsert: .empty, heap)
        if isNew { state.entries[entry].value = heap.add(rows.values.bytes(row)) }
    }

    func isEmpty(_ state: ByteTable<StringReference>) -> Bool { state.isEmpty }

    func merge(
        _ source: ByteTable<StringReference>, into target: inout ByteTable<StringReference>,
        heap: StringHeap
    ) {
        for number in 0..<Int(source.count) {
            let entry = source.entries[number]
            _ = target.find(entry.key, orInsert: entry.value, heap)
        }
    }

    func read(
        from reader: inout StateReader, heap: StringHeap
    ) throws(StarlingError) -> ByteTable<StringReference> {
        let table = try ByteTable<StringReference>.read(from: &reader, heap)
        try table.checkKeys(key)
        for number in 0..<Int(table.count) {
            guard table.entries[number].value.isPackedValue(of: value) else {
                throw StateReader.damage
            }
        }
        return table
    }

    func results(
        _ states: StateList<ByteTable<StringReference>>
    ) throws(StarlingError) -> Vector {
        try packedLists("map_agg", states) { state, writer in
            for number in 0..<Int(state.count) {
                writer.mark(PackedMarker.value)
                writer.append(state.entries[number].key)
                writer.append(state.entries[number].value)
            }
        }
    }
}

enum MapAggregates {
    static let rows = [
        AggregateFunction(
            "map_agg",
            summary: "Makes a map of the keys and values of a group, of each key the first value.",
            examples: [
                (
                    "(SELECT map_agg(k, v ORDER BY k) FROM (VALUES ('a', 1), ('b', 2)) "
                        + "AS t(k, v))", "{\"a\":1,\"b\":2}"
                )
            ],
            dependsOnOrder: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "map_agg")
                let (key, value) = (arguments.types[0], arguments.types[1])
                guard !key.isNested else {
                    throw arguments.mismatch(0, of: "map_agg", expected: "a key that is no list")
                }
                return FunctionSignature([key, value], returns: .map(key: key, value: value))
            },
            makeKernel: { types throws(StarlingError) in
                let arguments = types.signature.argumentTypes
                return RowKernel(MapGathering(key: arguments[0], value: arguments[1]))
            })
    ]
}
