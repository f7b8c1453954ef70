// What JSON files hold, by Python's json module, however the records lie in the file and wherever
// it is cut for several workers; and what happens to records that are wrong.

import StarlingErrors
import StarlingFormatSupport
import StarlingFormats
import StarlingJSONLines
import StarlingTypes
import Testing

@Suite struct JSONReadingTests {
    private static let types = [
        "bigint", "varchar", "double", "boolean", "date", "json", "json", "largeint", "varchar",
    ]

    /// Compares with the fixture's rows; documents may be written in other ways.
    private func check(_ file: JSONFile, window: Int = 2_048) throws {
        #expect(file.columns.map(\.type.description) == Self.types)
        let expected = try JSONFixture.rows("rows")
        let values = try JSONFixture.values(of: file, window: window)
        #expect(values.count == expected.count)
        for (row, texts) in zip(values, expected) {
            for (index, text) in texts.enumerated() {
                guard let text else {
                    #expect(row[index] == .null)
                    continue
                }
                switch index {
                case 2: #expect(row[index] == .floating(Double(text)!))
                case 5, 6: #expect(row[index].text == text)
                default: #expect(row[index].text(as: file.columns[index].type) == text)
                }
            }
        }
    }

    @Test(arguments: JSONFixture.all)
    func formsAreDetected(name: String) throws {
        let text = MemoryFile(try JSONFixture.bytes(name))
        try check(JSONFile(text, FileOptions()))
        try check(JSONFile(text, FileOptions()), window: 7)
    }

    @Test(arguments: ["lines.json", "unterminated.json", "windows.json"])
    func everyCutGivesTheSameRecords(name: String) throws {
        let text = MemoryFile(try JSONFixture.bytes(name))
        for size in [1, 7, 64, 100, 333, 1_000, 5_000] {
            try check(JSONFile(text, FileOptions(), partByteCount: size))
        }
    }

    @Test func typesWidenAndValuesAreWholeRecords() throws {
        func describe(_ text: String, _ options: [String: String] = [:]) throws -> String {
            let file = try JSONFile(MemoryFile(text), FileOptions(options))
            return file.columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
        }
        #expect(try describe(#"{"a":1}"# + "\n" + #"{"a":2.5,"b":null}"#) == "a double, b varchar")
        #expect(try describe(#"{"a":1,"A":"x"}"#) == "a bigint, A_1 varchar")
        #expect(try describe("[1,2]\n[3]\n") == "json json")
        #expect(try describe(#"{"a":1}"#, ["records": "false"]) == "json json")
        #expect(try describe(#"[{"a":"2024-01-01 10:00:00"}]"#) == "a datetime")
        #expect(try describe(#"{"a":"1"}"#) == "a varchar")
        let file = try JSONFile(
            MemoryFile(#"{"b":"7.25","a":1}{"a":null} {"c":[]}"#),
            FileOptions(["columns": "a TINYINT, b VARCHAR"]))
        #expect(try JSONFixture.texts(of: file) == [["1", "7.25"], [nil, nil], [nil, nil]])
        let values = try JSONFile(MemoryFile("[1, \"a\", null, {\"x\": [2]}]"), FileOptions())
        #expect(try JSONFixture.texts(of: values) == [["1"], ["\"a\""], [nil], ["{\"x\": [2]}"]])
    }

    @Test(arguments: [
        (#"{"a":"x"}"#, "line 2002, column a: 'x' is no bigint"),
        (#"{"a":1"#, "line 2002: the line ends within a record"),
        (#"{"a" 1}"#, "line 2002: a colon is missing"),
        (#"{"a":1 "b":2}"#, "line 2002: a value is no JSON"),
        (#"{"a":1, x "b":2}"#, "line 2002: a key is missing"),
        (#"{"b": 1 , "c": {"d" : [1, 2 ]} , "a": "x" }"#, "line 2002: the key 'b' is in no record"),
        (#"{"a":}"#, "line 2002: a value is missing"),
        ("7", "line 2002: the record is no object"),
    ])
    func errorsNameThePlace(wrong: String, message: String) throws {
        let lines = (0...2_000).map { "{\"a\":\($0)}" }.joined(separator: "\n")
        let text = MemoryFile(lines + "\n" + wrong + "\n{\"a\":5}\n")
        let options = ["auto_detect_sample_rows": "10"]
        let file = try JSONFile(text, FileOptions(options), partByteCount: 1_000)
        let error = #expect(throws: StarlingError.self) { try JSONFixture.values(of: file) }
        #expect(
            error?.message.contains("memory, " + message) == true,
            "\(String(describing: error))")
        let tolerant = FileOptions(options.merging(["max_errors": "1"]) { $1 })
        let rows = try JSONFixture.values(of: JSONFile(text, tolerant))
        #expect(rows.count == 2_002)
        #expect(tolerant.report.rejected.map(\.line) == [2_002])
        #expect(tolerant.report.rejected.map(\.text) == [wrong])
    }

    /// What Python's json module writes for numbers that JSON has no form for.
    @Test func numbersMayBeNoneOfJSON() throws {
        let text = #"{"a":NaN,"b":{"c":-Infinity}}"# + "\n" + #"{"a":1,"b":{"c":Infinity}}"#
        let file = try JSONFile(MemoryFile(text), FileOptions())
        #expect(file.columns.map(\.type.description) == ["double", "struct<c double>"])
        #expect(
            try JSONFixture.texts(of: file) == [["nan", "{\"c\":-inf}"], ["1", "{\"c\":inf}"]])
    }

    @Test func marksOfByteOrderAreNoText() throws {
        let lines = "{\"a\":\"é\"}\n{\"a\":\"x\"}\n"
        let marked = [0xEF, 0xBB, 0xBF] + Array(lines.utf8)
        for size in [1, 7, 100] {
            let file = try JSONFile(MemoryFile(marked), FileOptions(), partByteCount: size)
            #expect(try JSONFixture.texts(of: file) == [["é"], ["x"]])
        }
        let units = lines.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        }
        let wide: [UInt8] = [0xFF, 0xFE] + units
        let file = try JSONFile(MemoryFile(wide), FileOptions(), partByteCount: 16)
        #expect(try JSONFixture.texts(of: file) == [["é"], ["x"]])
    }

    /// The columns come from the records that are whole.
    @Test func brokenRecordsMayComeFirst() throws {
        let text = "{\"a\":1,}\n{\"a\":2}\n{\"a\":3}\n"
        let tolerant = FileOptions(["max_errors": "1"])
        let file = try JSONFile(MemoryFile(text), tolerant)
        #expect(file.columns.map { "\($0.name) \($0.type)" } == ["a bigint"])
        #expect(try JSONFixture.texts(of: file) == [["2"], ["3"]])
        #expect(tolerant.report.rejected.map(\.line) == [1])
        #expect(throws: StarlingError.self) {
            try JSONFixture.values(of: JSONFile(MemoryFile(text), FileOptions()))
        }
    }

    @Test func recordsMayBeLongerThanTheSample() throws {
        let long = String(repeating: "x", count: 2_000_000)
        for text in ["{\"k\":\"\(long)\"}\n{\"k\":\"y\"}\n", "[{\"k\":\"\(long)\"},{\"k\":\"y\"}]"]
        {
            let file = try JSONFile(MemoryFile(text), FileOptions())
            #expect(file.columns.map { "\($0.name) \($0.type)" } == ["k varchar"])
            #expect(try JSONFixture.texts(of: file) == [[long], ["y"]])
        }
    }

    /// Numbers that no DOUBLE keeps all digits of.
    @Test func digitsAreKept() throws {
        func describe(_ values: String...) throws -> [String] {
            let text = values.map { "{\"a\":\($0)}" }.joined(separator: "\n")
            let file = try JSONFile(MemoryFile(text), FileOptions())
            let texts = try JSONFixture.texts(of: file).map { $0[0] ?? "NULL" }
            return file.columns.map(\.type.description) + texts
        }
        #expect(
            try describe("9007199254740993", "1.5") == [
                "decimal(17,1)", "9007199254740993.0", "1.5",
            ])
        #expect(try describe("9007199254740992", "1.5")[0] == "double")
        #expect(try describe("1e400", "2") == ["varchar", "1e400", "2"])
        #expect(try describe("[9007199254740993,0.25]")[0] == "array<decimal(18,2)>")
        let late = FileOptions(["auto_detect_sample_rows": "1"])
        let file = try JSONFile(MemoryFile("{\"a\":1.5}\n{\"a\":9007199254740993}"), late)
        let error = #expect(throws: StarlingError.self) { try JSONFixture.values(of: file) }
        #expect(error?.message.contains("'9007199254740993' is no double") == true)
    }

    @Test func keysThatTheSampleLacksAreTold() throws {
        let lines = (0..<50).map { "{\"s\":{\"a\":\($0)},\"l\":[{\"b\":1}]}" }
        let last = #"{"s":{"a":1,"zz":5},"l":[{"b":1,"y":2},{"y":3}],"x":4}"#
        let text = (lines + [last]).joined(separator: "\n")
        let options = FileOptions([
            "auto_detect_sample_rows": "10", "fill_mismatch_column_with": "null",
        ])
        let rows = try JSONFixture.texts(of: JSONFile(MemoryFile(text), options))
        #expect(rows.last == ["{\"a\":1}", "[{\"b\":1},{\"b\":null}]"])
        let told = options.report.warnings
        #expect(told.count == 3)
        for (warning, key) in zip(told, ["2 records have the key 'l[].y'", "'s.zz'", "'x'"]) {
            #expect(warning.contains(key), "\(warning)")
        }
        let strict = FileOptions(["auto_detect_sample_rows": "10"])
        let error = #expect(throws: StarlingError.self) {
            try JSONFixture.texts(of: JSONFile(MemoryFile(text), strict))
        }
        #expect(error?.message.contains("line 51: the key 'x' is in no record") == true)
    }

    /// Of a long file of lines half of the sample comes from all over it.
    @Test func keysFarFromTheBeginningAreFound() throws {
        let padding = String(repeating: "x", count: 100)
        var lines = (0..<20_000).map { "{\"a\":\($0),\"p\":\"\(padding)\"}" }
        for place in 10_000..<13_000 { lines[place] = "{\"a\":1.5,\"q\":{\"r\":true}}" }
        let file = try JSONFile(
            MemoryFile(lines.joined(separator: "\n")), FileOptions())
        #expect(
            file.columns.map { "\($0.name) \($0.type)" }
                == ["a double", "p varchar", "q struct<r boolean>"])
    }

    /// Of a short file all records are the sample, however many they are.
    @Test func theWholeOfAShortFileIsTheSample() throws {
        let lines = [String](repeating: "{\"a\":1}", count: 30_000) + ["{\"a\":1.5,\"b\":2}"]
        let file = try JSONFile(MemoryFile(lines.joined(separator: "\n")), FileOptions())
        #expect(
            file.columns.map { "\($0.name) \($0.type)" } == ["a double", "b bigint"])
    }

    @Test(arguments: [
        ("[{\"a\":1},\n{\"a\":2},\n]", "line 3: a record is missing behind the last comma"),
        ("[{\"a\":1},{\"a\":2},]", "line 1: a record is missing behind the last comma"),
        ("[{\"a\":1}\n{\"a\":2}]", "line 2: a comma is missing between records"),
        ("[{\"a\":1},\n,{\"a\":2}]", "line 2: a record is missing before a comma"),
        ("[\n,{\"a\":1}]", "line 2: a record is missing before a comma"),
        ("[{\"a\":1},\n 5 6]", "line 2"),
        ("[{\"a\":1}][{\"a\":2}]", "line 1: something follows the end of the array of records"),
        ("[{\"a\":1},\n{\"a\":2}\n]\n{\"a\":3}\n", "line 4: something follows the end"),
        ("[{\"a\":1},{\"a\":2}] x", "line 1: something follows the end"),
        ("[{\"a\":1}]\n\n]", "line 3"),
    ])
    func arraysHaveACommaBetweenRecords(text: String, message: String) throws {
        let error = #expect(throws: StarlingError.self) {
            try JSONFixture.values(of: JSONFile(MemoryFile(text), FileOptions()))
        }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func commasTooManyMayBeLeftOut() throws {
        let tolerant = FileOptions(["max_errors": "1"])
        let text = "[{\"a\":1},\n{\"a\":2},\n]"
        #expect(
            try JSONFixture.texts(of: JSONFile(MemoryFile(text), tolerant)) == [["1"], ["2"]])
        #expect(tolerant.report.rejected.map(\.line) == [3])
    }

    /// What is read at once ends before, within and behind what stands between two records.
    @Test(arguments: -4...4)
    func commasLieAnywhere(offset: Int) throws {
        let padding = String(repeating: "x", count: 1 << 20 - 8 + offset)
        let start = "[{\"a\":\"\(padding)\"}"
        for (rest, isSound) in [
            (" , {\"a\":\"y\"}]", true), (" , ]", false), (" {\"a\":\"y\"}]", false),
            ("  ]", true), ("]  \n", true), (" ]  5", false), ("],", false),
            (" ,, {\"a\":\"y\"}]", false),
        ] {
            let file = try JSONFile(MemoryFile(start + rest), FileOptions())
            let rows = try? JSONFixture.texts(of: file)
            #expect((rows != nil) == isSound, "\(rest)")
            #expect(rows.map { $0.count == (rest.contains("y") ? 2 : 1) } ?? true)
        }
    }

    @Test func numbersInQuotesAreNumbersOfNamedTypes() throws {
        let text = #"{"a":"5","b":"nan"}"# + "\n" + #"{"a":"","b":"2.5"}"#
        func rows(_ properties: [String: String]) throws -> [[String?]] {
            try JSONFixture.texts(of: JSONFile(MemoryFile(text), FileOptions(properties)))
        }
        let types = ["types": "a INT, b DOUBLE"]
        #expect(throws: StarlingError.self) { try rows(types) }
        let filled = try rows(types.merging(["fill_mismatch_column_with": "null"]) { $1 })
        #expect(filled == [["5", "nan"], [nil, "2.5"]])
    }

    @Test func unclosedStringsAndArraysAreErrors() throws {
        for text in ["[{\"a\":1}", "[{\"a\":1},", "[{\"a\":\"x}]", "{\"a\":1}\n{\"a\":\"x}\n"] {
            #expect(throws: StarlingError.self, "\(text)") {
                try JSONFixture.values(of: JSONFile(MemoryFile(text), FileOptions()))
            }
        }
    }
}
