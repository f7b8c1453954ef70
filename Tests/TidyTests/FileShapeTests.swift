// Each file says what it is, is short enough to be read at once, and is named for what it holds.

import Testing

@Suite struct FileShapeTests {
    @Test func filesOpenWithWhatTheyAre() {
        let repository = Repository.shared
        var violations: [String] = []
        let code = repository.paths(ending: ".swift", ".c", ".h", ".py", ".sh", ".sql")
        let tools = repository.paths.filter {
            ($0.hasPrefix("tools/") || $0.hasPrefix(".ci/")) && !$0.dropFirst().contains(".")
        }
        for path in code + tools {
            let isSwift = path.hasSuffix(".swift")
            // A suite is named for what it tests, which is all that there is to say of most.
            guard !path.hasSuffix("Tests.swift") else { continue }
            let opening = repository.text(of: path).split(separator: "\n").first { line in
                // A shebang, the tools version and a file's imports may come before the comment.
                let isImport = isSwift && line.split(separator: " ").contains("import")
                let isMark = line.hasPrefix("#!") || line.hasPrefix("// swift-tools-version")
                return !isMark && (!isImport || line.hasPrefix("//"))
            }
            let openers = ["//", "/*", "# ", "\"\"\"", "--"]
            if !openers.contains(where: (opening ?? "").hasPrefix) { violations.append(path) }
        }
        report(violations, rule: "a file opens with a comment that says what it is")
    }

    @Test func filesAreShort() {
        let repository = Repository.shared
        var violations: [String] = []
        for path in repository.paths(ending: ".swift", ".c", ".h", ".py") {
            let lines = repository.text(of: path).split(
                separator: "\n", omittingEmptySubsequences: false)
            let hasReason = lines.prefix(30).contains { $0.contains("Long because: ") }
            if lines.count > 1_000 || (lines.count > 600 && !hasReason) {
                violations.append("\(path) has \(lines.count) lines")
            }
        }
        report(
            violations, rule: "past 600 the header says `Long because: …`, and 1,000 is a defect")
    }

    @Test func namesSayWhatIsInside() {
        var violations: [String] = []
        for file in Repository.shared.swiftFiles {
            if Self.isVague(Substring(file.name)) { violations.append(file.path) }
            for (index, line) in file.codeLines.enumerated() {
                let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
                let kinds = ["struct", "class", "enum", "protocol", "actor", "typealias"]
                guard let kind = words.firstIndex(where: { kinds.contains(String($0)) }) else {
                    continue
                }
                if kind + 1 < words.count, Self.isVague(words[kind + 1]) {
                    violations.append("\(file.path):\(index + 1) names \(words[kind + 1])")
                }
            }
        }
        report(violations, rule: "ask what these functions have in common; the answer is the name")
    }

    /// Tells whether one of the words of a camel-case name says nothing.
    private static func isVague(_ name: Substring) -> Bool {
        // The field's own terms: common table expressions, common subplans.
        guard !name.hasPrefix("CommonTable"), !name.hasPrefix("CommonSub") else { return false }
        var words: [String] = []
        for character in name {
            if character.isUppercase || words.isEmpty { words.append("") }
            words[words.count - 1].append(character)
        }
        let vague: Set = [
            "Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Common", "Manager",
            "Misc",
        ]
        return words.contains { vague.contains($0) }
    }
}
