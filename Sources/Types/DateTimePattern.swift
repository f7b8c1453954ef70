// The patterns of date_format() and str_to_date(): MySQL's, with a % before each field. A pattern
// is taken apart once and then used for many rows.

/// Describes how a date or datetime is written.
package struct DateTimePattern: Sendable {
    enum Part: Sendable, Hashable {
        case literal([UInt8])
        case field(UInt8)
    }

    let parts: [Part]

    package init(_ pattern: [UInt8]) {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var position = 0
        while position < pattern.count {
            let byte = pattern[position]
            position += 1
            guard byte == UInt8(ascii: "%"), position < pattern.count else {
                literal.append(byte)
                continue
            }
            let field = pattern[position]
            position += 1
            guard Self.fields.contains(field) else {
                literal.append(field)
                continue
            }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = []
            parts.append(.field(field))
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        // StarRocks also takes the letters that Java uses, as whole patterns.
        self.parts = Self.wholePatterns[pattern] ?? parts
    }

    private static let fields = Set("aAbBcDdeEfFHhIijkklmMpPrsSTUuVvWwXxYy".utf8)
        .subtracting("ABEFP".utf8)

    private static let wholePatterns: [[UInt8]: [Part]] = [
        Array("yyyyMMdd".utf8): [.field(0x59), .field(0x6D), .field(0x64)],
        Array("yyyy-MM-dd".utf8): [
            .field(0x59), .literal([0x2D]), .field(0x6D), .literal([0x2D]), .field(0x64),
        ],
        Array("yyyy-MM-dd HH:mm:ss".utf8): [
            .field(0x59), .literal([0x2D]), .field(0x6D), .literal([0x2D]), .field(0x64),
            .literal([0x20]), .field(UInt8(ascii: "T")),
        ],
    ]

    package static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
    /// From Monday on.
    package static let dayNames = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
}
