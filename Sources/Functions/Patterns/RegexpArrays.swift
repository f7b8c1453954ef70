// Arrays of what matches a regular expression, and of what lies between its matches.

import StarlingErrors
import StarlingPatterns
import StarlingTypes
import StarlingVectors

/// Gives a group of all matches; none where the pattern has no such group.
private struct AllExtractions: PatternPieces {
    func findPieces(
        _ pattern: RegularExpression, _ text: Bytes, _ arguments: TextArguments, _ row: Int,
        _ places: inout [Int64], into pieces: inout [Range<Int>]
    ) {
        let group = arguments.count > 2 ? arguments.third.number(row) : 0
        guard group >= 0, group <= pattern.groupCount else { return }
        var position = 0
        while position <= text.count,
            pattern.find(in: text, from: position, &places, parts: group + 1)
        {
            let (start, end) = (Int(places[2 * group]), Int(places[2 * group + 1]))
            pieces.append(start < 0 ? 0..<0 : start..<end)
            let matchEnd = Int(places[1])
            position = places[0] == places[1] ? nextCharacter(text, from: matchEnd) : matchEnd
        }
    }
}

/// Cuts a text at each match, into so many pieces at most; an empty pattern cuts characters.
private struct PatternSplit: PatternPieces {
    func findPieces(
        _ pattern: RegularExpression, _ text: Bytes, _ arguments: TextArguments, _ row: Int,
        _ places: inout [Int64], into pieces: inout [Range<Int>]
    ) {
        let given = arguments.count > 2 ? arguments.third.number(row) : 0
        let maximum = given > 0 ? given : .max
        var start = 0
        while pieces.count < maximum - 1 {
            if pattern.isEmpty {
                let next = nextCharacter(text, from: start)
                guard next < text.count else { break }
                pieces.append(start..<next)
                start = next
            } else {
                // An empty match ends the cutting.
                guard pattern.find(in: text, from: start, &places, parts: 1),
                    places[0] < places[1]
                else { break }
                pieces.append(start..<Int(places[0]))
                start = Int(places[1])
            }
        }
        if !(pattern.isEmpty && text.isEmpty) { pieces.append(start..<text.count) }
    }
}

enum RegexpArrays {
    static let rows = [
        row(
            "regexp_extract_all", AllExtractions(), 2...3,
            "Gives a group of all matches of a regular expression, 0 for all of each match.",
            [
                (
                    "regexp_extract_all('AbCdExCeF', '([[:lower:]]+)C([[:lower:]]+)', 2)",
                    "[\"d\",\"e\"]"
                )
            ]),
        row(
            "regexp_split", PatternSplit(), 2...3,
            "Cuts a string at the matches of a regular expression, into so many pieces at most.",
            [
                ("regexp_split('StarRocks', '[SR]')", "[\"\",\"tar\",\"ocks\"]"),
                ("regexp_split('StarRocks', '[SR]', 2)", "[\"\",\"tarRocks\"]"),
                ("regexp_split('für', '')", "[\"f\",\"ü\",\"r\"]"),
            ]),
    ]

    @inline(__always)
    private static func row<Operation: PatternPieces>(
        _ name: String, _ operation: Operation, _ counts: ClosedRange<Int>, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    name, [.string, .string, .bigint], counts, returns: .array(.string))
            },
            evaluate: { invocation throws(StarlingError) in
                try pieces(operation, name, invocation)
            })
    }
}
