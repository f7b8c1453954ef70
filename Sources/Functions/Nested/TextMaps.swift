// str_to_map(): a map from the pairs of a text.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

enum TextMaps {
    static let rows = [
        ScalarFunction(
            "str_to_map",
            summary: "Makes a map of pairs that a delimiter (,) separates, key and value apart by "
                + "another one (:); a key alone has the value NULL.",
            examples: [
                ("str_to_map('a:1|b:2', '|', ':')", "{\"a\":\"1\",\"b\":\"2\"}"),
                ("str_to_map('a')", "{\"a\":null}"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "str_to_map", [.string, .string, .string], 1...3,
                    returns: .map(key: .string, value: .string))
            },
            evaluate: { invocation throws(StarlingError) in maps(invocation) })
    ]

    private static func maps(_ invocation: FunctionInvocation) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let valid = RowsWithValues(invocation.arguments, count: count)
        let arguments = TextArguments(invocation.arguments)
        var keys = TextListBuilder(count: count)
        var values: [StringReference?] = []
        for row in 0..<count {
            guard valid.contains(row) else {
                keys.addNull()
                continue
            }
            let pairMark =
                arguments.count > 1 ? arguments.second.text(row).bytes : [UInt8(ascii: ",")]
            let valueMark =
                arguments.count > 2 ? arguments.third.text(row).bytes : [UInt8(ascii: ":")]
            arguments.first.text(row).withBytes { text in
                addPairs(text, pairMark, valueMark, &keys, &values)
            }
            keys.finishRow()
        }
        let owner = invocation.arguments[0].owner
        var result = keys.finish(owner: owner)
        var parts = Vector(zeroed: .string, count: values.count)
        for (place, value) in values.enumerated() {
            if let value {
                parts.pointer(to: StringReference.self)[place] = value
            } else {
                parts.setNull(place)
            }
        }
        parts.owner = owner
        result.children = NestedVectors((result.children?.vectors ?? []) + [parts])
        withExtendedLifetime(invocation) {}
        result = withDistinctKeys(result)
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }

    private static func addPairs(
        _ text: Bytes, _ pairMark: [UInt8], _ valueMark: [UInt8], _ keys: inout TextListBuilder,
        _ values: inout [StringReference?]
    ) {
        pairMark.withUnsafeBytes { pairMark in
            valueMark.withUnsafeBytes { valueMark in
                var start = 0
                while start <= text.count {
                    // Without a mark each character is a pair.
                    let end =
                        pairMark.isEmpty
                        ? nextCharacter(text, from: start)
                        : firstPlace(of: pairMark, in: text, from: start) ?? text.count
                    if pairMark.isEmpty, start == text.count { break }
                    let pair = part(text, start..<min(end, text.count))
                    start = pairMark.isEmpty ? end : end + pairMark.count
                    guard let place = firstPlace(of: valueMark, in: pair), !valueMark.isEmpty
                    else {
                        keys.add(pair, 0..<pair.count)
                        values.append(nil)
                        continue
                    }
                    keys.add(pair, 0..<place)
                    values.append(reference(pair, (place + valueMark.count)..<pair.count))
                }
            }
        }
    }

    private static func reference(_ text: Bytes, _ range: Range<Int>) -> StringReference {
        guard let base = text.baseAddress, !range.isEmpty else { return .empty }
        return StringReference(base + range.lowerBound, count: range.count)
    }
}
