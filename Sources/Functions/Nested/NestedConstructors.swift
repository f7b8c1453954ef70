// Arrays, maps and structures from their parts. The literals `[1, 2]` and `map{'k': 1}` are calls
// of these, too.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

package enum NestedConstructors {
    static let rows = [map, row, namedStructure]

    /// Makes an array of its arguments; in SQL only a literal calls it.
    package static let array = ScalarFunction(
        "array", summary: "Makes an array of the arguments.", nullHandling: .handled,
        neverGivesNull: true,
        resolve: { arguments throws(StarlingError) in
            let type = try Conditions.common(arguments, from: 0, "[…]")
            return FunctionSignature(arguments.types.map { _ in type }, returns: .array(type))
        },
        evaluate: { invocation throws(StarlingError) in
            guard !invocation.arguments.isEmpty else {
                return Vector(
                    constant: .list([]), as: invocation.signature.resultType,
                    count: invocation.count)
            }
            return madeOnce(invocation) { arguments, count in listed([arguments], count: count) }
        })

    static let map = ScalarFunction(
        "map", summary: "Makes a map of keys and values in turn; of equal keys the last counts.",
        examples: [("map('a', 1, 'b', 2)", "{\"a\":1,\"b\":2}")], nullHandling: .handled,
        neverGivesNull: true,
        resolve: { arguments throws(StarlingError) in
            guard arguments.types.count % 2 == 0 else {
                throw StarlingError(.binding, "map() takes keys and values in turn")
            }
            let places = arguments.types.indices
            let keys = places.filter { $0 % 2 == 0 }.map { arguments.types[$0] }
            let values = places.filter { $0 % 2 == 1 }.map { arguments.types[$0] }
            guard let key = LogicalType.commonType(keys),
                let value = LogicalType.commonType(values)
            else {
                throw StarlingError(.binding, "the keys or values of map() have no common type")
            }
            guard !key.isNested else {
                throw StarlingError(.binding, "the keys of a map cannot be \(key)")
            }
            return FunctionSignature(
                places.map { $0 % 2 == 0 ? key : value }, returns: .map(key: key, value: value))
        },
        evaluate: { invocation throws(StarlingError) in
            guard !invocation.arguments.isEmpty else {
                return Vector(
                    constant: .list([]), as: invocation.signature.resultType,
                    count: invocation.count)
            }
            return madeOnce(invocation) { arguments, count in
                let places = arguments.indices
                return withDistinctKeys(
                    listed(
                        [
                            places.filter { $0 % 2 == 0 }.map { arguments[$0] },
                            places.filter { $0 % 2 == 1 }.map { arguments[$0] },
                        ], count: count))
            }
        })

    static let row = ScalarFunction(
        "row", aliases: ["struct"],
        summary: "Makes a structure of the arguments with the fields col1, col2 and so on.",
        examples: [("row(1, 'x')", "{\"col1\":1,\"col2\":\"x\"}")], nullHandling: .handled,
        neverGivesNull: true,
        resolve: { arguments throws(StarlingError) in
            try arguments.expectCount(1...(.max), of: "row")
            let fields = arguments.types.enumerated().map { position, type in
                StructureField(name: "col\(position + 1)", type: type)
            }
            return FunctionSignature(arguments.types, returns: .structure(fields))
        },
        evaluate: { invocation throws(StarlingError) in
            structure(invocation.arguments, count: invocation.count)
        })

    static let namedStructure = ScalarFunction(
        "named_struct", summary: "Makes a structure of names and values in turn.",
        examples: [("named_struct('a', 1, 'b', 'x')", "{\"a\":1,\"b\":\"x\"}")],
        nullHandling: .handled, neverGivesNull: true,
        resolve: { arguments throws(StarlingError) in
            guard arguments.types.count % 2 == 0, !arguments.types.isEmpty else {
                throw StarlingError(.binding, "named_struct() takes names and values in turn")
            }
            var fields: [StructureField] = []
            var types = arguments.types
            for position in stride(from: 0, to: types.count, by: 2) {
                guard let name = arguments.constant(position)?.text else {
                    throw StarlingError(
                        .binding, "named_struct() takes a string as argument \(position + 1)")
                }
                let isKnown = fields.contains { $0.name.lowercased() == name.lowercased() }
                guard !isKnown else {
                    throw StarlingError(
                        .binding, "named_struct() has two fields named '\(name)'")
                }
                types[position] = .string
                fields.append(StructureField(name: name, type: types[position + 1]))
            }
            return FunctionSignature(types, returns: .structure(fields))
        },
        evaluate: { invocation throws(StarlingError) in
            let values = invocation.arguments.indices.filter { $0 % 2 == 1 }
            return structure(values.map { invocation.arguments[$0] }, count: invocation.count)
        })

    /// Computes one row where all arguments are constants.
    static func madeOnce(
        _ invocation: FunctionInvocation, _ make: ([Vector], Int) -> Vector
    ) -> Vector {
        guard invocation.arguments.allSatisfy(\.isConstant) else {
            return make(invocation.arguments.map { $0.flattened() }, invocation.count)
        }
        let rows = invocation.arguments.map { argument in
            var one = argument
            one.count = 1
            return one.flattened()
        }
        var result = make(rows, 1)
        result.encoding = .constant
        result.count = invocation.count
        return result
    }

    private static func structure(_ fields: [Vector], count: Int) -> Vector {
        let isConstant = fields.allSatisfy(\.isConstant)
        var result = Vector(
            .structure, isConstant ? .constant : .flat, count: count, buffer: Buffer(byteCount: 8))
        result.children = NestedVectors(
            fields.map { field in
                var field = field
                if isConstant { field.count = 1 }
                return field
            })
        return result
    }
}
