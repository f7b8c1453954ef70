// The rules are only as good as what they take for code.

import Testing

@Suite struct CodeBlankerTests {
    @Test(arguments: [
        ("a // b\nc", "a     \nc"),
        ("a /* b /* c */ d */ e", "a                   e"),
        (#"f("x { y", z)"#, "f(       , z)"),
        (#"f("\(g("}")) {")}"#, "f(             )}"),
        (##"f(#"a"b"#, c)"##, "f(       , c)"),
        (#""\"{" + a"#, "      + a"),
        ("\"\"\"\n{ \"a\" }\n\"\"\" + b", "   \n       \n    + b"),
    ])
    func blanksCommentsAndLiterals(text: String, code: String) {
        #expect(CodeBlanker.blank(text) == code)
    }
}
