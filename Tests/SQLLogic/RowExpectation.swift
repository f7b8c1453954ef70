// The rows that a query of a file must give.

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
