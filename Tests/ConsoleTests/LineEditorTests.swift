import StarlingConsole
import Testing

@Suite struct LineEditorTests {
    private func makeEditor(history: [String] = []) -> LineEditor {
        LineEditor(
            history: History(history), isReady: { $0.hasSuffix(";") },
            complete: { buffer in
                let word = String(buffer.text.split(separator: " ").last ?? "")
                let names = ["nation", "nationkey", "name", "region"].filter {
                    $0.hasPrefix(word.lowercased())
                }
                return Completion(
                    replacedCount: word.count, candidates: names.map { .init(text: $0) })
            })
    }

    /// Feeds bytes as a terminal would send them; returns what they led to last.
    private func type(_ bytes: String, into editor: inout LineEditor) -> LineEditor.Outcome {
        var decoder = KeyDecoder()
        var outcome = LineEditor.Outcome.editing
        for byte in bytes.utf8 {
            if let key = decoder.feed(byte) { outcome = editor.handle(key) }
        }
        return outcome
    }

    @Test func enterBeginsALineUntilTheStatementIsComplete() {
        var editor = makeEditor()
        #expect(type("SELECT 1\r", into: &editor) == .editing)
        #expect(type("+ 2;\r", into: &editor) == .submitted("SELECT 1\n+ 2;"))
        #expect(editor.buffer.isEmpty)
    }

    @Test func movementAndDeletion() {
        var editor = makeEditor()
        // Home, a letter, end, a letter; then a word back and Ctrl-K.
        _ = type("bc de\u{1}a\u{5}f", into: &editor)
        #expect(editor.buffer.text == "abc def")
        _ = type("\u{1B}b\u{B}", into: &editor)
        #expect(editor.buffer.text == "abc ")
        _ = type("\u{19}\u{19}", into: &editor)
        #expect(editor.buffer.text == "abc defdef")
        _ = type("\u{17}", into: &editor)
        #expect(editor.buffer.text == "abc ")
        _ = type("\u{15}", into: &editor)
        #expect(editor.buffer.isEmpty)
    }

    @Test func accentsJoinTheirLetter() {
        var editor = makeEditor()
        _ = type("e\u{301}x", into: &editor)
        #expect(editor.buffer.characters.count == 2)
        _ = type("\u{7F}\u{7F}", into: &editor)
        #expect(editor.buffer.isEmpty)
    }

    @Test func arrowsMoveThroughLinesAndThenThroughHistory() {
        var editor = makeEditor(history: ["SELECT 1;", "SELECT\n2;"])
        _ = type("draft", into: &editor)
        _ = type("\u{1B}[A", into: &editor)
        #expect(editor.buffer.text == "SELECT\n2;")
        // The first line of the statement, then the statement before.
        _ = type("\u{1B}[A\u{1B}[A", into: &editor)
        #expect(editor.buffer.text == "SELECT 1;")
        _ = type("\u{1B}[B\u{1B}[B", into: &editor)
        #expect(editor.buffer.text == "draft")
    }

    @Test func searchGoesBackwards() {
        var editor = makeEditor(history: ["SELECT a;", "SELECT b;", "SHOW TABLES;"])
        _ = type("\u{12}sel", into: &editor)
        #expect(editor.buffer.text == "SELECT b;")
        _ = type("\u{12}", into: &editor)
        #expect(editor.buffer.text == "SELECT a;")
        #expect(type("\r", into: &editor) == .submitted("SELECT a;"))
    }

    @Test func searchGivenUpBringsTheDraftBack() {
        var editor = makeEditor(history: ["SELECT a;"])
        _ = type("draft\u{12}sel\u{7}", into: &editor)
        #expect(editor.buffer.text == "draft")
        #expect(editor.search == nil)
    }

    @Test func tabCompletesAsFarAsItIsClear() {
        var editor = makeEditor()
        _ = type("SELECT r\t", into: &editor)
        #expect(editor.buffer.text == "SELECT region")
        _ = type("\u{15}SELECT nat\t", into: &editor)
        #expect(editor.buffer.text == "SELECT nation")
        _ = type("\t", into: &editor)
        #expect(editor.notes == ["nation", "nationkey"])
    }

    @Test func tabKeepsWhatIsTyped() {
        var editor = makeEditor()
        _ = type("SELECT R\t", into: &editor)
        #expect(editor.buffer.text == "SELECT REGION")
        _ = type("\u{15}SELECT Na\t", into: &editor)
        #expect(editor.buffer.text == "SELECT Na")
        _ = type("t\t", into: &editor)
        #expect(editor.buffer.text == "SELECT Nation")
    }

    @Test func aCommandInsideOfAStatementIsRemarkedOn() {
        var editor = makeEditor()
        _ = type("SELECT 1\r.tables\r", into: &editor)
        #expect(editor.notes.count == 1)
        #expect(editor.notes.first?.contains("command") == true)
        _ = type("+ 1\r", into: &editor)
        #expect(editor.notes.isEmpty)
    }

    @Test func controlCDropsAndControlDEnds() {
        var editor = makeEditor()
        #expect(type("abc\u{3}", into: &editor) == .abandoned)
        #expect(type("\u{4}", into: &editor) == .ended)
        #expect(type("ab\u{1}\u{4}", into: &editor) == .editing)
        #expect(editor.buffer.text == "b")
    }

    @Test func pastedTextRunsOnlyAtEnter() {
        var editor = makeEditor()
        let outcome = type("\u{1B}[200~SELECT\t1;\r\nSELECT 2;\u{1B}[201~", into: &editor)
        #expect(outcome == .editing)
        #expect(editor.buffer.text == "SELECT    1;\nSELECT 2;")
    }
}
