// A single value outside of vectors: literals, bounds of files, results at the library's surface.

/// Holds one value; its logical type stands beside it and says how to read it.
package enum Value: Hashable, Sendable {
    case null
    /// BOOLEAN (0 or 1), integers, the unscaled number of a DECIMAL, days of a DATE,
    /// microseconds of a DATETIME or TIME.
    case integer(Int128)
    /// FLOAT (exactly representable in 32 bits then) and DOUBLE.
    case floating(Double)
    /// Strings, binary and the text of JSON.
    case bytes([UInt8])
    /// ARRAY, the fields of a STRUCT, or keys and values of a MAP in turn.
    case list([Value])

    package static func text(_ text: some StringProtocol) -> Value { .bytes(Array(text.utf8)) }
    package static func boolean(_ flag: Bool) -> Value { .integer(flag ? 1 : 0) }

    package var isNull: Bool { self == .null }

    package var integer: Int128? {
        if case .integer(let number) = self { number } else { nil }
    }

    package var text: String? {
        if case .bytes(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }
}
