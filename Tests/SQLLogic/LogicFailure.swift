// What is wrong with a file, or with what it tests.

/// Reports a file that is not in sqllogictest form, or one whose statements do other things than
/// it says.
public struct LogicFailure: Error, CustomStringConvertible, Sendable {
    public var path: String
    public var line: Int
    public var message: String

    public var description: String { "\(path):\(line): \(message)" }
}
