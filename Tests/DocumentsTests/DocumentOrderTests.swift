import StarlingDocuments
import Testing

/// The order of kinds is StarRocks': null, booleans, arrays, objects, numbers, strings.
@Suite struct DocumentOrderTests {
    private func key(_ text: String) -> [UInt8] {
        var writer = DocumentWriter()
        var canonical: [UInt8] = []
        var key: [UInt8] = []
        _ = Array(text.utf8).withUnsafeBytes { writer.append($0, to: &canonical) }
        canonical.withUnsafeBytes { appendOrderKey(DocumentValue($0)!, to: &key) }
        return key
    }

    @Test func ordersAsValues() {
        let rising = [
            "null", "false", "true", "[]", "[1]", "[1, 2]", "[2]", "{}", "{\"a\": 1}",
            "{\"a\": 1, \"b\": 1}", "{\"a\": 1, \"c\": 2}", "{\"a\": 2, \"b\": 1}", "{\"b\": 0}",
            "-1e40", "-18446744073709551615", "-10", "-9.5", "-1", "-0.5", "0", "1e-9", "0.25", "1",
            "1.5", "2", "10", "9223372036854775807", "9223372036854775808",
            "18446744073709551615", "1e39", "\"\"", "\"1\"", "\"10\"", "\"2\"", "\"a\"", "\"aa\"",
        ]
        let keys = rising.map { key($0) }
        for (index, next) in zip(keys.indices, keys.dropFirst()) {
            #expect(
                keys[index].lexicographicallyPrecedes(next), "\(rising[index]) and the next")
        }
    }

    @Test func equalValuesHaveOneKey() {
        #expect(key("1") == key("1.0"))
        #expect(key("100") == key("1e2"))
        #expect(key("0") == key("-0.0"))
        #expect(key("{\"a\":1,\"b\":[2]}") == key("{ \"b\" : [ 2.0 ], \"a\" : 1 }"))
    }
}
