// Words that don't belong in the repository: promises to come back, traps that a user could meet,
// and paths of the machine a change was made on.

import Testing

@Suite struct ForbiddenTextTests {
    @Test func nothingIsLeftForLater() {
        // Split, so that this file doesn't contain what it looks for.
        let words = ["TO" + "DO", "FIX" + "ME", "X" + "XX:", "HA" + "CK:"]
        var violations: [String] = []
        for path in Repository.shared.paths(ending: ".swift", ".c", ".h", ".py", ".sh", ".md") {
            violations += Self.places(of: words, in: path)
        }
        report(violations, rule: "finish it, or open an issue")
    }

    @Test func noPathsOfOneMachine() {
        let folders = ["/ho" + "me/", "/ro" + "ot/", "/wo" + "rk/", "/Us" + "ers/"]
        var violations: [String] = []
        let suffixes = [
            ".swift", ".c", ".h", ".py", ".sh", ".md", ".json", ".sql", ".slt", ".html",
        ]
        for path in Repository.shared.paths {
            guard suffixes.contains(where: path.hasSuffix) || path.hasPrefix("tools/") else {
                continue
            }
            violations += Self.places(of: folders, in: path)
        }
        report(violations, rule: "a path of one machine; use a relative or a temporary one")
    }

    @Test func sourcesDoNotTrap() {
        var violations: [String] = []
        for file in Repository.shared.swiftFiles where file.module != nil {
            for (index, line) in file.codeLines.enumerated() {
                let trap = ["fatalError(", "try!", "as! "].first {
                    line.contains($0)
                }
                if let trap { violations.append("\(file.path):\(index + 1) has \(trap)") }
            }
        }
        report(violations, rule: "throw a StarlingError, or make the case impossible by its type")
    }

    private static func places(of words: [String], in path: String) -> [String] {
        var violations: [String] = []
        let lines = Repository.shared.text(of: path).split(
            separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            for word in words where line.contains(word) {
                violations.append("\(path):\(index + 1) has \(word)")
            }
        }
        return violations
    }
}
