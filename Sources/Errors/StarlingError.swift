// Every failure that a user can meet: who must act, what happened, and where in the SQL text.

/// Reports a failure to the caller of the engine.
///
/// Nothing that a user or a file supplies may trap; it ends in one of these.
package struct StarlingError: Error, Sendable, Equatable {
    /// Says who must act.
    package enum Kind: String, Sendable, CaseIterable {
        /// The text is not SQL that Starling reads.
        case syntax
        /// A name, type or argument does not fit.
        case binding
        /// A value met while running cannot be processed: overflow, a cast that is not allowed.
        case data
        /// Memory, disk or another limit is used up.
        case resource
        /// The user or a time limit stopped the query.
        case cancelled
        /// A file is missing, damaged or not readable.
        case file
        /// The request is understood and not available.
        case unsupported
        /// An invariant of the engine does not hold: a defect of Starling.
        case `internal`
    }

    package var kind: Kind
    /// Names the thing, the place and, where there is one, the remedy.
    package var message: String
    /// The place in the SQL text, where there is one.
    package var range: TextRange?
    /// What it is about, for those who know the place of that.
    package var part: PropertyPart?

    package init(
        _ kind: Kind, _ message: String, at range: TextRange? = nil,
        about part: PropertyPart? = nil
    ) {
        self.kind = kind
        self.message = message
        self.range = range
        self.part = part
    }

    /// Names the property that an error is about, where it says nothing of that.
    package func about(_ part: PropertyPart) -> StarlingError {
        guard range == nil, self.part == nil else { return self }
        var copy = self
        copy.part = part
        return copy
    }

    /// Adds a place to an error that has none.
    package func located(at range: TextRange?) -> StarlingError {
        guard self.range == nil else { return self }
        var copy = self
        copy.range = range
        return copy
    }

    /// Adds a place to an error over values, which has none; of limits and files no word is the
    /// cause.
    package func locatedIfData(at range: TextRange?) -> StarlingError {
        kind == .data ? located(at: range) : self
    }

    /// Adds a place to an error over the rows of a table: a damaged file's, or one of values.
    package func locatedIfOfRows(at range: TextRange?) -> StarlingError {
        kind == .file || kind == .data ? located(at: range) : self
    }
}

extension StarlingError: CustomStringConvertible {
    package var description: String { "\(kind.rawValue) error: \(message)" }
}
