// The table of modules in ARCHITECTURE.md, which says what each module may import and whether it
// may touch raw memory. The rules take it for the law and Package.swift for the facts.

/// Holds the module table of ARCHITECTURE.md.
struct ArchitecturePage {
    struct Row {
        let module: String
        let imports: [String]
        let mayTouchRawMemory: Bool
    }

    let rows: [Row]

    init(text: String) {
        var rows: [Row] = []
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
            guard cells.count == 6 else { continue }
            let names = Self.quotedNames(cells[1])
            guard let module = names.first else { continue }
            let memory = cells[4].drop { $0 == " " }
            rows.append(
                Row(
                    module: module, imports: Self.quotedNames(cells[2]),
                    mayTouchRawMemory: memory.hasPrefix("yes")))
        }
        self.rows = rows
    }

    static func load() -> ArchitecturePage {
        ArchitecturePage(text: Repository.shared.text(of: "ARCHITECTURE.md"))
    }

    /// Lists what stands between backticks.
    private static func quotedNames(_ cell: Substring) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }
}
