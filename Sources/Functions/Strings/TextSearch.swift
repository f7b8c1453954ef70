// Where a string lies in another one, and how much of it: strpos(), find_in_set(),
// ngram_search().

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Finds the n-th place of a string, from the end where n is negative.
private struct NthPlace: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        let number = arguments.count > 2 ? arguments.third.number(row) : 1
        return arguments.first.text(row).withBytes { text in
            arguments.second.text(row).withBytes { pattern in
                guard let place = Self.place(of: pattern, in: text, number) else { return 0 }
                return Int64(characterCount(part(text, 0..<place)) + 1)
            }
        }
    }

    private static func place(of pattern: Bytes, in text: Bytes, _ number: Int) -> Int? {
        if pattern.isEmpty { return number == 1 ? 0 : nil }
        var left = number.magnitude
        guard left > 0, left <= text.count else { return nil }
        if number > 0 {
            var start = 0
            while let place = firstPlace(of: pattern, in: text, from: start) {
                left -= 1
                if left == 0 { return place }
                start = place + 1
            }
            return nil
        }
        var end = text.count
        while let place = lastPlace(of: pattern, in: text, before: end) {
            left -= 1
            if left == 0 { return place }
            end = place + pattern.count - 1
        }
        return nil
    }
}

/// Finds a string among those that commas separate, counted from 1.
private struct SetMember: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int32? {
        arguments.first.text(row).withBytes { member in
            arguments.second.text(row).withBytes { set in
                guard !member.contains(0x2C), !set.isEmpty else { return 0 }
                var number: Int32 = 1
                var start = 0
                for place in 0...set.count where place == set.count || set[place] == 0x2C {
                    if part(set, start..<place).elementsEqual(member) { return number }
                    start = place + 1
                    number += 1
                }
                return 0
            }
        }
    }
}

/// Tells which share of the second string's runs of n characters the first string has.
private struct GramSimilarity: TextMeasure {
    let ignoresCase: Bool
    /// Longer texts are similar to none.
    private static var byteCountMaximum: Int { 1 << 15 }

    func measure(_ arguments: TextArguments, _ row: Int) -> Double? {
        let size = arguments.third.number(row)
        let (first, second) = (arguments.first.text(row), arguments.second.text(row))
        guard size > 0, max(first.count, second.count) <= Self.byteCountMaximum else { return 0 }
        let wanted = grams(second, size)
        let present = grams(first, size)
        guard !wanted.isEmpty, !present.isEmpty else { return 0 }
        var (left, right, shared) = (0, 0, 0)
        while left < wanted.count, right < present.count {
            if wanted[left] == present[right] {
                shared += 1
                left += 1
                right += 1
            } else if wanted[left] < present[right] {
                left += 1
            } else {
                right += 1
            }
        }
        return Double(shared) / Double(wanted.count)
    }

    /// Gives the numbers of all runs of `size` characters, in order.
    private func grams(_ reference: StringReference, _ size: Int) -> [UInt64] {
        reference.withBytes { text in
            var starts = text.indices.filter { beginsCharacter(text[$0]) }
            guard starts.count >= size else { return [] }
            starts.append(text.count)
            var result: [UInt64] = []
            result.reserveCapacity(starts.count - size)
            for index in 0..<(starts.count - size) {
                // Up to seven bytes are their own number, longer runs have one by FNV-1a.
                let run = part(text, starts[index]..<starts[index + size])
                var number: UInt64 = run.count < 8 ? UInt64(run.count) : 0xCBF2_9CE4_8422_2325
                for byte in run {
                    let isUpper = ignoresCase && byte &- 0x41 < 26
                    let value = UInt64(isUpper ? byte | 0x20 : byte)
                    number =
                        run.count < 8
                        ? number &<< 8 | value : (number ^ value) &* 0x100_0000_01B3
                }
                result.append(number)
            }
            return result.sorted()
        }
    }
}

/// Reads four numbers between points as one of 32 bits.
private struct AddressNumber: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        arguments.first.text(row).withBytes { text in
            var address: Int64 = 0
            var (partCount, digitCount, value) = (0, 0, Int64(0))
            for index in 0...text.count {
                if index < text.count, isDigit(text[index]) {
                    value = value * 10 + Int64(text[index] - 0x30)
                    digitCount += 1
                    guard digitCount <= 3 else { return nil }
                    continue
                }
                guard index == text.count || text[index] == 0x2E, digitCount > 0, value < 256,
                    partCount < 4
                else { return nil }
                address = address << 8 | value
                (partCount, digitCount, value) = (partCount + 1, 0, 0)
            }
            return partCount == 4 ? address : nil
        }
    }
}

enum TextSearch {
    static let rows: [ScalarFunction] = [
        .measuring(
            "strpos", NthPlace(), [.string, .string, .bigint], 2...3, .bigint,
            "Finds the n-th place of the second string in the first, from the end where n is "
                + "negative; 0 where there is none.",
            [("strpos('hello world hello', 'hello', 2)", "13"), ("strpos('abab', 'b', -1)", "4")]),
        .measuring(
            "find_in_set", SetMember(), [.string, .string], 2...2, .int,
            "Finds a string among those that commas separate, counted from 1; 0 for none.",
            [("find_in_set('b', 'a,b,c')", "2"), ("find_in_set('x', 'a,b')", "0")]),
        grams(
            "ngram_search", ignoresCase: false,
            "Tells which share of the second string's runs of n characters the first one has.",
            "ngram_search('English', 'England', 4)"),
        grams(
            "ngram_search_case_insensitive", ignoresCase: true,
            "Is ngram_search() that takes upper and lower case of ASCII for the same.",
            "ngram_search_case_insensitive('ENGLISH', 'England', 4)"),
        .measuring(
            "inet_aton", AddressNumber(), [.string], 1...1, .bigint,
            "Gives the number of an IPv4 address; NULL for what is none.",
            [("inet_aton('192.168.1.1')", "3232235777"), ("inet_aton('1.2.3')", "NULL")]),
    ]

    private static func grams(
        _ name: String, ignoresCase: Bool, _ summary: String, _ example: String
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: [(example, "0.25")],
            resolve: { arguments throws(StarlingError) in
                if let length = arguments.constantInteger(2), length <= 0 {
                    throw arguments.mismatch(2, of: name, expected: "a number above 0")
                }
                return try arguments.textSignature(
                    name, [.string, .string, .bigint], 3...3, returns: .double)
            },
            evaluate: { invocation throws(StarlingError) in
                measured(GramSimilarity(ignoresCase: ignoresCase), invocation, as: .float64)
            })
    }
}
