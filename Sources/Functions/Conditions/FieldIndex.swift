// field() and null_or_empty(): which of the arguments a value equals, and whether there is one.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

enum FieldIndex {
    static let rows = [
        ScalarFunction(
            "field",
            summary: "Gives the number of the first argument behind it that a value equals; 0 for "
                + "none and for NULL.",
            examples: [("field('a', 'b', 'a', 'd')", "2"), ("field(NULL, 1)", "0")],
            nullHandling: .handled, neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...(.max), of: "field")
                for (position, type) in arguments.types.enumerated() where type.isNested {
                    throw arguments.mismatch(position, of: "field", expected: "a string or number")
                }
                let known = arguments.types.filter { $0 != .null }
                var type = LogicalType.double
                if known.isEmpty || known.allSatisfy(\.isString) {
                    type = .string
                } else if known.allSatisfy(\.isNumeric) || known.allSatisfy(\.isTemporal) {
                    type = LogicalType.commonType(known) ?? .double
                }
                return FunctionSignature(arguments.types.map { _ in type }, returns: .int)
            },
            resultBounds: { signature, _ in
                Bounds(low: 0, high: Int128(signature.argumentTypes.count))
            },
            evaluate: { invocation throws(StarlingError) in
                let vectors = ValueOrder.aligned(invocation.arguments)
                let order = ValueOrder(vectors[0].physicalType)
                let views = vectors.map { DecodedVector($0) }
                let result = Vector(zeroed: .int32, count: invocation.count)
                let output = result.pointer(to: Int32.self)
                for row in 0..<invocation.count where views[0].isValid(row) {
                    for place in 1..<views.count where views[place].isValid(row) {
                        if order.compare(views[0], views[place], row) == 0 {
                            output[row] = Int32(truncatingIfNeeded: place)
                            break
                        }
                    }
                }
                withExtendedLifetime(vectors) {}
                return result.withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "null_or_empty", summary: "Tells whether a string or array is NULL or empty.",
            examples: [
                ("null_or_empty(NULL)", "1"), ("null_or_empty('')", "1"),
                ("null_or_empty('a')", "0"), ("null_or_empty([1])", "0"),
            ],
            nullHandling: .handled, neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "null_or_empty")
                if case .array = arguments.types[0] {
                    return FunctionSignature(arguments.types, returns: .boolean)
                }
                return try arguments.textSignature(
                    "null_or_empty", [.string], 1...1, returns: .boolean)
            },
            evaluate: { invocation throws(StarlingError) in
                let view = DecodedVector(invocation.arguments[0])
                let isList = invocation.arguments[0].physicalType == .list
                let result = Vector(zeroed: .int8, count: invocation.count)
                let output = result.pointer(to: Int8.self)
                for row in 0..<invocation.count {
                    let isEmpty =
                        !view.isValid(row)
                        || (isList
                            ? view.value(row, as: ListRange.self).count == 0
                            : view.text(row).count == 0)
                    output[row] = isEmpty ? 1 : 0
                }
                withExtendedLifetime(invocation) {}
                return result
            }),
    ]
}
