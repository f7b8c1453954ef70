// concat() and concat_ws(), over any number of strings; concat() over arrays, too.

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

enum Concatenation {
    static let rows = [
        ScalarFunction(
            "concat", summary: "Joins strings or arrays; NULL where one of them is NULL.",
            examples: [
                ("concat('a', 'b', 1)", "ab1"), ("concat('a', NULL)", "NULL"),
                ("concat([1], [2, 3])", "[1,2,3]"),
            ], isAssociative: true,
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
        let joiner = TextJoiner(
            parts: separated ? Array(views.dropFirst()) : views,
            separator: separated ? views[0] : nil)
        var result = joiner.join(count: count)
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }
}

/// Puts the texts of several columns together, row by row.
private struct TextJoiner {
    let parts: [DecodedVector]
    /// Stands between texts that are not NULL; where it is NULL itself, so is all.
    let separator: DecodedVector?

    func join(count: Int) -> Vector {
        var result = Vector(zeroed: .string, count: count)
        let output = result.pointer(to: StringReference.self)
        let lengths = Buffer(byteCount: max(8, count * 8))
        let lengthOfRow = lengths.pointer(to: Int.self)
        var total = 0
        for row in 0..<count {
            let length = length(of: row)
            lengthOfRow[row] = length
            total += length
        }
        let heap = StringHeap(firstBlockByteCount: total)
        var target = UnsafeMutableRawPointer(heap.allocatePadded(total))
        for row in 0..<count {
            if let separator, !separator.isValid(row) {
                result.setNull(row)
                continue
            }
            let start = target
            write(row, to: &target)
            output[row] = StringReference(padded: start, count: lengthOfRow[row])
        }
        result.owner = heap
        return result
    }

    private func length(of row: Int) -> Int {
        if let separator, !separator.isValid(row) { return 0 }
        var (length, count) = (0, 0)
        for part in parts where part.isValid(row) {
            length &+= part.text(row).count
            count &+= 1
        }
        guard let separator, count > 1 else { return length }
        return length &+ separator.text(row).count &* (count &- 1)
    }

    private func write(_ row: Int, to target: inout UnsafeMutableRawPointer) {
        var isFirst = true
        for part in parts where part.isValid(row) {
            if let separator, !isFirst { separator.text(row).write(to: &target) }
            isFirst = false
            part.text(row).write(to: &target)
        }
    }
}

extension StringReference {
    /// Writes the bytes where more of them may be written than there are, and moves behind them.
    @inline(__always)
    fileprivate func write(to target: inout UnsafeMutableRawPointer) {
        let count = count
        if isInline {
            target.storeBytes(of: UInt32(truncatingIfNeeded: head &>> 32), as: UInt32.self)
            target.storeBytes(of: tail, toByteOffset: 4, as: UInt64.self)
        } else {
            target.copyMemory(from: address, byteCount: count)
        }
        target += count
    }
}
