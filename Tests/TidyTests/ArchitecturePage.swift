// The tables of ARCHITECTURE.md: that of modules, which says what each may import and whether it may
// touch raw memory, and that of new things, which names the places they go to. The rules take the
// page for the law and Package.swift for the facts.

/// Holds what ARCHITECTURE.md promises.
struct ArchitecturePage {
    struct Row {
        let module: String
        let imports: [String]
        let mayTouchRawMemory: Bool
    }

    let rows: [Row]
    /// The paths under "Where does a new thing go?", each from the repository's root.
    let placesOfNewThings: [String]

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
        placesOfNewThings = Self.paths(inSection: "## Where does a new thing go?", of: text)
    }

    static func load() -> ArchitecturePage {
        ArchitecturePage(text: Repository.shared.text(of: "ARCHITECTURE.md"))
    }

    /// Lists the words between backticks that are paths: they hold a slash or end as a source does.
    private static func paths(inSection heading: Substring, of text: String) -> [String] {
        let lines = text.split(separator: "\n").drop { $0 != heading }.dropFirst()
        return lines.prefix { !$0.hasPrefix("## ") }.flatMap(quotedNames)
            .flatMap { $0.split(separator: " ").map(String.init) }
            .filter { $0.contains("/") || $0.hasSuffix(".swift") }
    }

    /// Lists what stands between backticks.
    private static func quotedNames(_ cell: Substring) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }
}
