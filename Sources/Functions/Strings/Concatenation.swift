// concat() and concat_ws(), over any number of strings; concat() over arrays, too.

import StarlingErrors
import StarlingTypes
import StarlingVectors

enum Concatenation {
    static let rows = [
        ScalarFunction(
            "concat", summary: "Joins strings or arrays; NULL where one of them is NULL.",
            examples: [
                ("concat('a', 'b', 1)", "ab1"), ("concat('a', NULL)", "NULL"),
                ("concat([1], [2, 3])", "[1,2,3]"),
            ],
            resolve: { arguments throws(StarlingError) in
                if arguments.types.contains(where: isArray) {
                    let type = try arguments.commonArray("concat", 1...(.max))
                    return FunctionSignature(arguments.types.map { _ in type }, returns: type)
                }
                return try resolve("concat", arguments, minimum: 1)
            },
            evaluate: { invocation throws(StarlingError) in
                if isArray(invocation.signature.argumentTypes[0]) {
                    return ArrayChanges.joined(invocation.arguments, count: invocation.count)
                }
                return joined(invocation, separated: false)
            }),
        ScalarFunction(
            "concat_ws",
            summary: "Joins the strings that are not NULL, with the first one between them.",
            examples: [
                ("concat_ws('-', 'a', NULL, 'b')", "a-b"),
                ("concat_ws('-', ['a', NULL, 'b'])", "a-b"),
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                if arguments.types.count == 2, case .array = arguments.types[1] {
                    return FunctionSignature([.string, .array(.string)], returns: .string)
                }
                return try resolve("concat_ws", arguments, minimum: 2)
            },
            evaluate: { invocation throws(StarlingError) in
                guard case .array = invocation.signature.argumentTypes[1] else {
                    return joined(invocation, separated: true)
                }
                // The elements of an array are joined by array_join(), which takes them first.
                var turned = invocation
                turned.arguments.reverse()
                turned.signature.argumentTypes.reverse()
                return ArrayTexts.joined(turned)
            }),
    ]

    private static func isArray(_ type: LogicalType) -> Bool {
        if case .array = type { true } else { false }
    }

    private static func resolve(
        _ name: String, _ arguments: ArgumentList, minimum: Int
    ) throws(StarlingError) -> FunctionSignature {
        try arguments.expectCount(minimum...(.max), of: name)
        for (position, type) in arguments.types.enumerated() where type.isNested {
            throw arguments.mismatch(position, of: name, expected: "a string")
        }
        return FunctionSignature(arguments.types.map { _ in .string }, returns: .string)
    }

    private static func joined(_ invocation: FunctionInvocation, separated: Bool) -> Vector {
        let views = invocation.arguments.map { DecodedVector($0) }
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let heap = StringHeap()
        var result = Vector(zeroed: .string, count: count)
        let output = result.pointer(to: StringReference.self)
        var bytes: [UInt8] = []
        for row in 0..<count {
            if separated, !views[0].isValid(row) {
                result.setNull(row)
                continue
            }
            bytes.removeAll(keepingCapacity: true)
            var isFirst = true
            for position in (separated ? 1 : 0)..<views.count where views[position].isValid(row) {
                if separated, !isFirst { views[0].text(row).withBytes { bytes += $0 } }
                isFirst = false
                views[position].text(row).withBytes { bytes += $0 }
            }
            output[row] = heap.add(bytes)
        }
        result.owner = heap
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }
}
