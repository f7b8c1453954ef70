// Documents taken apart and put together again are what they were, whatever is in them.

import StarlingDocuments
import StarlingErrors
import StarlingShredding
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct DocumentShreddingTests {
    private func vector(_ documents: [String?]) -> Vector {
        Vector(.string, values: documents.map { $0.map { .text($0) } ?? .null })
    }

    private func texts(_ vector: Vector) -> [String?] {
        (0..<vector.count).map { vector.value(at: $0).text }
    }

    private func assembled(_ documents: ShreddedDocuments) throws -> [String?] {
        let assembly = DocumentAssembly(documents.paths, documents.columns.map { $0 })
        let remainders = documents.remainder.pointer(to: StringReference.self)
        return try (0..<documents.remainder.count).map { row in
            guard documents.remainder.isValid(row) else { return nil }
            var bytes: [UInt8] = []
            try assembly.append(remainders[row], row: row, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private func columns(_ documents: ShreddedDocuments) -> [String] {
        documents.paths.map { "\($0.text) \($0.type)" }
    }

    @Test func pathsOfEachTypeBecomeColumns() throws {
        let documents = [
            #"{"a": {"b": 1, "c": "x"}, "d": 0.5, "t": true, "u": 18446744073709551616}"#,
            #"{"a": {"b": -2, "c": "y\"z"}, "d": 1, "t": false, "u": -1, "v": [1]}"#,
            #"{"a": {"b": 3, "c": ""}, "d": 1e-7, "t": true, "u": 0, "v": "s"}"#,
        ]
        let shredded = DocumentShredding.shred(vector(documents), ShreddingRules())
        #expect(
            columns(shredded) == [
                "a.b whole", "a.c text", "d floating", "t truth", "u wide", "v document",
            ])
        #expect(
            texts(shredded.remainder)[0]
                == "{\"a\": {\"b\": \u{1}0, \"c\": \u{1}1}, \"d\": \u{1}2, \"t\": \u{1}3, "
                + "\"u\": \u{1}4}")
        #expect(try assembled(shredded) == documents.map { $0 })
    }

    @Test func stringsOfOneFormBecomeDaysAndMoments() throws {
        let forms: [(type: String, texts: [String])] = [
            ("date", ["2024-02-29", "0000-01-01", "9999-12-31", "1969-12-31"]),
            ("datetime", ["2024-02-29 23:59:59", "1970-01-01 00:00:00", "0001-01-01 00:00:01"]),
            ("datetime", ["2024-02-29T23:59:59Z", "1969-12-31T23:59:59Z"]),
            ("datetime", ["2024-11-21T16:25:49.095Z", "1960-01-01T00:00:00.000Z"]),
            ("datetime", ["2024-11-21 16:25:49.000001", "9999-12-31 23:59:59.999999"]),
            ("datetime", ["2024-11-21T16:25:49.100", "2024-11-21T16:25:49.001"]),
            // Another form, another digit or no such day: strings.
            ("varchar", ["2024-02-29", "2024-2-29"]), ("varchar", ["2023-02-29"]),
            ("varchar", ["2024-02-29", "2024-02-29 00:00:00"]),
            ("varchar", ["2024-02-29 24:00:00"]),
            ("varchar", ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59"]),
            ("varchar", ["2024-02-29T23:59:60Z"]), ("varchar", ["2024-02-29T23:59:59+00:00"]),
            ("varchar", ["2024-02-29T23:59:59.12Z"]), ("varchar", ["2024-02-29t23:59:59Z"]),
            ("varchar", ["2024-02-29\u{661}"]), ("varchar", ["20240229"]), ("varchar", [""]),
            ("json", ["2024-02-29", "\" : 1, \"x\": \""]),
        ]
        for (type, texts) in forms {
            let documents = texts.map { #"{"d": "\#($0)", "n": 1}"# }
            let shredded = DocumentShredding.shred(vector(documents), ShreddingRules())
            if type != "json" {
                #expect("\(shredded.paths[0].type.logicalType)" == type, "\(texts)")
            }
            let back = try assembled(shredded)
            let plain = DocumentShredding.shred(vector(documents), .none)
            #expect(back == self.texts(plain.remainder), "\(texts)")
        }
    }

    @Test func arraysOfScalarsBecomeLists() throws {
        let cases: [(type: String, arrays: [String])] = [
            ("ARRAY<BIGINT>", ["[1, 2]", "[]", "[null, -9223372036854775807]"]),
            ("ARRAY<DOUBLE>", ["[1, 0.5]", "[2]"]),
            ("ARRAY<BOOLEAN>", ["[true]", "[false, null]"]),
            ("ARRAY<VARCHAR>", [#"["a", "b\"\u0001é"]"#, "[null]", #"[""]"#]),
            ("ARRAY<LARGEINT>", ["[9223372036854775808]", "[1]"]),
            ("ARRAY<DATE>", [#"["2024-02-29"]"#, #"["2024-03-01", null]"#]),
            ("ARRAY<DATETIME>", [#"["2024-02-29T01:02:03Z"]"#]),
            ("ARRAY<VARCHAR>", [#"["2024-02-29"]"#, #"["2024-02-30"]"#]),
            ("ARRAY<ARRAY<BIGINT>>", ["[[1, 2], []]", "[null, [3]]", "[]"]),
            ("JSON", ["[]", "[]"]), ("JSON", ["[null]"]), ("JSON", ["[1, true]"]),
            ("JSON", [#"[1, "1"]"#]), ("JSON", ["[[1]]", "[1]"]), ("JSON", ["[[[[[[[1]]]]]]]"]),
            ("JSON", ["[9007199254740993, 0.5]"]), ("JSON", ["[1]", "1"]),
            ("ARRAY<BIGINT>", ["[1]", "null"]), ("JSON", [#"[{"a": 1}, 5, 6]"#]),
        ]
        for (type, arrays) in cases { try expect(type, arrays) }
    }

    @Test func arraysOfObjectsBecomeListsOfStructures() throws {
        let cases: [(type: String, arrays: [String])] = [
            ("ARRAY<STRUCT<a BIGINT>>", [#"[{"a": 1}, {"a": 2}]"#, "[]"]),
            (
                "ARRAY<STRUCT<a BIGINT, b.c VARCHAR>>",
                [
                    #"[{"a": 1, "b": {"c": "x"}}]"#, #"[{"a": null, "b": {}}, null, {}]"#,
                    #"[{"a": 3, "b": {"c": "z"}}, {"a": 4, "b": {"c": "w", "d": true}}]"#,
                ]
            ),
            ("ARRAY<STRUCT<l ARRAY<BIGINT>>>", [#"[{"l": [1]}, {"l": []}, {"l": null}]"#]),
            (
                "ARRAY<STRUCT<r ARRAY<STRUCT<s BOOLEAN>>>>",
                [#"[{"r": [{"s": true}]}]"#, #"[{"r": [{"s": false}, {}]}]"#]
            ),
            // Nothing that enough of them have, or nothing at all.
            (
                "JSON", [#"[{"a": 1}, {"b": 1}, {"c": 1}, {"d": 1}]"#]
            ),
            ("JSON", ["[{}]"]), ("JSON", [#"[{"a": {}}]"#]),
        ]
        for (type, arrays) in cases { try expect(type, arrays) }
    }

    /// Expects arrays to come back from a column of a type.
    private func expect(_ type: String, _ arrays: [String]) throws {
        // A short document lies in the reference to it.
        for rest in ["", #", "n": "a text that makes the document longer""#] {
            let documents = arrays.map { #"{"l": \#($0)\#(rest)}"# }
            let shredded = DocumentShredding.shred(vector(documents), ShreddingRules())
            let path = try #require(shredded.paths.first { $0.text == "l" })
            #expect(path.type.title == type, "\(arrays)")
            #expect(try assembled(shredded) == documents, "\(arrays)")
        }
    }

    @Test func oneOtherElementMakesDocuments() throws {
        // What is learned from every second document misses one.
        var documents = (0..<40_000).map { #"{"l": [\#($0), 7]}"# }
        documents[12_345] = #"{"l": [1, "x"]}"#
        let shredded = DocumentShredding.shred(vector(documents), ShreddingRules())
        #expect(shredded.paths.map(\.type.title) == ["ARRAY<BIGINT>"])
        #expect(shredded.paths[0].otherCount == 1)
        #expect(try assembled(shredded) == documents)
        for row in 0..<10_000 { documents[row * 4 + 1] = #"{"l": ["x"]}"# }
        let other = DocumentShredding.shred(vector(documents), ShreddingRules())
        #expect(other.paths.map(\.type.title) == ["JSON"])
        #expect(try assembled(other) == documents)
    }

    @Test func oneOtherStringMakesAllStrings() throws {
        // What is learned from every second document misses one.
        var documents = (0..<40_000).map { #"{"d": "2024-02-\#(10 + $0 % 19)"}"# }
        documents[12_345] = #"{"d": "soon"}"#
        let shredded = DocumentShredding.shred(vector(documents), ShreddingRules())
        #expect(columns(shredded) == ["d text"])
        documents[12_345] = #"{"d": null}"#
        let other = DocumentShredding.shred(vector(documents), ShreddingRules())
        #expect(columns(other) == ["d day"])
        #expect(try assembled(other) == documents)
        // Where the strings themselves are sought, they are kept.
        var rules = ShreddingRules()
        rules.wantedPaths = [[Array("d".utf8)]]
        #expect(columns(DocumentShredding.shred(vector(documents), rules)) == ["d text"])
    }

    @Test func valuesOfOtherTypesStay() throws {
        var documents = (0..<200).map { #"{"n": \#($0)}"# }
        documents[7] = #"{"n": "seven"}"#
        documents[8] = #"{"n": null}"#
        documents[9] = #"{"n": {"m": 1}}"#
        documents[10] = #"{"n": true}"#
        let shredded = DocumentShredding.shred(vector(documents), ShreddingRules())
        #expect(columns(shredded) == ["n whole"])
        #expect(shredded.paths[0].nullCount == 1)
        #expect(shredded.paths[0].otherCount == 3)
        #expect(shredded.columns[0].value(at: 7).isNull)
        #expect(shredded.columns[0].value(at: 11).integer == 11)
        #expect(try assembled(shredded) == documents.map { $0 })
    }

    @Test func numbersKeepTheirDigits() throws {
        let mixed = [#"{"x": 9007199254740993}"#, #"{"x": 0.1}"#]
        #expect(
            columns(DocumentShredding.shred(vector(mixed), ShreddingRules())) == ["x document"])
        let exact = [#"{"x": 9007199254740992}"#, #"{"x": 0.1}"#]
        #expect(
            columns(DocumentShredding.shred(vector(exact), ShreddingRules())) == ["x floating"])
        let numbers = [
            "0", "-0.0", "1e+100", "0.1", "0.30000000000000004", "123456789012345678901234567890",
            "0.1234567890123456789", "1e-300", "5e-324", "1.7976931348623157e+308", "1e+400",
            "-170141183460469231731687303715884105728", "9223372036854775807",
            "-9223372036854775808", "9223372036854775808", "100000000000000000000", "2.5e-7",
        ]
        for left in numbers {
            for right in numbers {
                let documents = [#"{"x": \#(left)}"#, #"{"x": \#(right)}"#]
                let shredded = DocumentShredding.shred(vector(documents), ShreddingRules())
                #expect(try assembled(shredded) == documents.map { $0 })
            }
        }
    }

    @Test func textsThatAreNoDocumentsStayAsTheyAre() throws {
        let documents: [String?] = [
            #"{"a": 1}"#, "{\"a\": \u{1}0", "no JSON", nil, "[1, {\"a\": 2}]", "5", #"{"a": 2}"#,
            "\u{2}x",
        ]
        var rules = ShreddingRules()
        rules.sparsityFactor = 0.1
        let shredded = DocumentShredding.shred(vector(documents), rules)
        #expect(columns(shredded) == ["a whole"])
        #expect(shredded.wholeCount == 4)
        #expect(try assembled(shredded) == documents)
    }

    @Test func documentsComeIntoForm() throws {
        let documents = [#" {"b":1.0,"a":"\u0041"} "#, #"{"a":"x","b":2,"b":3}"#]
        let expected = [#"{"a": "A", "b": 1}"#, #"{"a": "x", "b": 2}"#]
        for rules in [ShreddingRules(), .none] {
            let shredded = DocumentShredding.shred(vector(documents), rules)
            #expect(shredded.paths.count == (rules.isEnabled ? 2 : 0))
            #expect(try assembled(shredded) == expected.map { $0 })
        }
    }

    @Test func keysWithoutEndAreNotLearned() throws {
        let documents = (0..<3_000).map { row in
            let keys = (0..<10).map { "\"k\(row * 10 + $0)\": \($0)" }.sorted()
            return "{" + (keys + ["\"z\": \(row)"]).joined(separator: ", ") + "}"
        }
        let shredded = DocumentShredding.shred(vector(documents), ShreddingRules())
        #expect(columns(shredded) == ["z whole"])
        #expect(shredded.keptPaths == nil)
        #expect(try assembled(shredded) == documents.map { $0 })
    }

    @Test func deepDocumentsAreTakenApart() throws {
        let open = String(repeating: "{\"a\": ", count: 1_000)
        let close = String(repeating: "}", count: 1_000)
        let documents = [open + "1" + close, open + "2" + close]
        let shredded = DocumentShredding.shred(vector(documents), ShreddingRules())
        #expect(shredded.paths.count == 1)
        #expect(shredded.paths[0].keys.count == 1_000)
        #expect(try assembled(shredded) == documents.map { $0 })
    }

    @Test func keptPathsAreKnown() {
        let documents = [
            #"{"a": {"b": 1, "q\"": {"r": 2}}}"#, #"{"a": {"b": 1}}"#, #"{"a": {"b": 1}}"#,
            #"{"a": {"b": 1}}"#, #"{"a": {"b": 1}}"#,
        ]
        let shredded = DocumentShredding.shred(vector(documents), ShreddingRules())
        #expect(columns(shredded) == ["a.b whole"])
        let keys = ["a", "q\""].map { Array($0.utf8) }
        #expect(shredded.keptPaths == [hashesOfPath(keys)[1]])
    }
}
