// Regular expressions over terms, of RE2.

import StarlingErrors
import StarlingPatterns

/// Matches terms in which a regular expression finds something.
package struct TermExpression: Sendable, Hashable {
    package let pattern: [UInt8]
    private let expression: RegularExpression
    /// The terms between which all lie that match, where these are known.
    package let bounds: (low: [UInt8], high: [UInt8])?

    package init(_ pattern: [UInt8]) throws(StarlingError) {
        self.pattern = pattern
        expression = try .compiled(pattern, function: "match_regexp")
        bounds = RegularExpression.bounds(ofPattern: pattern)
    }

    package func matches(_ term: UnsafeRawBufferPointer) -> Bool { expression.matches(term) }

    package static func == (left: TermExpression, right: TermExpression) -> Bool {
        left.pattern == right.pattern
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(pattern) }
}
