// Characters for characters, bytes for digits: translate(), unhex(), base64 and the like.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Replaces each character that the second string has by the third's at the same place.
private struct Translation: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { text in
            arguments.second.text(row).withBytes { source in
                arguments.third.text(row).withBytes { target in
                    translate(text, source, target, &output)
                }
            }
        }
        return output.count <= stringByteCountMaximum
    }

    private func translate(
        _ text: Bytes, _ source: Bytes, _ target: Bytes, _ output: inout [UInt8]
    ) {
        var start = 0
        while start < text.count {
            let end = nextCharacter(text, from: start)
            let character = part(text, start..<end)
            start = end
            guard let number = Self.number(of: character, in: source) else {
                output += character
                continue
            }
            // Characters without a counterpart vanish.
            let from = byteOffset(target, afterCharacters: number)
            guard from < target.count else { continue }
            output += part(target, from..<nextCharacter(target, from: from))
        }
    }

    private static func number(of character: Bytes, in source: Bytes) -> Int? {
        var (start, number) = (0, 0)
        while start < source.count {
            let end = nextCharacter(source, from: start)
            if part(source, start..<end).elementsEqual(character) { return number }
            (start, number) = (end, number + 1)
        }
        return nil
    }
}

private struct TrailingCharacter: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { text in
            arguments.second.text(row).withBytes { character in
                guard characterCount(character) == 1 else { return false }
                output += text
                let isThere = text.suffix(character.count).elementsEqual(character)
                if !text.isEmpty, !isThere { output += character }
                return true
            }
        }
    }
}

/// Gives the bytes of a number, the highest first, as MySQL's char() does.
private struct CharacterOfNumber: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let number = UInt32(truncatingIfNeeded: arguments.first.number(row))
        for shift in [24, 16, 8, 0] as [UInt32] {
            let byte = UInt8(truncatingIfNeeded: number &>> shift)
            if byte != 0 || !output.isEmpty || shift == 0 { output.append(byte) }
        }
        return true
    }
}

/// Reads pairs of hexadecimal digits.
private struct BytesOfDigits: TextOperation {
    /// What becomes of a text that is no such pairs: nothing, or NULL.
    let givesNull: Bool

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { text in
            let isWhole = appendBytes(ofDigits: text, to: &output)
            if !isWhole { output.removeAll(keepingCapacity: true) }
            return isWhole || !givesNull
        }
    }
}

/// Reads pairs of hexadecimal digits; false where there are other characters.
private func appendBytes(ofDigits text: Bytes, to output: inout [UInt8]) -> Bool {
    guard text.count % 2 == 0 else { return false }
    for index in stride(from: 0, to: text.count, by: 2) {
        guard let high = hexadecimalDigit(text[index]), let low = hexadecimalDigit(text[index + 1])
        else { return false }
        output.append(high << 4 | low)
    }
    return true
}

func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte - 0x30 }
    let lowered = byte | 0x20
    return (0x61...0x66).contains(lowered) ? lowered - 0x57 : nil
}

private struct Base64Writing: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { Base64.append($0, to: &output) }
        return output.count <= stringByteCountMaximum
    }
}

private struct Base64Reading: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { Base64.appendBytes(of: $0, to: &output) }
    }
}

/// Turns strings into bytes or back: as hexadecimal digits, base64 or as they are.
private struct BinaryText: TextOperation {
    let toBinary: Bool

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let format = arguments.count > 1 ? arguments.second.text(row).bytes : Array("hex".utf8)
        return arguments.first.text(row).withBytes { text in
            switch String(decoding: format, as: UTF8.self).lowercased() {
            case "utf8": output += text
            case "encode64" where toBinary: return Base64.appendBytes(of: text, to: &output)
            case "encode64": Base64.append(text, to: &output)
            case _ where toBinary: return appendBytes(ofDigits: text, to: &output)
            default: HexadecimalText.append(text, to: &output)
            }
            return true
        }
    }
}

enum Translations {
    static let rows: [ScalarFunction] = [
        .writing(
            "translate", Translation(), [.string, .string, .string], 3...3,
            "Replaces each character that the second string has by the third's at its place.",
            [
                ("translate('abcabc', 'ab', '12')", "12c12c"),
                ("translate('s1m1a1rrfcks', 'mf1', 'to')", "starrocks"),
            ]),
        .writing(
            "append_trailing_char_if_absent", TrailingCharacter(), [.string, .string], 2...2,
            "Adds a character to the end of a string that does not end with it.",
            [
                ("append_trailing_char_if_absent('a', 'c')", "ac"),
                ("append_trailing_char_if_absent('ac', 'c')", "ac"),
            ]),
        .writing(
            "char", CharacterOfNumber(), [.bigint], 1...1,
            "Gives the character with a number.", [("char(77)", "M")]),
        .writing(
            "unhex", aliases: ["hex_decode_string"], BytesOfDigits(givesNull: false), [.string],
            1...1,
            "Reads hexadecimal digits as bytes; what is none gives an empty string.",
            [("unhex('68656C6C6F')", "hello"), ("concat('[', unhex('@'), ']')", "[]")]),
        .writing(
            "hex_decode_binary", BytesOfDigits(givesNull: true), [.string], 1...1,
            returns: .varbinary,
            "Reads hexadecimal digits as binary; NULL for what is none.",
            [("hex(hex_decode_binary('6868'))", "6868")]),
        .writing(
            "to_base64", aliases: ["base64_encode"], Base64Writing(), [.string], 1...1,
            "Writes the bytes of a string in base64.",
            [("to_base64('starrocks')", "c3RhcnJvY2tz")]),
        .writing(
            "from_base64", aliases: ["base64_decode_string"], Base64Reading(), [.string], 1...1,
            "Reads base64; NULL for what is none.",
            [("from_base64('c3RhcnJvY2tz')", "starrocks"), ("from_base64('!')", "NULL")]),
        .writing(
            "base64_decode_binary", Base64Reading(), [.string], 1...1, returns: .varbinary,
            "Reads base64 as binary; NULL for what is none.",
            [("hex(base64_decode_binary('c3Rhcg=='))", "73746172")]),
        .writing(
            "to_binary", BinaryText(toBinary: true), [.string, .string], 1...2, returns: .varbinary,
            "Reads a string as binary: 'hex', 'encode64' or 'utf8'.",
            [
                ("hex(to_binary('4142'))", "4142"), ("hex(to_binary('AB', 'utf8'))", "4142"),
                ("hex(to_binary('QUI=', 'encode64'))", "4142"),
            ]),
        .writing(
            "from_binary", BinaryText(toBinary: false), [.varbinary, .string], 1...2,
            "Writes binary as a string: 'hex', 'encode64' or 'utf8'.",
            [
                ("from_binary(to_binary('AB', 'utf8'))", "4142"),
                ("from_binary(to_binary('4142'), 'utf8')", "AB"),
            ]),
    ]
}
