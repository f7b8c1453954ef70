// Documents as values of SQL: a number of any spelling, a boolean, a text in which one stands.

import StarlingTypes

extension DocumentValue {
    /// True for a number, a boolean or a null that is spelt as one.
    private var isWellSpelt: Bool {
        switch kind {
        case .boolean: bytes.elementsEqual((isTrue ? "true" : "false").utf8)
        case .null: bytes.elementsEqual("null".utf8)
        case .number:
            isDigit(bytes[0])
                || bytes[0] == UInt8(ascii: "-") && bytes.count > 1 && isDigit(bytes[1])
        default: true
        }
    }

    package var isNull: Bool { kind == .null && isWellSpelt }

    /// The document as a whole number, without what stands behind the point.
    package var integer: Int128? {
        switch kind {
        case .number where isWellSpelt:
            if let number = parseInteger(bytes) { return number }
            return parseDouble(bytes).flatMap { Self.truncated($0) }
        case .boolean where isWellSpelt: return isTrue ? 1 : 0
        case .string:
            return withContent { content in
                parseInteger(content) ?? parseDouble(content).flatMap { Self.truncated($0) }
            }
        default: return nil
        }
    }

    private static func truncated(_ number: Double) -> Int128? {
        let whole = number.rounded(.towardZero)
        let limit = 0x1p127
        return whole >= -limit && whole < limit ? Int128(whole) : nil
    }

    package var double: Double? {
        switch kind {
        case .number where isWellSpelt: parseDouble(bytes)
        case .boolean where isWellSpelt: isTrue ? 1 : 0
        case .string: withContent { parseDouble($0) }
        default: nil
        }
    }

    package var boolean: Bool? {
        switch kind {
        case .boolean where isWellSpelt: isTrue
        case .number where isWellSpelt: parseDouble(bytes).map { $0 != 0 }
        case .string: withContent { parseBoolean($0) }
        default: nil
        }
    }

    /// Lends the content of a string.
    package func withContent<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        if isPlainString { return body(content) }
        var plain: [UInt8] = []
        appendContent(to: &plain)
        return plain.withUnsafeBytes { body($0) }
    }

    /// True where the bytes are what CAST to a string gives, without being looked at further.
    package var isPlainText: Bool {
        switch kind {
        case .number: isPlainlyCanonical(bytes)
        case .boolean: isWellSpelt
        default: false
        }
    }
}
