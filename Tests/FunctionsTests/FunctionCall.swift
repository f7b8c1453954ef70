// Calls functions as the evaluator would, without SQL: arguments are texts, read as the types that
// the function asks for.

import StarlingErrors
import StarlingFunctions
import StarlingTypes
import StarlingVectors

/// Holds one argument's type and its texts, nil for NULL, a row each.
struct Column {
    var type: String
    var texts: [String?]

    init(_ type: String, _ texts: [String?]) {
        self.type = type
        self.texts = texts
    }
}

struct FunctionCall {
    var function: ScalarFunction
    var isNarrow = false
    var settings: [String: String] = [:]

    init(_ name: String) {
        guard let function = FunctionRegistry.builtin.scalar(name) else {
            preconditionFailure("no function \(name)")
        }
        self.function = function
    }

    func signature(_ columns: [Column]) throws(StarlingError) -> FunctionSignature {
        var types: [LogicalType] = []
        for column in columns { types.append(try LogicalType(name: column.type)) }
        let constants = zip(columns, types).map { column, type -> Value? in
            column.texts.count == 1 ? Self.value(column.texts[0], type) : nil
        }
        return try function.resolve(ArgumentList(types: types, constants: constants))
    }

    static func value(_ text: String?, _ type: LogicalType) -> Value {
        guard let text else { return .null }
        guard let value = Value(parsing: text, as: type) else {
            preconditionFailure("\(text) is no \(type)")
        }
        return value
    }

    /// Gives the results as texts; columns of one text are constants.
    func results(_ columns: [Column]) throws(StarlingError) -> [String?] {
        let signature = try signature(columns)
        let count = columns.map(\.texts.count).max() ?? 1
        var vectors: [Vector] = []
        var bounds: [Bounds?] = []
        for (column, type) in zip(columns, signature.argumentTypes) {
            let values = column.texts.map { Self.value($0, type) }
            let numbers = values.compactMap(\.integer)
            var layout = type.widestPhysicalType
            var range = type.bounds
            if isNarrow, layout.isInteger {
                range = Bounds(low: numbers.min() ?? 0, high: numbers.max() ?? 0)
                if function.takesNarrowIntegers { layout = .narrowest(for: range!) }
            }
            bounds.append(range)
            if type.isNested {
                vectors.append(
                    values.count == 1
                        ? Vector(constant: values[0], as: type, count: count)
                        : Vector(values, as: type))
            } else if values.count == 1 {
                vectors.append(Vector(constant: values[0], layout, count: count))
            } else {
                vectors.append(Vector(layout, values: values))
            }
        }
        let resultBounds = function.resultBounds?(signature, bounds)
        let layout =
            signature.resultType.widestPhysicalType.isInteger
            ? resultBounds.map { PhysicalType.narrowest(for: $0) }
                ?? signature.resultType.widestPhysicalType
            : signature.resultType.widestPhysicalType
        let result = try function.evaluate(
            FunctionInvocation(
                arguments: vectors, signature: signature, resultPhysicalType: layout,
                count: count,
                session: SessionValues(
                    statementTime: 1_709_993_106_123_456, settings: settings)))
        precondition(result.physicalType == layout && result.count == count)
        return (0..<count).map { row in
            let propagates = function.nullHandling == .propagates
            if propagates, vectors.contains(where: { !$0.isValid(row) }) { return nil }
            return result.value(at: row).text(as: signature.resultType)
        }
    }
}

/// Calls a function with one row, flat and with bounds as wide as the types and as narrow as the
/// values; all ways must agree.
func call(_ name: String, _ arguments: (String, String?)...) throws -> String? {
    var function = FunctionCall(name)
    var results: [String?] = []
    for isNarrow in [false, true] {
        function.isNarrow = isNarrow
        results += try function.results(arguments.map { Column($0.0, [$0.1]) })
        let repeated = arguments.map { Column($0.0, [$0.1, $0.1, $0.1]) }
        // Units and formats have to be literals: only the first argument varies.
        let mixed = arguments.enumerated().map {
            $0.offset == 0 || $0.element.0 != "varchar"
                ? repeated[$0.offset]
                : Column($0.element.0, [$0.element.1])
        }
        if name != "date_trunc" { results += try function.results(mixed) }
    }
    precondition(Set(results).count == 1, "\(name)\(arguments): \(results)")
    return results[0]
}
