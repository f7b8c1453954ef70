// What can stand at a place of a statement: tables behind FROM, columns of the tables that the
// statement names (of all while it names none), functions, keywords, files inside quotes, and the
// shell's own commands.

import Starling

package struct Completer {
    private let session: Session

    package init(_ session: Session) { self.session = session }

    package func complete(_ buffer: EditBuffer) -> Completion {
        let before = buffer.characters[..<buffer.cursor]
        if before.first == ".", !before.contains("\n") { return completeCommand(String(before)) }
        if let path = Self.openQuotation(before) {
            return Self.offer(pathsBeginning(with: path), for: path.count)
        }
        let word = String(before.suffix(buffer.cursor - Self.wordStart(before)))
        let rest = before.dropLast(word.count)
        if rest.last == "." {
            let owner = String(
                rest.dropLast().suffix(
                    rest.count - 1 - Self.wordStart(rest.dropLast())))
            let table = StatementNames(buffer.text).table(named: owner) ?? owner
            return Self.offer(session.columnNames(of: table), for: word)
        }
        if StatementNames.expectsTable(String(rest)) {
            return Self.offer(session.tableNames, for: word)
        }
        return word.isEmpty ? .none : completeWord(word, in: buffer.text)
    }

    private func completeWord(_ word: String, in statement: String) -> Completion {
        let named = Set(StatementNames(statement).tables.map(\.name)).sorted()
        // The select list is typed before the tables are.
        let tables = named.isEmpty ? session.tableNames : named
        let columns = tables.flatMap { session.columnNames(of: $0) }
        let isLower = word == word.lowercased()
        let keywords = Session.keywords.map { isLower ? $0.lowercased() : $0 }
        var candidates = Self.matching(columns + session.tableNames, word).map {
            Completion.Candidate(text: $0)
        }
        candidates += Self.matching(Session.functionNames, word).map {
            Completion.Candidate(text: $0, suffix: "(")
        }
        candidates += Self.matching(keywords, word).map {
            Completion.Candidate(text: $0, suffix: " ")
        }
        return Completion(replacedCount: word.count, candidates: Self.distinct(candidates))
    }

    private func completeCommand(_ text: String) -> Completion {
        let words = text.dropFirst().split(separator: " ", omittingEmptySubsequences: false)
        guard words.count > 1, let name = words.first, let last = words.last else {
            let names = DotCommand.all.map {
                Completion.Candidate(
                    text: ".\($0.name)", suffix: $0.arguments.isEmpty ? "" : " ")
            }
            return Completion(
                replacedCount: text.count,
                candidates: names.filter { $0.text.hasPrefix(text.lowercased()) })
        }
        switch name {
        case "mode": return Self.offer(OutputFormat.allCases.map(\.rawValue), for: String(last))
        case "timer": return Self.offer(["on", "off"], for: String(last))
        case "schema", "tables": return Self.offer(session.tableNames, for: String(last))
        case "read", "output", "sample":
            return Self.offer(pathsBeginning(with: String(last)), for: last.count)
        default: return .none
        }
    }

    // MARK: Words

    private static func offer(_ names: [String], for word: String) -> Completion {
        offer(matching(names, word), for: word.count)
    }

    private static func offer(_ names: [String], for count: Int) -> Completion {
        Completion(
            replacedCount: count,
            candidates: distinct(names.map { Completion.Candidate(text: $0) }))
    }

    private static func matching(_ names: [String], _ word: String) -> [String] {
        let prefix = word.lowercased()
        return names.filter { $0.lowercased().hasPrefix(prefix) }
    }

    private static func distinct(
        _ candidates: [Completion.Candidate]
    ) -> [Completion.Candidate] {
        var seen: Set<String> = []
        return candidates.filter { seen.insert($0.text.lowercased()).inserted }
    }

    private static func wordStart(_ characters: ArraySlice<Character>) -> Int {
        var position = characters.endIndex
        while position > characters.startIndex, characters[position - 1].isWordPart {
            position -= 1
        }
        return position
    }

    /// Returns what stands behind a quotation mark that is still open.
    private static func openQuotation(_ characters: ArraySlice<Character>) -> String? {
        var start: Int?
        var mark: Character = "'"
        for (position, character) in characters.enumerated() {
            if let _ = start {
                if character == mark { start = nil }
            } else if character == "'" || character == "\"" {
                start = position + 1
                mark = character
            }
        }
        return start.map { String(characters.dropFirst($0)) }
    }
}
