// max_by(x, y) and min_by(x, y): x of the row with the greatest or least y. Rows whose y is NULL do
// not count; x may be NULL.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Holds the best key so far, and the value that stands beside it.
struct ExtremeRowState<Kept: StoredState>: BitwiseCopyable {
    var key: Kept
    /// The bytes of a value of any layout.
    var value: TwoWords
    var isPresent: Bool
    var isNull: Bool
}

/// Keeps the value of the row whose key the preference prefers.
struct ExtremeRow<Key: OrderedValue, Choice: Preference>: RowAggregate {
    typealias State = ExtremeRowState<Key.Kept>

    struct Rows {
        let values: DecodedVector
        let keys: DecodedVector
    }

    let resultPhysicalType: PhysicalType
    let resultBounds: Bounds?
    let valueType: LogicalType

    var referencesSources: Bool {
        Key.Kept.self == StringReference.self || resultPhysicalType == .string
    }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        Rows(values: DecodedVector(arguments[0]), keys: DecodedVector(arguments[1]))
    }

    @inline(__always)
    func add(_ row: Int, of rows: borrowing Rows, to state: inout State, heap: StringHeap) {
        guard rows.keys.isValid(row) else { return }
        let key: Key = rows.keys.value(row)
        guard !state.isPresent || Choice.replaces(key, Key(state.key)) else { return }
        state.key = key.kept(in: heap)
        state.isPresent = true
        keep(rows.values, row, in: &state, heap)
    }

    /// Copies the value of a row; few rows come so far.
    @inline(never)
    private func keep(
        _ values: DecodedVector, _ row: Int, in state: inout State, _ heap: StringHeap
    ) {
        state.isNull = !values.isValid(row)
        if state.isNull { return }
        let width = resultPhysicalType.byteWidth
        let source = values.values + values.index(row) * width
        withUnsafeMutableBytes(of: &state.value) { target in
            guard let place = target.baseAddress else { return }
            if resultPhysicalType == .string {
                let text = source.load(as: StringReference.self)
                place.storeBytes(of: heap.add(text), as: StringReference.self)
            } else {
                place.copyMemory(from: source, byteCount: width)
            }
        }
    }

    func isEmpty(_ state: State) -> Bool { !state.isPresent }

    /// The memory of a source lives as long as the aggregation.
    func merge(_ source: State, into target: inout State, heap: StringHeap) {
        if !target.isPresent || Choice.replaces(Key(source.key), Key(target.key)) {
            target = source
        }
    }

    func write(_ state: State, to writer: inout StateWriter) {
        state.key.write(to: &writer)
        writer.append(UInt8(state.isNull ? 1 : 0))
        if state.isNull { return }
        if resultPhysicalType == .string {
            writer.append(
                StringReference(head: state.value.low, tail: UInt64(bitPattern: state.value.high)))
        } else {
            state.value.write(to: &writer)
        }
    }

    func read(from reader: inout StateReader, heap: StringHeap) throws(StarlingError) -> State {
        var state = State(
            key: try Key.Kept.read(from: &reader, heap), value: TwoWords(low: 0, high: 0),
            isPresent: true, isNull: try reader.read(UInt8.self) != 0)
        if state.isNull { return state }
        if resultPhysicalType == .string {
            let text = try reader.readString(heap)
            guard !valueType.isNested || text.isPackedValue(of: valueType) else {
                throw StateReader.damage
            }
            state.value = TwoWords(low: text.head, high: Int64(bitPattern: text.tail))
        } else {
            state.value = try TwoWords.read(from: &reader, heap)
        }
        return state
    }

    func results(_ states: StateList<State>) -> Vector {
        var vector = Vector(zeroed: resultPhysicalType, count: states.count)
        let width = resultPhysicalType.byteWidth
        let output = vector.pointer(to: UInt8.self)
        for row in 0..<states.count {
            let state = states[row]
            if !state.isPresent || state.isNull {
                vector.setNull(row)
                continue
            }
            withUnsafeBytes(of: state.value) { bytes in
                UnsafeMutableRawPointer(output + row * width).copyMemory(
                    from: bytes.baseAddress.unsafelyUnwrapped, byteCount: width)
            }
        }
        return vector
    }
}

enum ExtremeRows {
    static let rows = [
        row(
            "max_by", isGreatest: true,
            "Gives the first argument in the row where the second is greatest.", "b"),
        row(
            "min_by", isGreatest: false,
            "Gives the first argument in the row where the second is least.", "a"),
    ]

    private static func row(
        _ name: String, isGreatest: Bool, _ summary: String, _ result: String
    ) -> AggregateFunction {
        AggregateFunction(
            name, summary: summary,
            examples: [
                (
                    "(SELECT \(name)(x, y) FROM (VALUES ('a', 1), ('b', 2), ('c', NULL)) "
                        + "AS t(x, y))", result
                )
            ],
            ignoresDuplicates: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: name)
                try arguments.expectOrder(1, of: name)
                return FunctionSignature(arguments.types, returns: arguments.types[0])
            },
            makeKernel: { types throws(StarlingError) in
                isGreatest
                    ? try makeKernel(name, Greatest.self, types)
                    : try makeKernel(name, Least.self, types)
            })
    }

    @inline(__always)
    private static func makeKernel<Choice: Preference>(
        _ name: String, _ choice: Choice.Type, _ types: AggregateCallTypes
    ) throws(StarlingError) -> any AggregateKernel {
        switch types.physicalTypes[1] {
        case .int8: return kernel(Int8.self, choice, types)
        case .int16: return kernel(Int16.self, choice, types)
        case .int32: return kernel(Int32.self, choice, types)
        case .int64: return kernel(Int64.self, choice, types)
        case .int128: return kernel(Int128.self, choice, types)
        case .float32: return kernel(Float.self, choice, types)
        case .float64: return kernel(Double.self, choice, types)
        case .string: return kernel(StringReference.self, choice, types)
        case .list, .structure:
            throw StarlingError(.internal, "\(name)() over values that are not packed")
        }
    }

    @inline(__always)
    private static func kernel<Key: OrderedValue, Choice: Preference>(
        _ key: Key.Type, _ choice: Choice.Type, _ types: AggregateCallTypes
    ) -> any AggregateKernel {
        RowKernel(
            ExtremeRow<Key, Choice>(
                resultPhysicalType: types.physicalTypes[0],
                resultBounds: types.bounds[0] ?? types.signature.resultType.bounds,
                valueType: types.signature.resultType))
    }
}
