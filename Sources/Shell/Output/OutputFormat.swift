/// Names a way to print results.
enum OutputFormat: String, CaseIterable {
    case table
    case vertical
    case csv
    case tsv
    case json
    case jsonl
    case markdown
}
