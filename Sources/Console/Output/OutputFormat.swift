/// Names a way to print results.
package enum OutputFormat: String, CaseIterable {
    case table
    case vertical
    case csv
    case tsv
    case json
    case jsonl
    case markdown

    /// Tells whether remarks about rows and time may stand below the result.
    package var isForPeople: Bool { self == .table || self == .vertical }
}
