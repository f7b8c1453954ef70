// Numbers and truths about strings: lengths, places, prefixes.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Takes the lengths out of the references to strings, without a look at the texts.
private func byteLengths(_ invocation: FunctionInvocation) -> Vector {
    let texts = invocation.arguments[0].flattened()
    var result = Vector(uninitialized: .int32, count: texts.count)
    let references = texts.pointer(to: StringReference.self)
    let lengths = result.pointer(to: UInt32.self)
    // NULLs are references to no text.
    for row in 0..<texts.count {
        lengths[row] = UInt32(truncatingIfNeeded: references[row].head)
    }
    result.validity = texts.validity
    return result
}

private struct CharacterLength: TextMeasure {
    @inline(__always)
    func measure(_ arguments: TextArguments, _ row: Int) -> Int32? {
        arguments.first.text(row).withBytes { Int32(truncatingIfNeeded: characterCount($0)) }
    }
}

private struct FirstByte: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int32? {
        arguments.first.text(row).withBytes { Int32($0.first ?? 0) }
    }
}

/// Finds a string in another one, both in either order.
private struct Place: TextMeasure {
    let patternIsFirst: Bool

    func measure(_ arguments: TextArguments, _ row: Int) -> Int32? {
        let text = (patternIsFirst ? arguments.second : arguments.first).text(row)
        let pattern = (patternIsFirst ? arguments.first : arguments.second).text(row)
        let start = arguments.count > 2 ? arguments.third.number(row) : 1
        guard start >= 1 else { return 0 }
        return text.withBytes { text in
            pattern.withBytes { pattern in
                let from = byteOffset(text, afterCharacters: start - 1)
                guard let place = firstPlace(of: pattern, in: text, from: from) else { return 0 }
                return Int32(truncatingIfNeeded: characterCount(part(text, 0..<place)) + 1)
            }
        }
    }
}

private struct Ends: TextMeasure {
    let atStart: Bool

    func measure(_ arguments: TextArguments, _ row: Int) -> Int8? {
        arguments.first.text(row).withBytes { text in
            arguments.second.text(row).withBytes { pattern in
                guard pattern.count <= text.count else { return 0 }
                let start = atStart ? 0 : text.count - pattern.count
                let end = part(text, start..<(start + pattern.count))
                return end.elementsEqual(pattern) ? 1 : 0
            }
        }
    }
}

private struct Comparison: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int32? {
        let (left, right) = (arguments.first.text(row), arguments.second.text(row))
        return left == right ? 0 : left < right ? -1 : 1
    }
}

enum TextMeasures {
    static let rows: [ScalarFunction] = [
        ScalarFunction(
            "length", aliases: ["octet_length"], summary: "Counts the bytes of a string.",
            examples: [("length('für')", "4")],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("length", [.string], 1...1, returns: .int)
            },
            evaluate: { invocation throws(StarlingError) in
                byteLengths(invocation).withIntegerLayout(invocation.resultPhysicalType)
            }),
        .measuring(
            "char_length", aliases: ["character_length"], CharacterLength(), [.string], 1...1, .int,
            "Counts the characters of a string.", [("char_length('für')", "3")]),
        .measuring(
            "ascii", FirstByte(), [.string], 1...1, .int,
            "Gives the number of the first byte.", [("ascii('A')", "65")]),
        .measuring(
            "instr", Place(patternIsFirst: false), [.string, .string], 2...2, .int,
            "Finds the second string in the first; 0 where it is missing.",
            [("instr('starling', 'ling')", "5")]),
        .measuring(
            "locate", aliases: ["position"], Place(patternIsFirst: true),
            [.string, .string, .bigint], 2...3, .int,
            "Finds the first string in the second, from a position on; 0 where it is missing.",
            [("locate('a', 'banana', 3)", "4")]),
        .measuring(
            "starts_with", Ends(atStart: true), [.string, .string], 2...2, .boolean,
            "Tells whether a string begins with another.",
            [("starts_with('starling', 'star')", "1")]
        ),
        .measuring(
            "ends_with", Ends(atStart: false), [.string, .string], 2...2, .boolean,
            "Tells whether a string ends with another.", [("ends_with('starling', 'star')", "0")]),
        .measuring(
            "strcmp", Comparison(), [.string, .string], 2...2, .int,
            "Compares two strings: -1, 0 or 1.", [("strcmp('a', 'b')", "-1")]),
    ]
}
