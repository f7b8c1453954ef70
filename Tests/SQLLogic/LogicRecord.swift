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
