/// Names a way to print results.
package enum OutputFormat: String, CaseIterable {
    case table
    case vertical
    case csv
    case tsv
    case json
    case jsonl
    case markdown
    /// A file of its own rather than text: for one result, not for a terminal.
    case parquet

    /// Tells whether remarks about rows and time may stand below the result.
    package var isForPeople: Bool { self == .table || self == .vertical }
}
