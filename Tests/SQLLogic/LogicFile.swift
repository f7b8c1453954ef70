// A sqllogictest file after parsing.

/// Holds a parsed file.
public struct LogicFile: Sendable {
    public var path: String
    public var lines: [String]
    public var records: [LogicRecord]
    /// The configurations that the file stays out of, with the reason.
    public var exceptions: [(configuration: String, reason: String)]
}
