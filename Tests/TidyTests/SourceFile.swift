// A Swift file as the rules see it: its text, and its code, which is the text with the contents of
// comments and string literals replaced by blanks, so that words in them are not taken for code.

/// Holds a Swift file's lines, as written and as code alone.
struct SourceFile {
    let path: String
    let lines: [Substring]
    let codeLines: [Substring]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let code = CodeBlanker.blank(text)
        codeLines = code.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// Names the file without folder and extension.
    var name: String {
        String(path.split(separator: "/").last?.split(separator: ".").first ?? "")
    }

    /// Names the folder under `Sources`, which is the module's name without its prefix.
    var module: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }

    /// Calls `body` with each word of the code and the number of its line, from 1.
    func forEachWord(_ body: (_ word: Substring, _ line: Int) -> Void) {
        for (index, line) in codeLines.enumerated() {
            for word in line.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) {
                body(word, index + 1)
            }
        }
    }
}
