// How a function is called, found by asking its row: which numbers of arguments it resolves, and
// which types it then asks for. Nothing is written down twice, so nothing can become untrue.

import StarlingErrors
import StarlingTypes

/// Describes the calls that a function accepts.
package struct FunctionForm: Sendable {
    /// `substring(varchar, bigint[, bigint])`
    package let call: String
    package let result: String

    private typealias Resolve = (ArgumentList) throws(StarlingError) -> FunctionSignature

    package init(_ function: ScalarFunction) {
        self =
            Self(function.name, function.resolve, Self.probes)
            ?? Self(call: "\(function.name)(lambda, any, …)", result: "any")
    }

    /// Describes an aggregate; what takes values of unlike types says it itself.
    package init(_ function: AggregateFunction) {
        let probes =
            Self.probes + [.boolean, .bitmap, .hll, .percentile, .varbinary, .array(.boolean)]
        self =
            function.form.map { Self(call: $0.call, result: $0.result) }
            ?? Self(function.name, function.resolve, probes)
            ?? Self(call: "\(function.name)(any, …)", result: "any")
    }

    package init(_ function: WindowFunction) {
        self =
            Self(function.name, function.resolve, Self.probes)
            ?? Self(call: "\(function.name)(any, …)", result: "any")
    }

    private init(call: String, result: String) {
        self.call = call
        self.result = result
    }

    /// Asks a row; nil where it takes nothing that is tried.
    private init?(_ functionName: String, _ resolve: Resolve, _ probes: [LogicalType]) {
        var signatures: [Int: [FunctionSignature]] = [:]
        for count in 0...Self.countMaximum {
            let found = Self.signatures(resolve, count, probes)
            if !found.isEmpty { signatures[count] = found }
        }
        guard !signatures.isEmpty else { return nil }
        let longest = signatures.keys.max() ?? 0
        let shortest = signatures.keys.min() ?? 0
        let isOpen = longest == Self.countMaximum
        // Of an open list as much is shown as tells what may be repeated.
        let shown = isOpen ? min(max(shortest, 1) + 1, longest) : longest
        var text = ""
        for position in 0..<shown {
            let types = signatures.values.flatMap { $0 }.compactMap {
                position < $0.argumentTypes.count ? $0.argumentTypes[position] : nil
            }
            let separator = position == 0 ? "" : ", "
            let name = Self.name(types)
            text += position < shortest ? separator + name : "[" + separator + name
        }
        if isOpen { text += ", …" }
        text += String(repeating: "]", count: max(0, shown - shortest))
        call = "\(functionName)(\(text))"
        result = Self.name(signatures.values.flatMap { $0 }.map(\.resultType))
    }

    /// More arguments than any function with an end to its list takes.
    private static let countMaximum = 9

    private static let probes: [LogicalType] = [
        .string, .int, .bigint, .double, .decimal(precision: 10, scale: 2), .date, .datetime, .time,
        .array(.int), .array(.string), .map(key: .string, value: .int),
        .structure([StructureField(name: "a", type: .int)]), .null,
    ]

    /// Resolves calls with `count` arguments of one type, and with a first one of another type.
    private static func signatures(
        _ resolve: Resolve, _ count: Int, _ probes: [LogicalType]
    ) -> [FunctionSignature] {
        var result: [FunctionSignature] = []
        let texts = ["day", "monday", "asia/tokyo", "standard"].map { Value.text($0) }
        for probe in probes {
            for other in [probe, .string, .int, .array(probe)] where count > 1 || other == probe {
                for constant in [nil] + texts.map({ Optional($0) }) {
                    var types = Array(repeating: probe, count: count)
                    if count > 0 { types[0] = other }
                    let arguments = ArgumentList(
                        types: types, constants: types.map { _ in constant })
                    if let signature = try? resolve(arguments) {
                        result.append(signature)
                        break
                    }
                }
            }
        }
        return result
    }

    /// Names what some types have in common.
    private static func name(_ types: [LogicalType]) -> String {
        let known = types.filter { $0 != .null }
        guard let first = known.first else { return "any" }
        if known.allSatisfy({ $0 == first }) { return first.description }
        if known.allSatisfy(\.isNumeric) { return "number" }
        if known.allSatisfy({ $0.isTemporal }) { return "date" }
        let kinds = Set(known.map { String($0.description.prefix { $0 != "<" && $0 != "(" }) })
        return kinds.count == 1 ? kinds.first ?? "any" : "any"
    }
}
