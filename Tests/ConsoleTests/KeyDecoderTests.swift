import StarlingConsole
import Testing

@Suite struct KeyDecoderTests {
    private func keys(_ text: String) -> [Key] {
        var decoder = KeyDecoder()
        return text.utf8.compactMap { decoder.feed($0) }
    }

    @Test func lettersOfAllLengths() {
        #expect(keys("aé漢🐦") == [.text("a"), .text("é"), .text("漢"), .text("🐦")])
    }

    // The sequences of xterm's documentation, ctlseqs, and of the Linux console.
    @Test(arguments: [
        ("\u{1B}[A", Key.up), ("\u{1B}OB", .down), ("\u{1B}[C", .right), ("\u{1B}[D", .left),
        ("\u{1B}[1;5C", .wordRight), ("\u{1B}[1;3D", .wordLeft), ("\u{1B}b", .wordLeft),
        ("\u{1B}[H", .home), ("\u{1B}[4~", .end), ("\u{1B}[3~", .delete),
        ("\u{1B}[5~", .pageUp), ("\u{1B}[Z", .backTab), ("\u{1B}\r", .newline),
        ("\u{1B}\u{7F}", .deleteWordLeft), ("\u{7F}", .backspace), ("\r", .enter),
        ("\u{12}", .control("r")), ("\u{1B}[15~", .other),
    ])
    func sequences(_ bytes: String, _ key: Key) {
        #expect(keys(bytes) == [key])
    }

    @Test func pasteIsOneKey() {
        #expect(
            keys("\u{1B}[200~SELECT\r\n\u{1B}[A1;\u{1B}[201~x")
                == [.paste("SELECT\r\n\u{1B}[A1;"), .text("x")])
    }

    @Test func loneEscapeNeedsTime() {
        var decoder = KeyDecoder()
        #expect(decoder.feed(0x1B) == nil)
        #expect(decoder.awaitsSequence)
        #expect(decoder.timeOut() == .escape)
        #expect(decoder.feed(UInt8(ascii: "a")) == .text("a"))
    }

    @Test func brokenCharactersDoNotStop() {
        var decoder = KeyDecoder()
        let keys = ([0xE6, 0xBC, 0x61, 0xFF, 0x62] as [UInt8]).compactMap { decoder.feed($0) }
        #expect(keys == [.text("a"), .other, .text("b")])
    }
}
