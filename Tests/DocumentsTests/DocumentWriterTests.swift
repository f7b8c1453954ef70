import StarlingDocuments
import Testing

@Suite struct DocumentWriterTests {
    private func canonical(_ text: String) -> String? {
        var writer = DocumentWriter()
        var output: [UInt8] = []
        let isJSON = Array(text.utf8).withUnsafeBytes { writer.append($0, to: &output) }
        #expect(isJSON || output.isEmpty)
        return isJSON ? String(decoding: output, as: UTF8.self) : nil
    }

    @Test(arguments: [
        ("{\"b\":2,\"a\":1}", "{\"a\": 1, \"b\": 2}"),
        ("{\"a\":1,\"a\":2}", "{\"a\": 1}"),
        ("{\"b\":{\"d\":1,\"c\":[ ]},\"a\":{}}", "{\"a\": {}, \"b\": {\"c\": [], \"d\": 1}}"),
        (" [1,2 , 3] ", "[1, 2, 3]"),
        ("\"\\u0041\\/\\n\\u00e9\"", "\"A/\\n\u{e9}\""),
        ("9007199254740993", "9007199254740993"),
        ("18446744073709551616", "18446744073709551616"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("3.0", "3"), ("1.50", "1.5"), ("1e2", "100"), ("0.00001", "0.00001"), ("1e-7", "1e-7"),
        ("1.7014118346046923e38", "1.7014118346046923e+38"), ("-0", "-0.0"), ("0.0", "0"),
        ("9223372036854775808.0", "9223372036854775808"), ("1E+30", "1e+30"),
        ("1000000000000000000000000000000", "1e+30"), ("-12.5", "-12.5"), ("true", "true"),
    ])
    func writes(text: String, expected: String) {
        #expect(canonical(text) == expected)
    }

    @Test(arguments: [
        "", " ", "{star: 1}", "{\"a\":}", "{", "[1,]", "[1 2]", "{\"a\":1,}", "01", "1.", ".5",
        "+1",
        "tru", "truee", "nul", "\"a", "\"\\x\"", "\"\n\"", "[1]]", "NaN", "1e", "--1", "{\"a\" 1}",
    ])
    func refuses(text: String) {
        #expect(canonical(text) == nil)
    }

    @Test func boundsDepth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(canonical(nested(1_000)) == nested(1_000))
        #expect(canonical(nested(45_000)) == nil)
    }
}
