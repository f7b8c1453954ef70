// What can stand at a place of an unfinished statement. It cannot be parsed yet: the words before the
// place must do.

/// Names what a place of a statement takes.
package enum CompletionPlace: Equatable {
    /// Columns, functions and keywords.
    case expression
    /// Words of a statement's beginning.
    case keyword
    /// What rows come from: tables, functions that give tables.
    case relation
    /// Tables of a kind as the catalog calls it, or of all.
    case table(kind: String?)
    case database
    case setting
    /// A function that a person has made.
    case function
    /// A name that isn't there yet.
    case newName

    /// Statements that begin with words before they name anything.
    private static let wordy: Set = [
        "alter", "analyze", "create", "drop", "optimize", "refresh", "repair", "show", "truncate",
    ]
    /// Words that can stand between those and the kind of what is named.
    private static let qualifiers: Set = [
        "create", "external", "full", "global", "materialized", "or", "replace", "temporary",
    ]
    /// What SHOW tells of a table and not of a database.
    private static let tellOfTable: Set = [
        "columns", "fields", "index", "indexes", "key", "keys", "partitions", "paths", "snapshots",
        "stats",
    ]
    private static let scopes: Set = ["global", "session", "local"]

    /// Finds out what can stand behind a text.
    package init(behind text: String) {
        let all = StatementNames.words(of: text)
        let start = all.lastIndex(of: ";").map { $0 + 1 } ?? 0
        let words = all[start...].map { $0.lowercased() }
        self =
            Self.ofSettings(words) ?? Self.ofDefinitions(words) ?? Self.ofRelations(words)
            ?? (Self.isBeginning(words) ? .keyword : .expression)
    }

    private static func ofSettings(_ words: [String]) -> CompletionPlace? {
        if words.suffix(2) == ["@", "@"] { return .setting }
        if words.count > 3, words.last == ".", scopes.contains(words[words.count - 2]),
            words[words.count - 3] == "@"
        {
            return .setting
        }
        guard words.first == "set", let last = words.last else { return nil }
        return words.count == 1 || scopes.contains(last) || last == "," ? .setting : nil
    }

    /// Finds the kind of thing that a word before has announced.
    private static func ofDefinitions(_ given: [String]) -> CompletionPlace? {
        var words = given
        for word in ["exists", "not", "if"] where words.last == word { words.removeLast() }
        let place: CompletionPlace
        switch words.last {
        case "table": place = .table(kind: "table")
        case "view":
            let isMaterialized = words.dropLast().last == "materialized"
            place = .table(kind: isMaterialized ? "materialized view" : "view")
        case "function" where words.count > 1: place = .function
        case "database" where words.count > 1, "schema" where words.count > 1, "use":
            place = .database
        case "desc" where words.count == 1, "describe": place = .table(kind: nil)
        default: return nil
        }
        let makes = words.first == "create" || words.contains("rename")
        return makes ? .newName : place
    }

    private static func ofRelations(_ words: [String]) -> CompletionPlace? {
        guard let last = words.last else { return nil }
        if words.first == "show" {
            guard last == "from" || last == "in" else { return nil }
            let earlier = words.dropLast()
            let isOfTable =
                earlier.contains(where: tellOfTable.contains)
                && !earlier.contains(where: { $0 == "from" || $0 == "in" })
            return isOfTable ? .table(kind: nil) : .database
        }
        switch last {
        case "from", "join": return .relation
        case "into", "update": return .table(kind: "table")
        case ",":
            let clause = words.last(where: StatementNames.isClause)
            return clause == "from" ? .relation : nil
        default: return nil
        }
    }

    /// Tells whether only words of the language can follow.
    private static func isBeginning(_ words: [String]) -> Bool {
        guard let first = words.first else { return true }
        return wordy.contains(first)
            && words.dropFirst().allSatisfy(qualifiers.contains)
    }
}
