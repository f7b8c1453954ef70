// max_n(x, n) and min_n(x, n): the n greatest or least values in ascending order, equal ones among
// them. The state is a heap whose first value is the one to go next.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

struct ExtremeListState: BitwiseCopyable {
    var values: ByteList
    var limit: Int64
}

/// Keeps the values that the preference prefers.
private struct ExtremeList<Value: OrderedValue, Choice: Preference>: RowAggregate {
    private typealias Kept = Value.Kept

    struct Rows {
        /// Keeps the memory of the view.
        let widened: Vector
        let values: DecodedVector
        let limits: Vector
    }

    let name: String
    let element: LogicalType

    var resultPhysicalType: PhysicalType { .string }
    var gathersRows: Bool { true }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        let widened = arguments[0].widened(to: element)
        return Rows(
            widened: widened, values: DecodedVector(widened),
            limits: arguments[1].flattened().widened(to: .bigint))
    }

    @inline(__always)
    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout ExtremeListState, heap: StringHeap
    ) throws(StarlingError) {
        guard rows.values.isValid(row) else { return }
        if state.limit == 0 {
            let limit = rows.limits.isValid(row) ? rows.limits.pointer(to: Int64.self)[row] : 0
            guard (1...10_000).contains(limit) else {
                throw StarlingError(.data, "\(name)() takes a number from 1 to 10000")
            }
            state.limit = limit
        }
        insert(rows.values.value(row), into: &state, heap)
    }

    @inline(__always)
    private func insert(
        _ value: Value, into state: inout ExtremeListState, _ heap: StringHeap
    ) {
        let stride = MemoryLayout<Kept>.stride
        if state.values.byteCount < state.limit * Int64(stride) {
            state.values.extend(by: stride, heap)
                .initializeMemory(as: Kept.self, to: value.kept(in: heap))
            rise(in: values(of: state))
        } else if Choice.replaces(value, Value(values(of: state)[0])) {
            let values = values(of: state)
            values[0] = value.kept(in: heap)
            sink(in: values)
        }
    }

    /// Brings the last value to its place in the heap.
    private func rise(in values: UnsafeMutableBufferPointer<Kept>) {
        var place = values.count - 1
        while place > 0 {
            let parent = (place - 1) / 2
            guard Choice.replaces(Value(values[parent]), Value(values[place])) else { return }
            values.swapAt(parent, place)
            place = parent
        }
    }

    /// Brings the first value to its place in the heap.
    private func sink(in values: UnsafeMutableBufferPointer<Kept>) {
        var place = 0
        while true {
            var next = place
            for child in [2 * place + 1, 2 * place + 2] where child < values.count {
                if Choice.replaces(Value(values[next]), Value(values[child])) { next = child }
            }
            if next == place { return }
            values.swapAt(next, place)
            place = next
        }
    }

    /// Lends the values of a state that has some.
    private func values(of state: ExtremeListState) -> UnsafeMutableBufferPointer<Kept> {
        UnsafeMutableBufferPointer(
            start: state.values.start.assumingMemoryBound(to: Kept.self),
            count: Int(state.values.byteCount) / MemoryLayout<Kept>.stride)
    }

    func isEmpty(_ state: ExtremeListState) -> Bool { state.values.isEmpty }

    func merge(
        _ source: ExtremeListState, into target: inout ExtremeListState, heap: StringHeap
    ) {
        if target.limit == 0 { target.limit = source.limit }
        for value in values(of: source) { insert(Value(value), into: &target, heap) }
    }

    func write(_ state: ExtremeListState, to writer: inout StateWriter) {
        writer.append(state.limit)
        let values = values(of: state)
        writer.append(count: values.count)
        for value in values { value.write(to: &writer) }
    }

    func read(
        from reader: inout StateReader, heap: StringHeap
    ) throws(StarlingError) -> ExtremeListState {
        var state = ExtremeListState(values: .empty, limit: try reader.read())
        guard (1...10_000).contains(state.limit) else { throw StateReader.damage }
        for _ in 0..<(try reader.readCount()) {
            insert(Value(try Kept.read(from: &reader, heap)), into: &state, heap)
        }
        return state
    }

    func results(_ states: StateList<ExtremeListState>) throws(StarlingError) -> Vector {
        var all: [Value] = []
        for row in 0..<states.count where !states[row].values.isEmpty {
            all += values(of: states[row]).map { Value($0) }
                .sorted { Value.isLess($0, $1) }
        }
        let vector = Vector(uninitialized: element.widestPhysicalType, count: all.count)
        vector.pointer(to: Value.self).update(from: all, count: all.count)
        let packed = PackedArgument(vector, element)
        var place = 0
        return try packedLists(name, states) { state, writer in
            for _ in values(of: state) {
                writer.append(packed.bytes(place))
                place += 1
            }
        }
    }
}

enum ExtremeLists {
    static let rows = [
        row("max_n", Greatest.self, "Gives the n greatest values in ascending order.", "[2,3]"),
        row("min_n", Least.self, "Gives the n least values in ascending order.", "[1,1]"),
    ]

    private static func row<Choice: Preference>(
        _ name: String, _ choice: Choice.Type, _ summary: String, _ result: String
    ) -> AggregateFunction {
        AggregateFunction(
            name, summary: summary,
            examples: [
                (
                    "(SELECT \(name)(x, 2) FROM (VALUES (1), (3), (1), (2), (NULL)) AS t(x))",
                    result
                )
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: name)
                try arguments.expectOrder(0, of: name)
                let type = arguments.types[0]
                guard !type.isNested, type != .json else {
                    throw arguments.mismatch(0, of: name, expected: "a plain value")
                }
                return FunctionSignature([type, .bigint], returns: .array(type))
            },
            makeKernel: { types throws(StarlingError) in
                name == "max_n"
                    ? try makeKernel(name, Greatest.self, types)
                    : try makeKernel(name, Least.self, types)
            })
    }

    @inline(__always)
    private static func makeKernel<Choice: Preference>(
        _ name: String, _ choice: Choice.Type, _ types: AggregateCallTypes
    ) throws(StarlingError) -> any AggregateKernel {
        let element = types.signature.argumentTypes[0]
        switch element.widestPhysicalType {
        case .int8: return kernel(Int8.self, choice, name, types)
        case .int16: return kernel(Int16.self, choice, name, types)
        case .int32: return kernel(Int32.self, choice, name, types)
        case .int64: return kernel(Int64.self, choice, name, types)
        case .int128: return kernel(Int128.self, choice, name, types)
        case .float32: return kernel(Float.self, choice, name, types)
        case .float64: return kernel(Double.self, choice, name, types)
        case .string: return kernel(StringReference.self, choice, name, types)
        case .list, .structure:
            throw StarlingError(.internal, "\(name)() over values that are not plain")
        }
    }

    @inline(__always)
    private static func kernel<Value: OrderedValue, Choice: Preference>(
        _ value: Value.Type, _ choice: Choice.Type, _ name: String, _ types: AggregateCallTypes
    ) -> any AggregateKernel {
        RowKernel(
            ExtremeList<Value, Choice>(name: name, element: types.signature.argumentTypes[0]))
    }
}
