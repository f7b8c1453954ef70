// One record of a sqllogictest file: what is run and what is expected.

/// Holds a statement or query of a file with its expectation.
public struct LogicRecord: Sendable {
    public enum Expectation: Sendable {
        /// The statement succeeds.
        case success
        /// The statement fails; the text is part of the message, or a regular expression in it.
        case failure(String)
        /// The query gives these lines.
        case rows(RowExpectation)
    }

    /// The line of the record's first word, counted from 1.
    public var line: Int
    public var sql: String
    public var expectation: Expectation
    /// Why the record does not run, where `skipif` or `onlyif` says so, by the name they give.
    public var conditions: [Condition] = []

    public struct Condition: Sendable {
        public var isSkip: Bool
        /// `starling`, or a configuration's name.
        public var name: String
        public var reason: String
    }
}

/// Holds what a query is expected to give.
public struct RowExpectation: Sendable {
    public enum Order: String, Sendable {
        case nosort, rowsort, valuesort
    }

    /// A letter a column; see `typeLetter`. Nil where the file does not say.
    public var types: String?
    public var order: Order
    /// Queries of one label give the same lines.
    public var label: String?
    public var lines: [String]
    /// The indices of the expected lines among the file's lines; empty behind `----`.
    public var lineRange: Range<Int>
}

/// Holds a parsed file.
public struct LogicFile: Sendable {
    public var path: String
    public var lines: [String]
    public var records: [LogicRecord]
    /// The configurations that the file stays out of, with the reason.
    public var exceptions: [(configuration: String, reason: String)]
}

/// Reports a file that is not in sqllogictest form, or one whose statements do other things than
/// it says.
public struct LogicFailure: Error, CustomStringConvertible, Sendable {
    public var path: String
    public var line: Int
    public var message: String

    public var description: String { "\(path):\(line): \(message)" }
}
