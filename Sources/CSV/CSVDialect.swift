// How a file separates fields and rows.

import CPlatform

/// Holds the characters that have a meaning in a file.
struct CSVDialect: Sendable, Hashable {
    var separator: [UInt8] = [UInt8(ascii: ",")]
    /// A newline alone also ends rows that end with carriage return and newline.
    var newline: [UInt8] = [UInt8(ascii: "\n")]
    var quote: UInt8? = UInt8(ascii: "\"")
    /// Nil where a quote within quotes is written twice.
    var escape: UInt8?
    var trimsSpace = false
    /// Begins a line that is skipped.
    var comment: UInt8?

    /// True where separators can be found 64 bytes at a time.
    var isSimple: Bool {
        separator.count == 1 && newline.count == 1 && escape == nil && !trimsSpace
            && comment == nil
    }

    /// The dialect for the functions in C; only for simple ones.
    var masks: starling_dialect {
        starling_dialect(
            separator: separator[0], newline: newline[0], quote: quote ?? 0,
            has_quote: quote == nil ? 0 : 1)
    }
}
