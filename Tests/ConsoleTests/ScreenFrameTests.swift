import StarlingConsole
import Testing

@Suite struct ScreenFrameTests {
    private func frame(
        _ text: String, cursor: Int? = nil, columns: Int = 20, rows: Int = 10,
        notes: [String] = []
    ) -> ScreenFrame {
        var buffer = EditBuffer()
        buffer.set(text)
        if let cursor { buffer.move(to: cursor) }
        return ScreenFrame(
            buffer, prompts: ("> ", ". "), notes: notes, size: (columns, rows))
    }

    @Test func linesHaveTheirPrompts() {
        let frame = frame("ab\ncd", cursor: 1)
        #expect(frame.rows == ["> ab", ". cd"])
        #expect(frame.cursorRow == 0)
        #expect(frame.cursorColumn == 3)
    }

    @Test func longLinesWrapBeforeTheLastColumn() {
        let frame = frame("abcdefgh", columns: 6)
        #expect(frame.rows == ["> abc", "defgh"])
        #expect(frame.cursorRow == 1)
        #expect(frame.cursorColumn == 5)
    }

    @Test func wideCharactersTakeTwoColumns() {
        let frame = frame("漢字", columns: 6)
        #expect(frame.rows == ["> 漢", "字"])
        #expect(frame.cursorColumn == 2)
    }

    @Test func tallTextsShowTheRowsAroundTheCursor() {
        let frame = frame("1\n2\n3\n4\n5\n6", rows: 3)
        #expect(frame.rows == [". 4", ". 5", ". 6"])
        #expect(frame.cursorRow == 2)
    }

    @Test func notesStandInColumnsBelow() {
        let frame = frame("a", notes: ["one", "two", "three", "four"])
        #expect(frame.rows == ["> a", "one    two    ", "three  four   "])
        #expect(frame.cursorRow == 0)
    }
}
