// As much JSON as the dialogue needs: objects of texts, numbers and the like in; texts out.

package enum JSONText {
    package enum Value: Equatable {
        case text(String)
        /// Numbers, true, false, null, arrays and objects, as they are written.
        case other(String)
    }

    /// Reads an object, or returns nil where the text is none.
    package static func parseObject(_ text: String) -> [String: Value]? {
        var reader = Reader(Array(text.utf8))
        guard let object = reader.readObject(), reader.isAtEnd else { return nil }
        return object
    }

    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 {
                    let hex = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    private struct Reader {
        private let bytes: [UInt8]
        private var position = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool {
            mutating get {
                skipSpace()
                return position == bytes.count
            }
        }

        private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

        private mutating func skipSpace() {
            while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
        }

        private mutating func take(_ character: Character) -> Bool {
            skipSpace()
            guard current == character.asciiValue else { return false }
            position += 1
            return true
        }

        mutating func readObject() -> [String: Value]? {
            guard take("{") else { return nil }
            var result: [String: Value] = [:]
            if take("}") { return result }
            repeat {
                guard let key = readText(), take(":"), let value = readValue() else { return nil }
                result[key] = value
            } while take(",")
            return take("}") ? result : nil
        }

        private mutating func readValue() -> Value? {
            skipSpace()
            if current == UInt8(ascii: "\"") { return readText().map(Value.text) }
            let start = position
            guard skipOther() else { return nil }
            return .other(String(decoding: bytes[start..<position], as: UTF8.self))
        }

        /// Passes over a number, a word, an array or an object.
        private mutating func skipOther() -> Bool {
            var depth = 0
            let start = position
            while let byte = current {
                switch byte {
                case UInt8(ascii: "\""):
                    guard readText() != nil else { return false }
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth == 0 { return position > start }
                    depth -= 1
                case UInt8(ascii: ","):
                    if depth == 0 { return position > start }
                default: break
                }
                position += 1
            }
            return false
        }

        private mutating func readText() -> String? {
            guard take("\"") else { return nil }
            var text: [UInt8] = []
            while let byte = current {
                position += 1
                if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
                guard byte == UInt8(ascii: "\\") else {
                    text.append(byte)
                    continue
                }
                guard let escaped = readEscape() else { return nil }
                text += Array(String(escaped).utf8)
            }
            return nil
        }

        private mutating func readEscape() -> Unicode.Scalar? {
            guard let byte = current else { return nil }
            position += 1
            switch byte {
            case UInt8(ascii: "n"): return "\n"
            case UInt8(ascii: "t"): return "\t"
            case UInt8(ascii: "r"): return "\r"
            case UInt8(ascii: "b"): return "\u{8}"
            case UInt8(ascii: "f"): return "\u{c}"
            case UInt8(ascii: "u"): return readUnicode()
            default: return Unicode.Scalar(byte)
            }
        }

        private mutating func readUnicode() -> Unicode.Scalar? {
            guard let first = readHex() else { return nil }
            guard (0xD800..<0xDC00).contains(first) else {
                return Unicode.Scalar(first) ?? "\u{FFFD}"
            }
            // A pair of surrogates is one character.
            guard current == UInt8(ascii: "\\") else { return "\u{FFFD}" }
            position += 1
            guard current == UInt8(ascii: "u") else { return nil }
            position += 1
            guard let second = readHex(), (0xDC00..<0xE000).contains(second) else {
                return "\u{FFFD}"
            }
            return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        }

        private mutating func readHex() -> UInt32? {
            guard position + 4 <= bytes.count else { return nil }
            let digits = String(decoding: bytes[position..<(position + 4)], as: UTF8.self)
            position += 4
            return UInt32(digits, radix: 16)
        }
    }
}
