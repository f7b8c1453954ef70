// Strings made from strings: case, padding, replacing, splitting, hexadecimal digits.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Changes case: bytes of ASCII in place, everything else by Unicode's full mapping.
private struct CaseChange: TextOperation {
    let toUpper: Bool

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { text in
            let first = UInt8(ascii: toUpper ? "a" : "A")
            for byte in text {
                output.append(byte &- first < 26 ? byte ^ 0x20 : byte)
                if byte >= 0x80 {
                    let whole = String(decoding: text, as: UTF8.self)
                    output = Array((toUpper ? whole.uppercased() : whole.lowercased()).utf8)
                    break
                }
            }
        }
        return true
    }
}

private struct Reversal: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { text in
            var end = text.count
            while end > 0 {
                let start = byteOffset(part(text, 0..<end), beforeLastCharacters: 1)
                output += part(text, start..<end)
                end = start
            }
        }
        return true
    }
}

private struct Repetition: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let count = max(0, arguments.second.number(row))
        return arguments.first.text(row).withBytes { text in
            let (byteCount, overflow) = text.count.multipliedReportingOverflow(by: count)
            guard !overflow, byteCount <= stringByteCountMaximum else { return false }
            if text.isEmpty { return true }
            for _ in 0..<count { output += text }
            return true
        }
    }
}

private struct Spaces: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let count = arguments.first.number(row)
        guard count <= stringByteCountMaximum else { return false }
        for _ in 0..<max(0, count) { output.append(0x20) }
        return true
    }
}

/// Fills a string up to a number of characters, or cuts it there.
private struct Padding: TextOperation {
    let atStart: Bool

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let length = arguments.second.number(row)
        guard length >= 0, length <= stringByteCountMaximum else { return false }
        return arguments.first.text(row).withBytes { text in
            guard arguments.count > 2 else {
                return withUnsafeBytes(of: UInt8(0x20)) { pad(text, length, $0, &output) }
            }
            return arguments.third.text(row).withBytes { pad(text, length, $0, &output) }
        }
    }

    private func pad(
        _ text: Bytes, _ length: Int, _ filling: Bytes, _ output: inout [UInt8]
    ) -> Bool {
        let count = characterCount(text)
        if count >= length {
            output += part(text, 0..<byteOffset(text, afterCharacters: length))
            return true
        }
        if !atStart { output += text }
        var missing = length - count
        let fillingCount = characterCount(filling)
        // Without anything to fill with, what there is stays.
        while missing > 0, fillingCount > 0 {
            let used = min(missing, fillingCount)
            output += part(filling, 0..<byteOffset(filling, afterCharacters: used))
            missing -= used
        }
        if atStart { output += text }
        return output.count <= stringByteCountMaximum
    }
}

private struct Replacement: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { text in
            arguments.second.text(row).withBytes { pattern in
                arguments.third.text(row).withBytes { replacement in
                    var start = 0
                    while !pattern.isEmpty,
                        let place = firstPlace(of: pattern, in: text, from: start)
                    {
                        output += part(text, start..<place)
                        output += replacement
                        start = place + pattern.count
                    }
                    output += part(text, start..<text.count)
                }
            }
        }
        return true
    }
}

/// Gives the n-th of the parts between delimiters, from the end where n is negative.
private struct SplitPart: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let number = arguments.third.number(row)
        return arguments.first.text(row).withBytes { text in
            arguments.second.text(row).withBytes { delimiter in
                guard let range = Self.range(text, delimiter, number) else { return false }
                output += part(text, range)
                return true
            }
        }
    }

    private static func range(_ text: Bytes, _ delimiter: Bytes, _ number: Int) -> Range<Int>? {
        guard number != 0, !delimiter.isEmpty, number > .min else { return nil }
        if number > 0 {
            var start = 0
            for _ in 1..<number {
                guard let place = firstPlace(of: delimiter, in: text, from: start) else {
                    return nil
                }
                start = place + delimiter.count
            }
            return start..<(firstPlace(of: delimiter, in: text, from: start) ?? text.count)
        }
        var end = text.count
        for _ in 1..<(-number) {
            guard let place = lastPlace(of: delimiter, in: text, before: end) else { return nil }
            end = place
        }
        let start = lastPlace(of: delimiter, in: text, before: end).map { $0 + delimiter.count }
        return (start ?? 0)..<end
    }
}

struct HexadecimalText: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { Self.append($0, to: &output) }
        return true
    }

    static func append(_ bytes: Bytes, to output: inout [UInt8]) {
        let digits: StaticString = "0123456789ABCDEF"
        for byte in bytes {
            output.append(digits.utf8Start[Int(byte >> 4)])
            output.append(digits.utf8Start[Int(byte & 15)])
        }
    }
}

private struct HexadecimalNumber: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let number = UInt64(bitPattern: Int64(arguments.first.number(row)))
        output += Array(String(number, radix: 16, uppercase: true).utf8)
        return true
    }
}

/// Writes the first letter of each word in upper case, the others in lower case.
private struct InitialCapitals: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let text = arguments.first.text(row).withBytes { String(decoding: $0, as: UTF8.self) }
        var isInWord = false
        for character in text {
            let isPart = character.isLetter || character.isNumber
            let changed =
                isPart && !isInWord ? character.uppercased() : character.lowercased()
            output += Array(changed.utf8)
            isInWord = isPart
        }
        return true
    }
}

enum TextChanges {
    static let rows: [ScalarFunction] = [
        .writing(
            "upper", aliases: ["ucase", "upper_utf8"], CaseChange(toUpper: true), [.string], 1...1,
            "Writes a string in upper case.", [("upper('für')", "FÜR")]),
        .writing(
            "lower", aliases: ["lcase", "lower_utf8"], CaseChange(toUpper: false), [.string], 1...1,
            "Writes a string in lower case.", [("lower('FÜR')", "für")]),
        .writing(
            "initcap", InitialCapitals(), [.string], 1...1,
            "Writes each word with a capital letter.", [("initcap('hello wORLD')", "Hello World")]),
        ScalarFunction(
            "reverse", summary: "Turns a string or an array around.",
            examples: [("reverse('für')", "rüf"), ("reverse([1, 2, 3])", "[3,2,1]")],
            resolve: { arguments throws(StarlingError) in
                if case .array = arguments.types.first {
                    try arguments.expectCount(1...1, of: "reverse")
                    return FunctionSignature(arguments.types, returns: arguments.types[0])
                }
                return try arguments.textSignature("reverse", [.string], 1...1, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                try invocation.arguments[0].physicalType == .list
                    ? ArrayChanges.reversed(invocation) : writtenText(Reversal(), invocation)
            }),
        .writing(
            "repeat", Repetition(), [.string, .bigint], 2...2, "Repeats a string.",
            [("repeat('ab', 3)", "ababab")]),
        .writing(
            "space", Spaces(), [.bigint], 1...1, "Gives a number of spaces.",
            [("concat('a', space(2), 'b')", "a  b")]),
        .writing(
            "lpad", Padding(atStart: true), [.string, .bigint, .string], 2...3,
            "Fills a string from the left up to a number of characters, or cuts it there.",
            [("lpad('7', 3, '0')", "007"), ("lpad('hello', 2, '0')", "he")]),
        .writing(
            "rpad", Padding(atStart: false), [.string, .bigint, .string], 2...3,
            "Fills a string on the right up to a number of characters, or cuts it there.",
            [("rpad('7', 3, '0')", "700")]),
        .writing(
            "replace", Replacement(), [.string, .string, .string], 3...3,
            "Replaces all places of the second string by the third.",
            [("replace('banana', 'an', 'x')", "bxxa")]),
        .writing(
            "split_part", SplitPart(), [.string, .string, .bigint], 3...3,
            "Gives the n-th part between delimiters, counted from the end where negative.",
            [("split_part('a-b-c', '-', 2)", "b"), ("split_part('a-b-c', '-', 9)", "NULL")]),
        ScalarFunction(
            "hex", summary: "Gives the hexadecimal digits of a number or of a string's bytes.",
            examples: [("hex(255)", "FF"), ("hex('abc')", "616263")],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "hex")
                let isNumber = arguments.types[0].isNumeric
                return FunctionSignature([isNumber ? .bigint : .string], returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                try invocation.signature.argumentTypes[0] == .bigint
                    ? writtenText(HexadecimalNumber(), invocation)
                    : writtenText(HexadecimalText(), invocation)
            }),
    ]
}
