// The text of a path to its steps.

import StarlingTypes

extension DocumentPath {
    /// Compiles a path; nil where it is none, which finds nothing in any document.
    package init?(_ text: some Sequence<UInt8>) {
        self.init()
        var reader = PathReader(text: Array(text))
        guard reader.readPath(into: &self) else { return nil }
    }
}

/// Reads a path from left to right.
struct PathReader {
    let text: [UInt8]
    var position = 0

    init(text: [UInt8], position: Int = 0) {
        self.text = text
        self.position = position
    }

    var byte: UInt8? { position < text.count ? text[position] : nil }

    mutating func skipSpace() {
        while let byte, byte == UInt8(ascii: " ") { position += 1 }
    }

    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func readPath(into path: inout DocumentPath) -> Bool {
        skipSpace()
        guard byte != nil else { return false }
        if startsAtRoot {
            position += 1
        } else if byte != UInt8(ascii: "["), !readKey(into: &path) {
            return false
        }
        while let byte {
            switch byte {
            case UInt8(ascii: "."):
                position += 1
                if accept(".") {
                    path.append(.descendants)
                    if self.byte == UInt8(ascii: "[") { continue }
                    guard let byte = self.byte, byte != UInt8(ascii: ".") else { return false }
                }
                guard readKey(into: &path) else { return false }
            case UInt8(ascii: "["):
                guard readSelector(into: &path) else { return false }
            case UInt8(ascii: " "):
                skipSpace()
                guard self.byte == nil || self.byte == UInt8(ascii: "[") else { return false }
            default: return false
            }
        }
        return true
    }

    /// True at a `$` that is not the beginning of a key.
    private var startsAtRoot: Bool {
        guard byte == UInt8(ascii: "$") else { return false }
        guard position + 1 < text.count else { return true }
        return [UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: " ")]
            .contains(text[position + 1])
    }

    /// Reads a key up to the next point or bracket. An empty one is no step.
    mutating func readKey(into path: inout DocumentPath) -> Bool {
        if byte == UInt8(ascii: "\"") {
            guard let key = readQuoted() else { return false }
            path.append(key: key)
            return true
        }
        var key: [UInt8] = []
        var isPlain = true
        while let byte, byte != UInt8(ascii: "."), byte != UInt8(ascii: "[") {
            guard byte != UInt8(ascii: "]"), byte != UInt8(ascii: "\"") else { return false }
            position += 1
            if byte == UInt8(ascii: "\\"), let escaped = self.byte {
                isPlain = false
                key.append(escaped)
                position += 1
            } else {
                key.append(byte)
            }
        }
        if byte == UInt8(ascii: "[") {
            while key.last == UInt8(ascii: " ") { key.removeLast() }
        }
        if key == [UInt8(ascii: "*")], isPlain {
            path.append(.allMembers)
        } else if !key.isEmpty {
            path.append(key: key)
        }
        return true
    }

    /// Reads a text in the quotes that it starts with; a backslash takes the meaning from the next
    /// character.
    mutating func readQuoted() -> [UInt8]? {
        guard let quote = byte else { return nil }
        position += 1
        var result: [UInt8] = []
        while let byte {
            position += 1
            if byte == quote { return result }
            if byte == UInt8(ascii: "\\"), let escaped = self.byte {
                result.append(escaped)
                position += 1
            } else {
                result.append(byte)
            }
        }
        return nil
    }

    private mutating func readIndex() -> Int? {
        skipSpace()
        var number = 0
        let start = position
        while let byte, isDigit(byte) {
            guard number <= Int(Int32.max) / 10 else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
            position += 1
        }
        let hasDigits = position > start
        skipSpace()
        return hasDigits ? number : nil
    }

    /// Reads `[0]`, `[*]`, `[1:3]`, `["key"]` or `[?(…)]`.
    private mutating func readSelector(into path: inout DocumentPath) -> Bool {
        position += 1
        skipSpace()
        switch byte {
        case UInt8(ascii: "*"):
            position += 1
            path.append(.allElements)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            guard let key = readQuoted() else { return false }
            path.append(key: key)
        case UInt8(ascii: "?"):
            position += 1
            var conditions = ConditionReader(self)
            guard let condition = conditions.read() else { return false }
            position = conditions.reader.position
            path.append(.filter(condition))
        default:
            guard let first = readIndex() else { return false }
            if accept(":") {
                guard let end = readIndex() else { return false }
                path.append(.slice(first..<max(first, end)))
            } else {
                path.append(.element(first))
            }
        }
        skipSpace()
        return accept("]")
    }
}
