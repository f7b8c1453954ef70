// sum_map(): the values of all maps of a group added up key by key. Entries whose value is NULL do
// not count; NULL is a key like others.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

struct MapSumState: BitwiseCopyable {
    /// Sums of integers, or the bits of a DOUBLE.
    var sums: ByteTable<TwoWords>
    var isPresent: Bool
}

/// Adds up the values of maps.
private struct MapSums: RowAggregate {
    struct Rows {
        let lists: ListRows
        let keys: PackedArgument
        let values: Vector
    }

    let key: LogicalType
    let value: LogicalType

    var resultPhysicalType: PhysicalType { .string }
    var gathersRows: Bool { true }
    private var isFloating: Bool { value == .float || value == .double }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        let lists = ListRows(arguments[0], .map(key: key, value: value))
        let values = lists.lists.parts[1].flattened()
        return Rows(
            lists: lists,
            keys: PackedArgument(lists.lists.parts[0].flattened(), key, asKey: true),
            values: isFloating
                ? values.convertedToFloating(.float64) : values.withIntegerLayout(.int128))
    }

    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout MapSumState, heap: StringHeap
    ) throws(StarlingError) {
        guard rows.lists.isValid(row) else { return }
        state.isPresent = true
        for place in rows.lists.elements(row) where rows.values.isValid(place) {
            let value =
                isFloating
                ? Self.words(rows.values.pointer(to: Double.self)[place])
                : rows.values.pointer(to: Int128.self)[place].kept(in: heap)
            try add(value, of: rows.keys.bytes(place), to: &state, heap)
        }
    }

    private static func words(_ number: Double) -> TwoWords {
        TwoWords(low: number.bitPattern, high: 0)
    }

    private func add(
        _ value: TwoWords, of key: StringReference, to state: inout MapSumState,
        _ heap: StringHeap
    ) throws(StarlingError) {
        let (entry, isNew) = state.sums.find(key, orInsert: value, heap)
        if isNew { return }
        let sum = state.sums.entries[entry].value
        if isFloating {
            state.sums.entries[entry].value = Self.words(
                Double(bitPattern: sum.low) + Double(bitPattern: value.low))
            return
        }
        let (total, overflow) = Int128(sum).addingReportingOverflow(Int128(value))
        if overflow { throw outOfRange }
        state.sums.entries[entry].value = total.kept(in: heap)
    }

    private var outOfRange: StarlingError {
        StarlingError(.data, "sum_map(): a sum is out of range of \(value)")
    }

    func isEmpty(_ state: MapSumState) -> Bool { !state.isPresent }

    func merge(
        _ source: MapSumState, into target: inout MapSumState, heap: StringHeap
    ) throws(StarlingError) {
        target.isPresent = true
        for number in 0..<Int(source.sums.count) {
            let entry = source.sums.entries[number]
            try add(entry.value, of: entry.key, to: &target, heap)
        }
    }

    func read(
        from reader: inout StateReader, heap: StringHeap
    ) throws(StarlingError) -> MapSumState {
        let state = try MapSumState.read(from: &reader, heap)
        try state.sums.checkKeys(key)
        return state
    }

    func results(_ states: StateList<MapSumState>) throws(StarlingError) -> Vector {
        let sums = PackedArgument(try allSums(states), value)
        var place = 0
        return try packedLists("sum_map", states) { state, writer in
            for number in 0..<Int(state.sums.count) {
                writer.mark(PackedMarker.value)
                writer.append(state.sums.entries[number].key)
                writer.append(sums.bytes(place))
                place += 1
            }
        }
    }

    /// Lists the sums of all states one after the other.
    private func allSums(_ states: StateList<MapSumState>) throws(StarlingError) -> Vector {
        var sums: [TwoWords] = []
        for row in 0..<states.count {
            for number in 0..<Int(states[row].sums.count) {
                sums.append(states[row].sums.entries[number].value)
            }
        }
        if isFloating {
            let vector = Vector(uninitialized: .float64, count: sums.count)
            let output = vector.pointer(to: Double.self)
            for (row, sum) in sums.enumerated() { output[row] = Double(bitPattern: sum.low) }
            return value == .float ? vector.convertedToFloating(.float32) : vector
        }
        let vector = Vector(uninitialized: .int128, count: sums.count)
        let output = vector.pointer(to: Int128.self)
        for (row, sum) in sums.enumerated() {
            output[row] = Int128(sum)
            if let bounds = value.bounds, !bounds.contains(output[row]) { throw outOfRange }
        }
        return vector
    }
}

enum MapSumRows {
    static let rows = [
        AggregateFunction(
            "sum_map", summary: "Adds up the values of all maps of a group key by key.",
            examples: [
                (
                    "(SELECT sum_map(m) FROM (VALUES (map{'a': 1}), (map{'a': 2})) AS t(m))",
                    "{\"a\":3}"
                )
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "sum_map")
                if arguments.types[0] == .null {
                    let type = LogicalType.map(key: .boolean, value: .bigint)
                    return FunctionSignature([type], returns: type)
                }
                guard case .map(let key, let value) = arguments.types[0],
                    value.isNumeric || value == .null
                else {
                    throw arguments.mismatch(0, of: "sum_map", expected: "a map of numbers")
                }
                let type = LogicalType.map(key: key, value: value == .null ? .bigint : value)
                return FunctionSignature([type], returns: type)
            },
            makeKernel: { types throws(StarlingError) in
                guard case .map(let key, let value) = types.signature.argumentTypes[0] else {
                    throw StarlingError(.internal, "sum_map() over values that are no maps")
                }
                return RowKernel(MapSums(key: key, value: value))
            })
    ]
}
