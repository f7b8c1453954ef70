import StarlingDocuments
import Testing

/// Expectations from StarRocks' documentation and its unit tests of json_query.
@Suite struct DocumentPathTests {
    /// Gives what a path finds, in canonical form; nil for nothing.
    private func found(_ text: String, _ path: String) -> String? {
        guard let path = DocumentPath(Array(path.utf8)) else { return nil }
        return Array(text.utf8).withUnsafeBytes { bytes -> String? in
            guard let document = DocumentValue(bytes) else { return nil }
            var writer = DocumentWriter()
            var output: [UInt8] = []
            if path.isSingle {
                guard let value = path.find(in: document),
                    writer.append(value.bytes, to: &output)
                else { return nil }
            } else {
                var all: [UInt8] = []
                guard path.appendAll(of: document, to: &all),
                    all.withUnsafeBytes({ writer.append($0, to: &output) })
                else { return nil }
            }
            return String(decoding: output, as: UTF8.self)
        }
    }

    @Test(arguments: [
        ("{\"k1\":1}", "$", "{\"k1\": 1}"),
        ("{\"k1\":1, \"k2\":\"hehe\", \"k3\":[1]}", "$.k2", "\"hehe\""),
        ("{\"k1\":1, \"k2\":\"hehe\", \"k3\":[1]}", "k3", "[1]"),
        ("{\"k1\": [1,2,3]}", "$.k1[0]", "1"),
        ("{\"k1\": [[1,2],[3,4]]}", "$.k1[1][0]", "3"),
        ("{\"k1\": [[1,2],[3,4]]}", "$.k1[*][0]", "[1, 3]"),
        ("{\"k1\": [1,2,3,4]}", "$.k1[1:3]", "[2, 3]"),
        ("{\"a\":[{\"b\":1},{\"c\":2},{\"b\":3}]}", "$.a[*].b", "[1, 3]"),
        ("[{\"key\":    1}, {\"key\": 2 }]", "$[*].key", "[1, 2]"),
        ("[{\"key\":    1}, {\"key\": 2 }]", "$.[*].key", "[1, 2]"),
        ("{\"a.b\": {\"c\": 1}}", "$.\"a.b\".c", "1"),
        ("{\"a.b\": {\"c\": 1}}", "a\\.b.c", "1"),
        ("{\"\\u0061\": 7}", "$.a", "7"),
        ("{\"a\": {\"x\": \"}]\\\"\", \"b\": 2}, \"c\": 3}", "$.c", "3"),
        ("{\"i\": [{\"p\": 5}, {\"p\": 20}]}", "$.i[?(@.p > 10)]", "[{\"p\": 20}]"),
        (
            "{\"d\": [{\"x\": 1, \"y\": 5}, {\"x\": 10, \"y\": 2}, {\"x\": 8, \"y\": 8}]}",
            "$.d[?((@.x > 5 && @.y > 5) || @.x = 1)]",
            "[{\"x\": 1, \"y\": 5}, {\"x\": 8, \"y\": 8}]"
        ),
    ])
    func finds(text: String, path: String, expected: String) {
        #expect(found(text, path) == expected)
    }

    /// Expectations are what DuckDB's json_extract gives, as arrays.
    @Test(arguments: [
        (
            "{\"a\":1,\"b\":{\"a\":2,\"c\":[{\"a\":3},{\"a\":{\"a\":4}}]}}", "$..a",
            "[1, 2, 3, {\"a\": 4}, 4]"
        ),
        ("{\"a\":1,\"b\":{\"a\":2}}", "$..*", "[1, {\"a\": 2}, 2]"),
        ("[[1,2],[3]]", "$..[0]", "[[1, 2], 1, 3]"),
        ("{\"b\":[{\"a\":[1,2]},{\"a\":[3]}]}", "$..a[*]", "[1, 2, 3]"),
        ("{\"b\":{\"c\":{\"a\":5}}}", "$.b..a", "[5]"),
        ("{\"b\":1}", "$..a", "[]"),
        ("5", "..a", "[]"),
        (
            "{\"x\":{\"a\":{\"b\":{\"a\":{\"b\":1}}}}}", "$..a..b",
            "[{\"a\": {\"b\": 1}}, 1, 1]"
        ),
    ])
    func findsAtAnyDepth(text: String, path: String, expected: String) {
        #expect(found(text, path) == expected)
    }

    @Test(arguments: [
        ("{\"a\":1}", "$.."), ("{\"a\":1}", "$...a"), ("{\"a\":1}", "$.x..a"),
        ("{\"k1\":1}", ""), ("{\"k1\":1}", "$.k5"), ("{\"k1\": [1,2,3]}", "$.k1[3]"),
        ("{\"k1\": [1,2,3]}", "$.k1[-1]"), ("{\"k1\": 1}", "$.k1[0]"), ("{\"k1\": 1}", "$.k1.a"),
        ("{\"k1\": [1]}", "$.k1["), ("{\"k1\": ", "$.k1"), ("{\"k1\"", "$.k1"), ("", "$"),
        ("{\"a\": [[[[", "$.b"), ("{\"a\":\"\\", "$.b"),
    ])
    func findsNothing(text: String, path: String) {
        #expect(found(text, path) == nil)
    }

    /// Containers longer than the blocks in which they are skipped.
    @Test func skipsLongContainers() {
        for length in [10, 60, 64, 65, 130, 1_000] {
            let filler = String(repeating: "{\"q\\\"]\": [1, \"}\"]}, ", count: length)
            let text = "{\"a\": [\(filler)0], \"b\": {\"c\": [1, \(length)]}}"
            #expect(found(text, "$.b.c[1]") == "\(length)")
            #expect(found(text, "$.a[\(length)]") == "0")
        }
    }
}
