// regexp() (the operators REGEXP and RLIKE), and what is extracted, replaced, counted and found by
// regular expressions. They are RE2's; a dot matches line ends, too.

import StarlingErrors
import StarlingKernels
import StarlingPatterns
import StarlingTypes
import StarlingVectors

private struct Matches: PatternMeasure {
    @inline(__always)
    func measure(
        _ pattern: RegularExpression, _ arguments: TextArguments, _ row: Int,
        _ places: inout [Int64]
    ) -> Int8? {
        arguments.first.text(row).withBytes { pattern.matches($0) ? 1 : 0 }
    }
}

/// Gives a group of the first match; an empty text where there is none.
private struct Extraction: PatternText {
    func write(
        _ pattern: RegularExpression, _ arguments: TextArguments, _ row: Int,
        _ places: inout [Int64], to output: inout [UInt8]
    ) -> Bool {
        let group = arguments.count > 2 ? arguments.third.number(row) : 0
        guard group >= 0, group <= pattern.groupCount else { return true }
        arguments.first.text(row).withBytes { text in
            guard pattern.find(in: text, from: 0, &places, parts: group + 1) else { return }
            let (start, end) = (Int(places[2 * group]), Int(places[2 * group + 1]))
            if start >= 0 { output += part(text, start..<end) }
        }
        return true
    }
}

/// Replaces all matches; \1 to \9 in the replacement are the match's groups, \0 all of it.
private struct PatternReplacement: PatternText {
    func write(
        _ pattern: RegularExpression, _ arguments: TextArguments, _ row: Int,
        _ places: inout [Int64], to output: inout [UInt8]
    ) -> Bool {
        arguments.first.text(row).withBytes { text in
            arguments.third.text(row).withBytes { replacement in
                replace(pattern, text, replacement, &places, &output)
            }
        }
        return output.count <= stringByteCountMaximum
    }

    private func replace(
        _ pattern: RegularExpression, _ text: Bytes, _ replacement: Bytes,
        _ places: inout [Int64], _ output: inout [UInt8]
    ) {
        let parts = Self.partCount(replacement)
        // A group that the pattern does not have leaves the text as it is, as RE2 does.
        guard parts <= pattern.groupCount + 1 else {
            output += text
            return
        }
        var (position, lastEnd) = (0, -1)
        while position <= text.count, output.count <= stringByteCountMaximum,
            pattern.find(in: text, from: position, &places, parts: parts)
        {
            let (start, end) = (Int(places[0]), Int(places[1]))
            output += part(text, position..<start)
            if start == end, start == lastEnd {
                // An empty match right behind the last one does not count.
                let next = nextCharacter(text, from: start)
                output += part(text, start..<min(next, text.count))
                position = next
                continue
            }
            Self.append(replacement, text, places, &output)
            (position, lastEnd) = (end, end)
        }
        if position < text.count { output += part(text, position..<text.count) }
    }

    /// Counts the parts of a match that a replacement needs.
    private static func partCount(_ replacement: Bytes) -> Int {
        var count = 1
        var index = 0
        while index + 1 < replacement.count {
            if replacement[index] == 0x5C {
                index += 1
                if isDigit(replacement[index]) { count = max(count, digit(replacement[index]) + 1) }
            }
            index += 1
        }
        return count
    }

    private static func append(
        _ replacement: Bytes, _ text: Bytes, _ places: [Int64], _ output: inout [UInt8]
    ) {
        var index = 0
        while index < replacement.count {
            let byte = replacement[index]
            index += 1
            guard byte == 0x5C, index < replacement.count else {
                output.append(byte)
                continue
            }
            let next = replacement[index]
            index += 1
            guard isDigit(next) else {
                output.append(next)
                continue
            }
            let start = Int(places[2 * digit(next)])
            if start >= 0 { output += part(text, start..<Int(places[2 * digit(next) + 1])) }
        }
    }

    private static func digit(_ byte: UInt8) -> Int { Int(byte &- 0x30) }
}

/// Counts matches; an empty pattern gives NULL.
private struct MatchCount: PatternMeasure {
    func measure(
        _ pattern: RegularExpression, _ arguments: TextArguments, _ row: Int,
        _ places: inout [Int64]
    ) -> Int64? {
        if pattern.isEmpty { return nil }
        return arguments.first.text(row).withBytes { text in
            var (position, count) = (0, Int64(0))
            while position <= text.count, pattern.find(in: text, from: position, &places, parts: 1)
            {
                count += 1
                let end = Int(places[1])
                position = places[0] == places[1] ? nextCharacter(text, from: end) : end
            }
            return count
        }
    }
}

/// Finds the character at which the n-th match begins; `missing` where there is none.
private struct MatchPosition: PatternMeasure {
    let missing: Int32

    func measure(
        _ pattern: RegularExpression, _ arguments: TextArguments, _ row: Int,
        _ places: inout [Int64]
    ) -> Int32? {
        let start = arguments.count > 2 ? arguments.third.number(row) : 1
        var left = arguments.count > 3 ? arguments.fourth.number(row) : 1
        guard start >= 1, left >= 1 else { return missing }
        return arguments.first.text(row).withBytes { text in
            var position = byteOffset(text, afterCharacters: start - 1)
            guard position < text.count || start == 1 else { return missing }
            while position <= text.count, pattern.find(in: text, from: position, &places, parts: 1)
            {
                let (begin, end) = (Int(places[0]), Int(places[1]))
                left -= 1
                if left == 0 {
                    return Int32(truncatingIfNeeded: characterCount(part(text, 0..<begin)) + 1)
                }
                position = begin == end ? nextCharacter(text, from: end) : end
            }
            return missing
        }
    }
}

enum RegexpFunctions {
    static let rows = [
        measure(
            "regexp", ["rlike"], Matches(), [.string, .string], 2...2, .boolean,
            "Tells whether a string has a match of a regular expression.",
            [("regexp('abcd', '^a.*d$')", "1"), ("'starling' RLIKE 'r.o'", "0")]),
        text(
            "regexp_extract", Extraction(), [.string, .string, .bigint], 2...3,
            "Gives a group of the first match of a regular expression, 0 for all of the match; "
                + "an empty string where there is none.",
            [
                ("regexp_extract('AbCdE', '([[:lower:]]+)C([[:lower:]]+)', 1)", "b"),
                ("regexp_extract('AbCdE', '([[:lower:]]+)C([[:lower:]]+)', 2)", "d"),
            ]),
        text(
            "regexp_replace", PatternReplacement(), [.string, .string, .string], 3...3,
            "Replaces the matches of a regular expression; \\1 to \\9 in the replacement stand "
                + "for the groups.",
            [
                ("regexp_replace('a b c', ' ', '-')", "a-b-c"),
                ("regexp_replace('a b c', '(b)', '<\\\\1>')", "a <b> c"),
            ]),
        measure(
            "regexp_count", [], MatchCount(), [.string, .string], 2...2, .bigint,
            "Counts the matches of a regular expression; NULL for an empty one.",
            [("regexp_count('abc123def456', '[0-9]')", "6")]),
        measure(
            "regexp_position", [], MatchPosition(missing: -1),
            [.string, .string, .bigint, .bigint], 2...4, .int,
            "Finds the n-th match of a regular expression from a character on; -1 for none.",
            [
                ("regexp_position('I have 23 apples, 5 pears', '[0-9]+', 1, 2)", "19"),
                ("regexp_position('starling', 'x')", "-1"),
            ]),
        measure(
            "regexp_instr", [], MatchPosition(missing: 0), [.string, .string], 2...2, .int,
            "Finds the first match of a regular expression; 0 where there is none.",
            [("regexp_instr('AbCdE', '([[:lower:]]+)C')", "2")]),
    ]

    @inline(__always)
    private static func text<Operation: PatternText>(
        _ name: String, _ operation: Operation, _ types: [LogicalType],
        _ counts: ClosedRange<Int>, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, types, counts, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                try writtenText(operation, name, invocation)
            })
    }

    @inline(__always)
    private static func measure<Operation: PatternMeasure>(
        _ name: String, _ aliases: [String], _ operation: Operation, _ types: [LogicalType],
        _ counts: ClosedRange<Int>, _ resultType: LogicalType, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, types, counts, returns: resultType)
            },
            evaluate: { invocation throws(StarlingError) in
                try measured(operation, name, invocation, as: resultType.widestPhysicalType)
                    .withIntegerLayout(invocation.resultPhysicalType)
            })
    }
}
