// The words of sql_mode: those that do something, those that say what is so anyway, and those of
// StarRocks and MySQL that are accepted and do nothing.

import StarlingErrors

/// Knows the names that `sql_mode` takes.
enum SQLModes {
    static let effective = [
        "ALLOW_THROW_EXCEPTION", "ANSI", "ANSI_QUOTES", "ERROR_IF_OVERFLOW", "PIPES_AS_CONCAT",
    ]

    private static let given = [
        "ERROR_FOR_DIVISION_BY_ZERO", "FORBID_INVALID_DATE", "NO_ENGINE_SUBSTITUTION",
        "NO_ZERO_DATE", "NO_ZERO_IN_DATE", "ONLY_FULL_GROUP_BY", "STRICT_ALL_TABLES",
        "STRICT_TRANS_TABLES", "TRADITIONAL", "NO_AUTO_CREATE_USER",
    ]

    private static let inert = [
        "ALLOW_INVALID_DATES", "DOUBLE_LITERAL", "GROUP_CONCAT_LEGACY",
        "HIGH_NOT_PRECEDENCE", "IGNORE_SPACE", "INVALID_DATES", "NOT_USED",
        "NO_AUTO_VALUE_ON_ZERO", "NO_BACKSLASH_ESCAPES", "NO_DIR_IN_CREATE",
        "NO_UNSIGNED_SUBTRACTION", "PAD_CHAR_TO_FULL_LENGTH", "REAL_AS_FLOAT", "SORT_NULLS_LAST",
        "TIME_TRUNCATE_FRACTIONAL",
    ]

    /// Splits a value into its words, in upper case.
    static func words(of text: String) -> [String] {
        text.uppercased().split(separator: ",").map {
            String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }

    static func check(_ text: String) throws(StarlingError) {
        for word in words(of: text) where !(effective + given + inert).contains(word) {
            let near = nearestName(to: word, among: effective + given + inert)
            throw StarlingError(
                .binding,
                "there is no sql_mode '\(word)'"
                    + (near.map { "; did you mean '\($0)'?" }
                        ?? "; with an effect are \(effective.joined(separator: ", "))"))
        }
    }

    static func withoutEffect(in text: String) -> [String] {
        words(of: text).filter(inert.contains)
    }
}
