// Replaces what stands in comments and string literals by blanks, byte for byte, keeping line
// breaks. Code inside an interpolation is blanked with its literal: no rule needs it.

/// Walks over a Swift text once, deciding for each byte whether it is code.
struct CodeBlanker {
    private let bytes: [UInt8]
    private var result: [UInt8] = []
    private var position = 0

    static func blank(_ text: String) -> String {
        var blanker = CodeBlanker(bytes: Array(text.utf8))
        blanker.walk()
        return String(decoding: blanker.result, as: UTF8.self)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        result.reserveCapacity(bytes.count)
    }

    private mutating func walk() {
        while position < bytes.count {
            if starts(with: "//") {
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { hide() }
            } else if starts(with: "/*") {
                walkBlockComment()
            } else if let hashes = hashesBeforeQuote() {
                walkLiteral(hashes: hashes)
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
    }

    private mutating func walkBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                hide(2)
            } else if starts(with: "*/") {
                depth -= 1
                hide(2)
            } else {
                hide()
            }
        } while depth > 0 && position < bytes.count
    }

    /// Counts the `#` before a string literal that begins here; nil where none begins.
    private func hashesBeforeQuote() -> Int? {
        var end = position
        while end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return nil }
        return end - position
    }

    private mutating func walkLiteral(hashes: Int) {
        let fence = String(repeating: "#", count: hashes)
        hide(hashes)
        let quotes = starts(with: "\"\"\"") ? "\"\"\"" : "\""
        let closing = quotes + fence
        let escape = "\\" + fence
        hide(quotes.utf8.count)
        while position < bytes.count {
            if starts(with: closing) {
                hide(closing.utf8.count)
                return
            } else if starts(with: escape + "(") {
                hide(escape.utf8.count)
                walkInterpolation()
            } else if starts(with: escape) {
                hide(escape.utf8.count + 1)
            } else if quotes == "\"", bytes[position] == UInt8(ascii: "\n") {
                return
            } else {
                hide()
            }
        }
    }

    private mutating func walkInterpolation() {
        var depth = 0
        repeat {
            if let hashes = hashesBeforeQuote() {
                walkLiteral(hashes: hashes)
                continue
            }
            if bytes[position] == UInt8(ascii: "(") { depth += 1 }
            if bytes[position] == UInt8(ascii: ")") { depth -= 1 }
            hide()
        } while depth > 0 && position < bytes.count
    }

    private func starts(with text: String) -> Bool {
        var index = position
        for byte in text.utf8 {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private mutating func hide(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            let isBreak = bytes[position] == UInt8(ascii: "\n")
            result.append(isBreak ? UInt8(ascii: "\n") : UInt8(ascii: " "))
            position += 1
        }
    }
}
