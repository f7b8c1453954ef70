// The error that users of the library see.

import StarlingErrors
import StarlingSyntax

/// Reports why a statement failed: who must act, what happened and where in the SQL text.
public struct DatabaseError: Error, Sendable {
    /// Says who must act.
    public enum Kind: String, Sendable {
        /// The text is not SQL that Starling reads.
        case syntax
        /// A name, type or argument does not fit.
        case binding
        /// A value cannot be processed: overflow, division, a cast that is not allowed.
        case data
        /// Memory, disk or another limit is used up.
        case resource
        /// The user or a time limit stopped the query.
        case cancelled
        /// A file is missing, damaged or not readable.
        case file
        /// The request is understood and not available.
        case unsupported
        /// A defect of Starling.
        case `internal`
    }

    public let kind: Kind
    /// Names the thing, the place and, where there is one, the remedy.
    public let message: String
    /// The UTF-8 offset in the SQL text, where there is one.
    public let position: Int?
    /// The line of the text with a caret below the place, where there is one.
    public let excerpt: String?

    init(_ error: StarlingError, in sql: String) {
        kind = Kind(rawValue: error.kind.rawValue) ?? .internal
        message = error.message
        position = error.range?.start
        excerpt = error.range.map { SourceExcerpt(of: sql, at: $0).rendered }
    }
}

extension DatabaseError: CustomStringConvertible {
    public var description: String {
        let head = "\(kind.rawValue) error: \(message)"
        return excerpt.map { "\(head)\n\($0)" } ?? head
    }
}
