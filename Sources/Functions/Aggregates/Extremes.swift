// min(), max() and any_value(): one value of those seen is kept.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Says which of two values is kept.
protocol Preference: Sendable {
    static func replaces<Value: OrderedValue>(_ new: Value, _ old: Value) -> Bool
}

enum Least: Preference {
    @inline(__always)
    static func replaces<Value: OrderedValue>(_ new: Value, _ old: Value) -> Bool {
        Value.isLess(new, old)
    }
}

enum Greatest: Preference {
    @inline(__always)
    static func replaces<Value: OrderedValue>(_ new: Value, _ old: Value) -> Bool {
        Value.isLess(old, new)
    }
}

enum First: Preference {
    @inline(__always)
    static func replaces<Value: OrderedValue>(_ new: Value, _ old: Value) -> Bool { false }
}

struct ExtremeState<Kept: BitwiseCopyable>: BitwiseCopyable {
    var value: Kept
    var isPresent: Bool
}

/// Keeps the value that the preference prefers.
struct Extreme<Input: OrderedValue, Choice: Preference>: AggregateOperation {
    typealias State = ExtremeState<Input.Kept>

    static var ignoresRepeats: Bool { true }

    @inline(__always)
    func add(_ value: Input, to state: inout State, heap: StringHeap) {
        if !state.isPresent || Choice.replaces(value, Input(state.value)) {
            state.value = value.kept(in: heap)
            state.isPresent = true
        }
    }

    @inline(__always)
    func addAll(
        _ values: UnsafePointer<Input>, count: Int, to state: inout State, heap: StringHeap
    ) {
        var best = values[0]
        for row in 1..<max(1, count) {
            let value = values[row]
            best = Choice.replaces(value, best) ? value : best
        }
        add(best, to: &state, heap: heap)
    }

    @inline(__always)
    func add(_ value: Input, count: Int, to state: inout State, heap: StringHeap) {
        add(value, to: &state, heap: heap)
    }

    @inline(__always)
    func merge(_ source: State, into target: inout State, heap: StringHeap) {
        add(Input(source.value), to: &target, heap: heap)
    }

    @inline(__always)
    func isEmpty(_ state: State) -> Bool { !state.isPresent }

    @inline(__always)
    func result(_ state: State) -> Input? { Input(state.value) }
}

enum Extremes {
    static let rows = [
        row(
            "min", Least.self, summary: "Gives the least value; NULL where there is none.",
            examples: [("(SELECT min(x) FROM (VALUES ('b'), ('a'), (NULL)) AS t(x))", "a")]),
        row(
            "max", Greatest.self, summary: "Gives the greatest value; NULL where there is none.",
            examples: [("(SELECT max(x) FROM (VALUES (1), (3), (NULL)) AS t(x))", "3")]),
        row(
            "any_value", First.self,
            summary: "Gives one of the values that are not NULL, whichever is met first.",
            examples: [("(SELECT any_value(x) FROM (VALUES (7), (7)) AS t(x))", "7")]),
    ]

    private static func row<Choice: Preference>(
        _ name: String, _ choice: Choice.Type, summary: String,
        examples: [(expression: String, result: String)]
    ) -> AggregateFunction {
        AggregateFunction(
            name, summary: summary, examples: examples, ignoresDuplicates: true,
            dependsOnOrder: name == "any_value",
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: name)
                let type = arguments.types[0]
                if name != "any_value" { try arguments.expectOrder(0, of: name) }
                return FunctionSignature([type], returns: type)
            },
            makeKernel: { types throws(StarlingError) in
                try makeKernel(name, types)
            })
    }

    private static func makeKernel(
        _ name: String, _ types: AggregateCallTypes
    ) throws(StarlingError) -> any AggregateKernel {
        let type = types.physicalTypes[0]
        let bounds = types.bounds[0] ?? types.signature.resultType.bounds
        switch name {
        case "min": return try kernel(name, Least.self, type, bounds)
        case "max": return try kernel(name, Greatest.self, type, bounds)
        default: return try kernel(name, First.self, type, bounds)
        }
    }

    @inline(__always)
    private static func kernel<Choice: Preference>(
        _ name: String, _ choice: Choice.Type, _ type: PhysicalType, _ bounds: Bounds?
    ) throws(StarlingError) -> any AggregateKernel {
        switch type {
        case .int8:
            return OperationKernel(name, Extreme<Int8, Choice>(), result: type, bounds: bounds)
        case .int16:
            return OperationKernel(name, Extreme<Int16, Choice>(), result: type, bounds: bounds)
        case .int32:
            return OperationKernel(name, Extreme<Int32, Choice>(), result: type, bounds: bounds)
        case .int64:
            return OperationKernel(name, Extreme<Int64, Choice>(), result: type, bounds: bounds)
        case .int128:
            return OperationKernel(name, Extreme<Int128, Choice>(), result: type, bounds: bounds)
        case .float32: return OperationKernel(name, Extreme<Float, Choice>(), result: type)
        case .float64: return OperationKernel(name, Extreme<Double, Choice>(), result: type)
        case .string:
            return OperationKernel(name, Extreme<StringReference, Choice>(), result: type)
        case .list, .structure:
            throw StarlingError(.unsupported, "\(name)() over nested values is not available yet")
        }
    }
}
