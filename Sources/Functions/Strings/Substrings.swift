// Parts of strings without copying: substring(), left(), right() and the trims give references
// into their argument's bytes and keep its owner.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Chooses a range of the bytes of a row's first argument.
protocol PartOperation: Sendable {
    func range(_ text: Bytes, _ arguments: TextArguments, _ row: Int) -> Range<Int>
}

@inline(never)
private func parts<Operation: PartOperation>(
    _ operation: Operation, _ invocation: FunctionInvocation
) -> Vector {
    let isConstant = invocation.arguments.allSatisfy(\.isConstant)
    let count = isConstant ? 1 : invocation.count
    let valid = RowsWithValues(invocation.arguments, count: count)
    let arguments = TextArguments(invocation.arguments)
    var result = Vector(zeroed: .string, count: count)
    let output = result.pointer(to: StringReference.self)
    for row in 0..<count {
        if !valid.contains(row) { continue }
        let text = arguments.first.text(row)
        output[row] = text.withBytes { bytes in
            let range = operation.range(bytes, arguments, row)
            guard let base = bytes.baseAddress, !range.isEmpty else { return .empty }
            return StringReference(base + range.lowerBound, count: range.count)
        }
    }
    // Parts of a text that lies outside still point to it; parts of an inline one are inline.
    result.owner = invocation.arguments[0].owner
    if isConstant {
        result.makeConstant(count: invocation.count)
    }
    return result
}

/// Takes from a position, counted from 1, or from the end where negative.
private struct Substring: PartOperation {
    @inline(__always)
    func range(_ text: Bytes, _ arguments: TextArguments, _ row: Int) -> Range<Int> {
        let position = arguments.second.number(row)
        let length = arguments.count > 2 ? arguments.third.number(row) : Int.max
        guard position != 0, length > 0 else { return 0..<0 }
        let start: Int
        if position > 0 {
            start = byteOffset(text, afterCharacters: position - 1)
        } else {
            let last = Int(clamping: position.magnitude)
            // A start before the first character finds nothing, as in StarRocks.
            if last > text.count || last > characterCount(text) { return 0..<0 }
            start = byteOffset(text, beforeLastCharacters: last)
        }
        if length >= text.count - start { return start..<text.count }
        let rest = part(text, start..<text.count)
        return start..<(start + byteOffset(rest, afterCharacters: length))
    }
}

private struct Left: PartOperation {
    @inline(__always)
    func range(_ text: Bytes, _ arguments: TextArguments, _ row: Int) -> Range<Int> {
        let count = arguments.second.number(row)
        return 0..<(count <= 0 ? 0 : byteOffset(text, afterCharacters: count))
    }
}

private struct Right: PartOperation {
    @inline(__always)
    func range(_ text: Bytes, _ arguments: TextArguments, _ row: Int) -> Range<Int> {
        let count = max(0, arguments.second.number(row))
        return byteOffset(text, beforeLastCharacters: count)..<text.count
    }
}

/// Cuts spaces, or the characters of a second argument, from the ends.
private struct Trim: PartOperation {
    let fromStart: Bool
    let fromEnd: Bool

    @inline(__always)
    func range(_ text: Bytes, _ arguments: TextArguments, _ row: Int) -> Range<Int> {
        if arguments.count > 1 {
            return arguments.second.text(row).withBytes { trimmed(text, characters: $0) }
        }
        var (start, end) = (0, text.count)
        while fromStart, start < end, text[start] == 0x20 { start += 1 }
        while fromEnd, end > start, text[end - 1] == 0x20 { end -= 1 }
        return start..<end
    }

    private func trimmed(_ text: Bytes, characters: Bytes) -> Range<Int> {
        var (start, end) = (0, text.count)
        while fromStart, start < end {
            let next = start + byteOffset(part(text, start..<end), afterCharacters: 1)
            guard firstPlace(of: part(text, start..<next), in: characters) != nil else { break }
            start = next
        }
        while fromEnd, end > start {
            let next = start + byteOffset(part(text, start..<end), beforeLastCharacters: 1)
            guard firstPlace(of: part(text, next..<end), in: characters) != nil else { break }
            end = next
        }
        return start..<end
    }
}

/// Cuts a whole string from the ends, as often as it stands there.
private struct StringTrim: PartOperation {
    let fromStart: Bool
    let fromEnd: Bool

    @inline(__always)
    func range(_ text: Bytes, _ arguments: TextArguments, _ row: Int) -> Range<Int> {
        arguments.second.text(row).withBytes { removed in
            var (start, end) = (0, text.count)
            guard !removed.isEmpty else { return start..<end }
            let length = removed.count
            while fromStart, end - start >= length,
                part(text, start..<(start + length)).elementsEqual(removed)
            {
                start += length
            }
            while fromEnd, end - start >= length,
                part(text, (end - length)..<end).elementsEqual(removed)
            {
                end -= length
            }
            return start..<end
        }
    }
}

/// Takes the part up to the n-th delimiter, counted from the end where n is negative.
private struct SubstringIndex: PartOperation {
    @inline(__always)
    func range(_ text: Bytes, _ arguments: TextArguments, _ row: Int) -> Range<Int> {
        let count = arguments.third.number(row)
        return arguments.second.text(row).withBytes { delimiter in
            guard !delimiter.isEmpty, count != 0 else { return 0..<0 }
            if count > 0 {
                var place = 0
                for index in 0..<count {
                    let from = index == 0 ? 0 : place + delimiter.count
                    guard let next = firstPlace(of: delimiter, in: text, from: from) else {
                        return 0..<text.count
                    }
                    place = next
                }
                return 0..<place
            }
            var end = text.count
            for _ in 0..<count.magnitude {
                guard let next = lastPlace(of: delimiter, in: text, before: end) else {
                    return 0..<text.count
                }
                end = next
            }
            return (end + delimiter.count)..<text.count
        }
    }
}

enum Substrings {
    static let rows = [
        row(
            "substring", ["substr", "mid"], Substring(), [.string, .bigint, .bigint], 2...3,
            "Takes characters from a position (from 1; from the end where negative) on.",
            [("substring('starling', 2, 3)", "tar"), ("substring('starling', -4)", "ling")]),
        row(
            "left", ["strleft"], Left(), [.string, .bigint], 2...2, "Takes the first characters.",
            [("left('starling', 4)", "star")]),
        row(
            "right", ["strright"], Right(), [.string, .bigint], 2...2, "Takes the last characters.",
            [("right('starling', 4)", "ling")]),
        row(
            "trim", [], Trim(fromStart: true, fromEnd: true), [.string, .string], 1...2,
            "Cuts spaces, or the characters given, from both ends.",
            [("trim('  a b ')", "a b"), ("trim('xxaxx', 'x')", "a")]),
        row(
            "ltrim", [], Trim(fromStart: true, fromEnd: false), [.string, .string], 1...2,
            "Cuts spaces, or the characters given, from the beginning.",
            [("ltrim('xxaxx', 'x')", "axx")]),
        row(
            "rtrim", [], Trim(fromStart: false, fromEnd: true), [.string, .string], 1...2,
            "Cuts spaces, or the characters given, from the end.",
            [("rtrim('xxaxx', 'x')", "xxa")]),
        row(
            "trim_both", [], StringTrim(fromStart: true, fromEnd: true), [.string, .string], 2...2,
            "Cuts a whole string from both ends: `trim(BOTH 'ab' FROM x)`.",
            [("trim(BOTH 'ab' FROM 'ababxba')", "xba")]),
        row(
            "trim_leading", [], StringTrim(fromStart: true, fromEnd: false), [.string, .string],
            2...2, "Cuts a whole string from the beginning: `trim(LEADING 'ab' FROM x)`.",
            [("trim(LEADING 'xy' FROM 'xyxbar')", "xbar")]),
        row(
            "trim_trailing", [], StringTrim(fromStart: false, fromEnd: true), [.string, .string],
            2...2, "Cuts a whole string from the end: `trim(TRAILING 'ab' FROM x)`.",
            [("trim(TRAILING 'xyz' FROM 'barxxyz')", "barx")]),
        row(
            "substring_index", [], SubstringIndex(), [.string, .string, .bigint], 3...3,
            "Takes the part before the n-th delimiter, or behind it from the end.",
            [
                ("substring_index('www.a.org', '.', 2)", "www.a"),
                ("substring_index('www.a.org', '.', -1)", "org"),
            ]),
    ]

    @inline(__always)
    private static func row<Operation: PartOperation>(
        _ name: String, _ aliases: [String], _ operation: Operation, _ types: [LogicalType],
        _ counts: ClosedRange<Int>, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, types, counts, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in parts(operation, invocation) })
    }
}

extension ArgumentList {
    /// Checks arguments against fixed types, of which the last ones may be missing.
    func textSignature(
        _ name: String, _ expected: [LogicalType], _ counts: ClosedRange<Int>,
        returns result: LogicalType
    ) throws(StarlingError) -> FunctionSignature {
        try expectCount(counts, of: name)
        for (position, type) in types.enumerated()
        where !type.convertsImplicitly(to: expected[position]) {
            throw mismatch(position, of: name, expected: "a value of type \(expected[position])")
        }
        return FunctionSignature(Array(expected.prefix(types.count)), returns: result)
    }
}
