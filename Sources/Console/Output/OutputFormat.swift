import StarlingErrors

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

    static let names = allCases.map(\.rawValue)

    /// Says why something is no format, to who takes one.
    static func refusal(of name: String, by asker: String) -> String {
        let near = nearestName(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
        return "\(asker) takes one of \(names.joined(separator: ", ")), not '\(name)'\(near)"
    }

    /// Tells whether remarks about rows and time may stand below the result.
    package var isForPeople: Bool { self == .table || self == .vertical }
}
