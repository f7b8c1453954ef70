// What Tab offers at a place of a statement (`CompletionPlace` tells which it is): names of what is
// there, functions, keywords, settings, files inside quotes, and the shell's own commands.

import Starling

package struct Completer {
    private let session: Session

    package init(_ session: Session) { self.session = session }

    package func complete(_ buffer: EditBuffer) -> Completion {
        let before = buffer.characters[..<buffer.cursor]
        if before.first == ".", !before.contains("\n") {
            return completeCommand(before.dropFirst())
        }
        if let (mark, text) = Self.openQuotation(before) {
            return mark == "`"
                ? completeQuotedName(text, in: buffer.text) : Self.offerPaths(text, closing: mark)
        }
        let word = String(before.suffix(buffer.cursor - Self.wordStart(before)))
        let rest = before.dropLast(word.count)
        if rest.last == "." { return completeMember(word, behind: rest, in: buffer.text) }
        let place = CompletionPlace(behind: String(rest))
        let candidates: [Completion.Candidate]
        switch place {
        case .expression:
            candidates = word.isEmpty ? [] : expressions(word, in: buffer.text)
        case .keyword: candidates = word.isEmpty ? [] : keywords(word)
        case .relation: candidates = relations(word)
        case .table(let kind):
            let tables = names(session.tableNames(ofKind: kind))
            candidates = tables + (word.isEmpty ? [] : databases)
        case .database: candidates = names(session.databaseNames)
        case .setting: candidates = names(session.settingNames)
        case .function: candidates = names(session.userFunctionNames)
        case .newName: candidates = []
        }
        return Self.offer(candidates, for: word)
    }

    // MARK: Places

    private func expressions(_ word: String, in statement: String) -> [Completion.Candidate] {
        let named = Set(StatementNames(statement).tables.map(\.name)).sorted()
        // The select list is typed before the tables are.
        let tables = named.isEmpty ? session.tableNames : named
        return names(tables.flatMap { session.columnNames(of: $0) } + session.tableNames)
            + calls(Session.functionNames + session.userFunctionNames) + keywords(word)
    }

    private func relations(_ word: String) -> [Completion.Candidate] {
        let tables = names(session.tableNames)
        return word.isEmpty ? tables : tables + databases + calls(Session.tableFunctionNames)
    }

    private var databases: [Completion.Candidate] {
        session.databaseNames.map { Self.candidate($0, suffix: ".") }
    }

    private func keywords(_ word: String) -> [Completion.Candidate] {
        let isLower = word == word.lowercased()
        return Session.keywords.map {
            Completion.Candidate(text: isLower ? $0.lowercased() : $0, suffix: " ")
        }
    }

    private func names(_ names: [String]) -> [Completion.Candidate] {
        names.map { Self.candidate($0) }
    }

    private func calls(_ names: [String]) -> [Completion.Candidate] {
        names.map { Self.candidate($0, suffix: "(") }
    }

    /// Completes what stands behind a name and a point.
    private func completeMember(
        _ word: String, behind rest: ArraySlice<Character>, in statement: String
    ) -> Completion {
        let start = Self.wordStart(rest.dropLast())
        let owner = String(rest[start..<(rest.endIndex - 1)])
        let tables = names(session.tableNames(in: owner))
        switch CompletionPlace(behind: String(rest[..<start])) {
        case .relation, .table, .function: return Self.offer(tables, for: word)
        default: break
        }
        if CompletionPlace(behind: String(rest)) == .setting {
            return Self.offer(names(session.settingNames), for: word)
        }
        let table = StatementNames(statement).table(named: owner) ?? owner
        let columns = names(session.columnNames(of: table))
        return Self.offer(columns.isEmpty ? tables : columns, for: word)
    }

    private func completeQuotedName(_ text: String, in statement: String) -> Completion {
        let named = StatementNames(statement).tables.map(\.name)
        let all = session.tableNames + named.flatMap { session.columnNames(of: $0) }
        return Self.offer(all.map { Completion.Candidate(text: $0, suffix: "`") }, for: text)
    }

    // MARK: Commands

    private func completeCommand(_ line: ArraySlice<Character>) -> Completion {
        let read = CommandLine(String(line)[...])
        guard read.words.count > 1 || read.endsBehindWord, let name = read.words.first else {
            let commands = DotCommand.all.map {
                Completion.Candidate(text: ".\($0.name)", suffix: $0.arguments.isEmpty ? "" : " ")
            }
            return Self.offer(commands, for: "." + String(line))
        }
        guard case .command(let command) = DotCommand.meaning(of: name.text),
            read.words.count == (read.endsBehindWord ? 1 : 2)
        else { return .none }
        let word = read.endsBehindWord ? "" : read.words[1].text
        let candidates: [Completion.Candidate]
        switch command.takes {
        case .none: candidates = []
        case .choice(let choices): candidates = choices.map { Completion.Candidate(text: $0) }
        case .table where read.openMark == nil: candidates = names(session.tableNames)
        case .table:
            candidates = session.tableNames.map {
                Completion.Candidate(text: $0, suffix: String(read.openMark ?? "`"))
            }
        case .path where read.openMark == nil:
            candidates = pathsBeginning(with: word).map {
                let isPlain = !$0.contains(where: { " \t;'\"`".contains($0) })
                return Completion.Candidate(text: isPlain ? $0 : quotedText($0))
            }
            return Completion(replacedCount: word.count, candidates: candidates)
        case .path: return Self.offerPaths(word, closing: read.openMark)
        }
        return Self.offer(candidates, for: word)
    }

    // MARK: Words

    /// Offers the candidates that a word may become.
    private static func offer(
        _ candidates: [Completion.Candidate], for word: String
    ) -> Completion {
        let prefix = word.lowercased()
        var seen: Set<String> = []
        return Completion(
            replacedCount: word.count,
            candidates: candidates.filter {
                // A name that needs quotes is known by what stands inside them.
                let name = $0.text.first == "`" ? $0.text.dropFirst() : $0.text[...]
                return name.lowercased().hasPrefix(prefix)
                    && seen.insert($0.text.lowercased()).inserted
            })
    }

    /// Offers files and folders; a file ends the quotation.
    private static func offerPaths(_ text: String, closing mark: Character?) -> Completion {
        Completion(
            replacedCount: text.count,
            candidates: pathsBeginning(with: text).map {
                Completion.Candidate(
                    text: $0, suffix: $0.hasSuffix("/") ? "" : mark.map { String($0) } ?? "")
            })
    }

    /// Makes a candidate of a name, in quotes where it needs them.
    private static func candidate(_ name: String, suffix: String = "") -> Completion.Candidate {
        let isPlain = name.allSatisfy(\.isWordPart) && name.first?.isNumber == false
        return Completion.Candidate(text: isPlain ? name : quoted(name), suffix: suffix)
    }

    private static func wordStart(_ characters: ArraySlice<Character>) -> Int {
        var position = characters.endIndex
        while position > characters.startIndex, characters[position - 1].isWordPart {
            position -= 1
        }
        return position
    }

    /// Returns the quotation mark that is still open, and what stands behind it.
    private static func openQuotation(
        _ characters: ArraySlice<Character>
    ) -> (mark: Character, text: String)? {
        var start = 0
        var mark: Character?
        for (position, character) in characters.enumerated() {
            if character == mark {
                mark = nil
            } else if mark == nil, character == "'" || character == "\"" || character == "`" {
                mark = character
                start = position + 1
            }
        }
        return mark.map { ($0, String(characters.dropFirst(start))) }
    }
}
