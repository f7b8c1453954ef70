// A bare NULL is a value of whatever type a function takes, nested ones included: map_concat(NULL)
// is NULL as map_keys(NULL) is. Resolvers say which types they take; where one says no to a NULL,
// it is asked again with the NULL read as an array or a map.

import StarlingErrors
import StarlingTypes

extension ArgumentList {
    /// Resolves a call of the function `name`, with every NULL read as what it takes.
    package func resolved(
        for name: String,
        by resolve: (ArgumentList) throws(StarlingError) -> FunctionSignature
    ) throws(StarlingError) -> FunctionSignature {
        let signature = try readingNulls(resolve)
        for (position, (given, taken)) in zip(types, signature.argumentTypes).enumerated()
        where !given.isConvertible(to: taken) {
            throw mismatch(position, of: name, expected: "\(taken)")
        }
        return signature
    }

    private func readingNulls(
        _ resolve: (ArgumentList) throws(StarlingError) -> FunctionSignature
    ) throws(StarlingError) -> FunctionSignature {
        do throws(StarlingError) { return try resolve(self) } catch {
            let open = types.indices.filter { types[$0].openReadings.count > 1 }
            guard !open.isEmpty, open.count <= Self.openCountMax else { throw error }
            for reading in readings(of: open[...]) {
                if let signature = try? resolve(reading) { return signature }
            }
            throw error
        }
    }

    private static let openCountMax = 3

    /// This list with the arguments at `open` read in each of their ways.
    private func readings(of open: ArraySlice<Int>) -> [ArgumentList] {
        guard let position = open.first else { return [self] }
        return readings(of: open.dropFirst()).flatMap { list in
            types[position].openReadings.map { type in
                var list = list
                list.types[position] = type
                return list
            }
        }
    }
}

extension LogicalType {
    /// What values of the type can be read as, itself first: NULL as any nested value, [NULL] as an
    /// array of those.
    fileprivate var openReadings: [LogicalType] {
        switch self {
        case .null:
            let entry = ["key", "value"].map { StructureField(name: $0, type: .null) }
            return [
                .null, .array(.null), .map(key: .null, value: .null), .array(.array(.null)),
                .array(.structure(entry)),
            ]
        case .array(let element): return element.openReadings.map { .array($0) }
        default: return [self]
        }
    }
}
