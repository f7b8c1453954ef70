import StarlingFields
import Testing

@Suite struct JSONTreeTests {
    private func tree(_ text: String) throws -> JSONTree { try JSONTree(parsing: Array(text.utf8)) }

    private func string(_ text: String) throws -> String? { try tree(text).string }

    @Test func valuesOfAllKindsAreRead() throws {
        let text = " { \"a\" : [ 1 , -2.5e3 , true , false , null , \"x\" , { } , [ ] ] }\n"
        let all = try #require(try tree(text)["a"]?.array)
        #expect(all.count == 8)
        #expect(all[0].integer == 1)
        guard case .number("-2.5e3") = all[1], case .boolean(true) = all[2],
            case .boolean(false) = all[3], case .null = all[4], case .object(let members) = all[6]
        else {
            Issue.record("\(all)")
            return
        }
        #expect(all[5].string == "x" && members.isEmpty && all[7].array?.isEmpty == true)
        #expect(all[0].string == nil && all[5].integer == nil && all[5].array == nil)
        #expect(all[0]["a"] == nil)
    }

    /// Of two members with one key the first is found; none is lost.
    @Test func keysMayComeTwice() throws {
        let value = try tree("{\"a\": 1, \"b\": 2, \"a\": 3, \"\": 4, \"\\u0061\": 5}")
        #expect(value["a"]?.integer == 1 && value["b"]?.integer == 2 && value[""]?.integer == 4)
        #expect(value["c"] == nil)
        guard case .object(let members) = value else {
            Issue.record("\(value)")
            return
        }
        #expect(members.map(\.key) == ["a", "b", "a", "", "a"])
    }

    @Test(arguments: [
        (#""""#, ""), (#""a\"b\\c\/d""#, #"a"b\c/d"#), (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00""#, "😀"), (#""\uD83D\uDE00!""#, "😀!"),
        (#""\u0000x""#, "\u{0}x"), (#""Grüße""#, "Grüße"), (#""\ud800""#, "\u{FFFD}"),
        (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        (#""\ud83dx""#, "\u{FFFD}x"), (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\uffff""#, "\u{FFFF}"),
    ])
    func escapesAreReplaced(text: String, content: String) throws {
        #expect(try string(text) == content)
    }

    @Test(arguments: [#"a\x"#, #"\u12"#, #"\u12G4"#, #"\"#, #"\U0041"#, #"\u+123"#, #"\u00é"#])
    func otherEscapesAreNone(text: String) {
        var bytes = Array(text.utf8)
        let count = bytes.withUnsafeMutableBufferPointer {
            JSONText.unescape($0.baseAddress!, $0.count)
        }
        #expect(count == nil)
        #expect(JSONText.unescaped(Array(text.utf8)) == Array(text.utf8))
    }

    /// RFC 8259, 6.
    @Test(arguments: ["0", "-0", "10", "1.5", "-0.5", "1e5", "1E+5", "1e-5", "0e0", "1e400"])
    func numbersKeepTheirText(text: String) throws {
        guard case .number(text) = try tree(text) else {
            Issue.record("not that number")
            return
        }
    }

    @Test(arguments: [
        "01", "-01", "+1", ".5", "5.", "1.e5", "1e", "1e+", "--1", "-", "NaN", "Infinity", "0x10",
        "1_000", "nul", "nulll", "True", "'a'", "a", "{a: 1}", "{\"a\" 1}", "{\"a\": 1,}", "[1,]",
        "[,1]", "[1 2]", "{,}", "{1: 2}", "[1}", "{\"a\": 1]", "]", ":", "1 2", "{} {}", "[] ]",
        "\"a\nb\"", "\"a\u{0}b\"", "// a\n1", "[1]]",
    ])
    func otherTextsAreFaults(text: String) {
        #expect(throws: JSONCursor.Fault.self) { try tree(text) }
    }

    @Test(arguments: [
        ("[1, 2 3]", 6), ("{\"a\": 1, b: 2}", 9), ("{\"a\" 1}", 5), ("[1, x]", 4), ("[] 1", 3),
    ])
    func faultsNameTheirPlace(text: String, place: Int) {
        let fault = #expect(throws: JSONCursor.Fault.self) { try tree(text) }
        #expect(fault?.place == place && fault?.isEnd == false)
        #expect(fault?.reason.isEmpty == false)
    }

    @Test func textsThatEndEarlyAreToldApart() {
        let text = #"{"a\n": [1, -2.5e3, true, {"b": null}, "\u00e9"], "c": {}}"#
        for count in 0..<text.utf8.count {
            let start = Array(text.utf8.prefix(count))
            let fault = #expect(throws: JSONCursor.Fault.self) { try JSONTree(parsing: start) }
            #expect(fault?.isEnd == true, "\(count)")
        }
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func depthIsLimited(opening: String, closing: String) throws {
        func nested(_ depth: Int) -> String {
            String(repeating: opening, count: depth) + (opening == "[" ? "" : "1")
                + String(repeating: closing, count: depth)
        }
        _ = try tree(nested(127))
        for depth in [200, 511, 600, 100_000] {
            let fault = #expect(throws: JSONCursor.Fault.self) { try tree(nested(depth)) }
            #expect(fault?.reason.contains("nested too deeply") == true)
        }
    }
}
