// What the resolvers of many functions ask of their arguments, with messages that name the
// function.

import StarlingErrors
import StarlingTypes

extension ArgumentList {
    package func expectCount(
        _ range: ClosedRange<Int>, of name: String
    ) throws(StarlingError) {
        guard !range.contains(types.count) else { return }
        let expected =
            range.lowerBound == range.upperBound
            ? "\(range.lowerBound)"
            : range.upperBound == .max
                ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        let noun = range.upperBound == 1 ? "argument" : "arguments"
        throw StarlingError(
            .binding, "\(name)() takes \(expected) \(noun), \(types.count) given")
    }

    /// Reports that the argument at `position` has a type that the function has no use for.
    func mismatch(_ position: Int, of name: String, expected: String) -> StarlingError {
        StarlingError(
            .binding,
            "\(name)() takes \(expected) as argument \(position + 1), not \(types[position])")
    }

    /// Says no to an argument whose values have no order.
    func expectOrder(_ position: Int, of name: String) throws(StarlingError) {
        if types[position].opaquePart == nil { return }
        throw mismatch(position, of: name, expected: "a value that has an order")
    }

    /// Gives the type in which sum() and its like take their one argument.
    func summable(_ name: String) throws(StarlingError) -> LogicalType {
        try expectCount(1...1, of: name)
        let type = types[0]
        if type.isNumeric { return type }
        if type.isString || type == .null { return .double }
        throw mismatch(0, of: name, expected: "a number")
    }

    /// Gives the type in which a date function takes an argument: DATE or DATETIME as it is,
    /// everything that can be read as one as DATETIME.
    func temporal(_ position: Int, _ name: String) throws(StarlingError) -> LogicalType {
        let type = types[position]
        if type.isTemporal { return type }
        if type.isString || type.isInteger || type == .null { return .datetime }
        throw mismatch(position, of: name, expected: "a date")
    }

    /// Says no to an argument that is no number of units of time.
    func expectUnitCount(_ position: Int, of name: String) throws(StarlingError) {
        let type = types[position]
        guard type.convertsImplicitly(to: .bigint), type.isInteger || !type.isNumeric else {
            throw mismatch(position, of: name, expected: "a whole number of units")
        }
    }

    /// Gives the value of a literal argument, or nil where it isn't one.
    func constant(_ position: Int) -> Value? {
        position < constants.count ? constants[position] : nil
    }

    /// Gives the whole number that a literal argument is; nil for other values, decimals among them.
    func constantInteger(_ position: Int) -> Int128? {
        guard position < types.count, types[position].isInteger else { return nil }
        return constant(position)?.integer
    }
}
