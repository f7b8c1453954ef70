import StarlingConsole
import Testing

@Suite struct JSONTextTests {
    @Test func escapesOfTheStandard() {
        let object = JSONText.parseObject(
            #"{"sql":"a\"\\\/\n\u00e9\ud83d\udc26", "n": [1, {"x": "]"}]}"#)
        #expect(object?["sql"] == .text("a\"\\/\né🐦"))
        #expect(object?["n"] == .other(#"[1, {"x": "]"}]"#))
    }

    @Test(arguments: ["", "{", "[]", "{\"a\"}", "{\"a\":}", "{\"a\":1} x", "{\"a\":\"b}", "nul"])
    func damagedTextsAreRefused(_ text: String) {
        #expect(JSONText.parseObject(text) == nil)
    }

    @Test func quotedTextsAreRead() {
        let text = "\u{1}\t\"\\ é\u{7F}\n"
        #expect(JSONText.parseObject("{\"t\":\(JSONText.quoted(text))}")?["t"] == .text(text))
    }
}
