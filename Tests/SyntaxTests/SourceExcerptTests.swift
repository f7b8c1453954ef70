// Lines with carets, for tabs, wide characters, long lines and places at the end.

import StarlingErrors
import StarlingSyntax
import Testing

struct SourceExcerptTests {
    private func excerpt(_ text: String, _ start: Int, _ end: Int, width: Int = 100)
        -> SourceExcerpt
    {
        SourceExcerpt(of: text, at: TextRange(start: start, end: end), width: width)
    }

    @Test func marksThePlace() {
        let shown = excerpt("SELECT a\nFROM lineitm\nWHERE b", 14, 21)
        #expect(shown.rendered == "line 2, column 6\nFROM lineitm\n     ^^^^^^^")
    }

    @Test func tabsBecomeBlanks() {
        #expect(excerpt("\ta\tb", 3, 4).rendered == "line 1, column 4\n    a    b\n         ^")
    }

    @Test func wideCharactersTakeTwoCells() {
        // 名前 is six bytes, two characters, four cells.
        let text = "SELECT 名前, é, x"
        #expect(excerpt(text, 7, 13).rendered == "line 1, column 8\n\(text)\n       ^^^^")
        #expect(excerpt(text, 19, 20).column == 15)
        #expect(excerpt(text, 19, 20).indent == 16)
    }

    @Test func endOfTheTextHasACaret() {
        #expect(excerpt("SELECT", 6, 6).rendered == "line 1, column 7\nSELECT\n      ^")
        #expect(excerpt("", 0, 0).rendered == "line 1, column 1\n\n^")
        #expect(excerpt("a\n", 2, 2).rendered == "line 2, column 1\n\n^")
        #expect(excerpt("abc", 50, 90).rendered == "line 1, column 4\nabc\n   ^")
    }

    @Test func placeOverSeveralLinesIsMarkedToTheEndOfItsLine() {
        #expect(excerpt("ab\r\ncd", 1, 6).rendered == "line 1, column 2\nab\n ^")
    }

    @Test func longLineIsCutAroundThePlace() {
        let text = String(repeating: "a", count: 300) + "XYZ" + String(repeating: "b", count: 300)
        let shown = excerpt(text, 300, 303, width: 40)
        #expect(shown.column == 301)
        #expect(
            shown.lineText == "…" + String(repeating: "a", count: 20) + "XYZ"
                + String(repeating: "b", count: 15) + "…")
        #expect(shown.indent == 21)
        #expect(shown.caretCount == 3)
    }
}
