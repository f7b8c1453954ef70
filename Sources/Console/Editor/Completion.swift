// What Tab offers at a place of the text.

/// Lists what the word before the cursor may become.
package struct Completion: Equatable {
    package struct Candidate: Equatable {
        /// What replaces the word.
        package var text: String
        /// What follows when it is the only one: a blank, a parenthesis.
        package var suffix: String

        package init(text: String, suffix: String = "") {
            self.text = text
            self.suffix = suffix
        }
    }

    /// The characters before the cursor that a candidate replaces.
    package var replacedCount: Int
    package var candidates: [Candidate]

    package init(replacedCount: Int, candidates: [Candidate]) {
        self.replacedCount = replacedCount
        self.candidates = candidates
    }

    package static let none = Completion(replacedCount: 0, candidates: [])

    /// Returns a text with what was typed of it as it was typed; in capitals where that was, and the
    /// text has none of its own.
    static func text(_ text: String, continuing typed: String) -> String {
        guard text.lowercased().hasPrefix(typed.lowercased()) else { return text }
        let rest = String(text.dropFirst(typed.count))
        let isInCapitals = typed == typed.uppercased() && typed != typed.lowercased()
        return typed + (isInCapitals && text == text.lowercased() ? rest.uppercased() : rest)
    }

    /// Returns the longest beginning that all candidates have, letter case aside.
    package var sharedPrefix: String {
        guard let first = candidates.first?.text else { return "" }
        var prefix = Array(first)
        for candidate in candidates.dropFirst() {
            var count = 0
            for (left, right) in zip(prefix, candidate.text) {
                guard left.lowercased() == right.lowercased() else { break }
                count += 1
            }
            prefix.removeLast(prefix.count - count)
        }
        return String(prefix)
    }
}
