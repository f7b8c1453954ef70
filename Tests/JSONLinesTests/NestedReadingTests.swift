// What nested JSON holds, by DuckDB and pyarrow, as whole columns, as fields, for some records, and
// wherever a file is cut; and the types that differing values widen to.

import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingFormats
import StarlingJSONLines
import StarlingTables
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct NestedReadingTests {
    static let fixtures = Fixture.all(in: JSONFixture.folder + "Nested", endingIn: ".json")

    private func open(
        _ fixture: Fixture, _ options: [String: String] = [:], partByteCount: Int? = nil
    ) throws -> JSONFile {
        try JSONFile(
            MemoryFile(Fixture.bytes(fixture.path)), FileOptions(options),
            partByteCount: partByteCount)
    }

    private func check(_ fixture: Fixture, _ file: JSONFile, window: Int = 2_048) throws {
        let expected = try fixture.expected()
        let rows = try JSONFixture.values(of: file, window: window)
        #expect(file.columns.count == expected.count)
        for (position, column) in file.columns.enumerated() {
            let wanted = try #require(expected[column.name])
            #expect(column.type.description == wanted.type)
            #expect(rows.map { $0[position] } == wanted.values, "\(column.name)")
        }
    }

    @Test(arguments: fixtures)
    func valuesAreThoseOfOtherReaders(fixture: Fixture) throws {
        try check(fixture, open(fixture))
        try check(fixture, open(fixture), window: 7)
    }

    @Test func everyCutGivesTheSameRecords() throws {
        let fixture = try #require(Self.fixtures.first { $0.name == "nested.lines.json" })
        for size in [1, 100, 1_000, 5_000] {
            try check(fixture, open(fixture, partByteCount: size), window: 50)
        }
    }

    /// Reads a column's field for every third record, and after other columns.
    @Test(arguments: fixtures)
    func fieldsOfSomeRecordsAreRead(fixture: Fixture) throws {
        let file = try open(fixture)
        let expected = try fixture.expected()
        let deep = try #require(file.columns.firstIndex { $0.name == "deep" })
        let points = try #require(file.columns.firstIndex { $0.name == "points" })
        func field(_ value: Value, _ path: [Int]) -> Value {
            path.reduce(value) { value, position in
                if case .list(let parts) = value { parts[position] } else { .null }
            }
        }
        // b, c, list, d and all of it: some of them below others.
        let paths = [[0, 0], [0, 1], [0, 2], [0], [1], [], [2]]
        #expect(paths.allSatisfy { file.canReadField($0, ofColumn: deep) })
        #expect(!file.canReadField([0, 2, 0], ofColumn: deep))
        let types: [PhysicalType] = [
            .int64, .list, .list, .structure, .float64, .structure, .int8,
        ]
        let columns =
            zip(paths, types).map { ReadColumn(column: deep, physicalType: $1, path: $0) }
            + [ReadColumn(column: points, physicalType: .list)]
        let part = try #require(file.parts.first)
        let reader = try part.makeReader(columns: columns, context: makeContext())
        var first = 0
        while case let count = try reader.moveToNextWindow(countMax: 64), count > 0 {
            let kept = (0..<count).filter { ($0 + first) % 3 == 0 }
            var selection = Selection()
            for row in kept {
                selection.rows[selection.count] = UInt16(row)
                selection.count += 1
            }
            for (position, path) in paths.enumerated().reversed() {
                let vector = try reader.read(position, selection: selection)
                let wanted = kept.map { field(expected["deep"]!.values[first + $0], path) }
                #expect(kept.indices.map { vector.value(at: $0) } == wanted, "\(path)")
            }
            let vector = try reader.read(paths.count, selection: selection)
            #expect(
                kept.indices.map { vector.value(at: $0) }
                    == kept.map { expected["points"]!.values[first + $0] })
            first += count
        }
        #expect(first == 120)
    }

    private func describe(_ text: String, _ options: [String: String] = [:]) throws -> String {
        let file = try JSONFile(MemoryFile(text), FileOptions(options))
        return file.columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
    }

    @Test func typesWidenAtEveryLevel() throws {
        #expect(try describe(#"{"a":[1,2.5]}"#) == "a array<double>")
        #expect(try describe(#"{"a":[1,"x"]}"#) == "a array<json>")
        #expect(try describe(#"{"a":1}{"a":"x"}{"a":null}"#) == "a json")
        #expect(try describe(#"{"a":"NaN"}{"a":"x"}"#) == "a varchar")
        #expect(try describe(#"{"a":NaN}{"a":"x"}"#) == "a varchar")
        #expect(try describe(#"{"a":"2024-01-01"}{"a":true}"#) == "a json")
        #expect(try describe(#"{"a":[1,[2]]}"#) == "a array<json>")
        #expect(try describe(#"{"a":[]}"#) == "a array<json>")
        #expect(try describe(#"{"a":[null]}"#) == "a array<json>")
        #expect(try describe(#"{"a":{}}"#) == "a json")
        #expect(try describe(#"{"a":{"b":1}}{"a":[1]}"#) == "a json")
        #expect(try describe(#"{"a":{"b":1}}{"a":7}"#) == "a json")
        #expect(
            try describe(#"{"a":{"b":1}}{"a":{"c":"2024-01-01","b":null}}"#)
                == "a struct<b bigint, c date>")
        #expect(try describe(#"{"a":{"b":1,"B":2}}"#) == "a struct<b bigint, B bigint>")
        #expect(
            try describe(#"{"a":[{"b":[{"c":true}]}]}"#)
                == "a array<struct<b array<struct<c boolean>>>>")
        let nested = #"{"a":{"b":{"c":[1]}}}"#
        #expect(try describe(nested, ["maximum_depth": "0"]) == "json json")
        #expect(try describe(nested, ["maximum_depth": "1"]) == "a json")
        #expect(try describe(nested, ["json.maximum_depth": "2"]) == "a struct<b json>")
        #expect(try describe(nested, ["maximum_depth": "3"]) == "a struct<b struct<c json>>")
        #expect(
            try describe(nested, ["maximum_depth": "-1"])
                == "a struct<b struct<c array<bigint>>>")
        #expect(try describe(nested, ["auto_detect_types": "false"]) == "a json")
        let many = (0..<300).map { "\"k\($0)\":1" }.joined(separator: ",")
        #expect(try describe("{\"a\":{\(many)}}") == "a json")
        let deep = String(repeating: "[", count: 300) + String(repeating: "]", count: 300)
        #expect(try describe("{\"a\":\(deep)}").hasPrefix("a array<array<array<"))
    }

    @Test func digitsAreKept() throws {
        let text = #"{"a":18446744073709551616,"b":[170141183460469231731687303715884105727,1]}"#
        let file = try JSONFile(MemoryFile(text), FileOptions())
        #expect(file.columns.map(\.type) == [.largeint, .array(.largeint)])
        #expect(
            try JSONFixture.texts(of: file)
                == [["18446744073709551616", "[170141183460469231731687303715884105727,1]"]])
        let huge = #"{"a":1000000000000000000000000000000000000000000001}"#
        let wider = try JSONFile(MemoryFile(huge), FileOptions())
        #expect(wider.columns.map(\.type) == [.string])
        #expect(
            try JSONFixture.texts(of: wider)
                == [["1000000000000000000000000000000000000000000001"]])
    }

    @Test func typesMayBeGiven() throws {
        let text = #"""
            {"m":{"a\n":1,"b":null},"s":{"x":"1.25","z":[2]},"d":["2024-02-29"]}
            {"m":{},"s":null,"d":null}
            {"s":{"z":[]}}
            """#
        let options = [
            "columns": "m MAP<STRING, INT>, s STRUCT<z ARRAY<TINYINT>, y INT>, d ARRAY<DATE>"
        ]
        let file = try JSONFile(MemoryFile(text), FileOptions(options))
        #expect(
            try JSONFixture.values(of: file) == [
                [
                    .list([.text("a\n"), .integer(1), .text("b"), .null]),
                    .list([.list([.integer(2)]), .null]), .list([.integer(19_782)]),
                ],
                [.list([]), .null, .null],
                [.null, .list([.list([]), .null]), .null],
            ])
        for type in ["MAP<JSON, INT>", "MAP<ARRAY<INT>, INT>"] {
            #expect(throws: StarlingError.self) {
                try JSONFile(MemoryFile(text), FileOptions(["types": "m \(type)"]))
            }
        }
    }

    @Test(arguments: [
        (#"{"a":7}"#, "line 3, column a: '7' is no struct<b array<bigint>>"),
        (#"{"a":{"b":[1,"x"]}}"#, "line 3, column a.b[]: 'x' is no bigint"),
        (#"{"a":{"b":[1 2]}}"#, "line 3, column a.b[]: '1 2' is no bigint"),
        (#"{"a":{"b":[1,]}}"#, "line 3, column a.b: a value is missing"),
        (#"{"a":{"b" 1}}"#, "line 3, column a: a colon is missing behind a key"),
        (#"{"a":{"b":[1}}"#, "line 3: the line ends within a record"),
    ])
    func faultsNameThePlace(wrong: String, message: String) throws {
        let text = "{\"a\":{\"b\":[1]}}\n{\"a\":null}\n\(wrong)\n{\"a\":{\"b\":[2,3]}}\n"
        let options = ["auto_detect_sample_rows": "2"]
        let file = try JSONFile(MemoryFile(text), FileOptions(options))
        let error = #expect(throws: StarlingError.self) { try JSONFixture.values(of: file) }
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
        let tolerant = FileOptions(options.merging(["max_errors": "1"]) { $1 })
        let rows = try JSONFixture.texts(of: JSONFile(MemoryFile(text), tolerant))
        #expect(rows == [[#"{"b":[1]}"#], [nil], [#"{"b":[2,3]}"#]])
        #expect(tolerant.report.rejected.map(\.line) == [3])
        #expect(tolerant.report.rejected.map(\.text) == [wrong])
        guard !message.contains("line 3:") else { return }
        let filling = FileOptions(options.merging(["fill_mismatch_column_with": "null"]) { $1 })
        let filled = try JSONFixture.texts(of: JSONFile(MemoryFile(text), filling))
        #expect(filled.count == 4)
        #expect(filling.report.warnings.count == 1)
    }

    @Test func escapesThatAreNoneAreFaults() throws {
        let text =
            "{\"a\":[\"x\"],\"b\":{\"c\":\"y\"}}\n{\"a\":[\"\\q\"],\"b\":{\"c\":\"\\u00zz\"}}\n"
        let file = try JSONFile(MemoryFile(text), FileOptions())
        #expect(throws: StarlingError.self) { try JSONFixture.values(of: file) }
        let filling = FileOptions(["fill_mismatch_column_with": "null"])
        let rows = try JSONFixture.texts(of: JSONFile(MemoryFile(text), filling))
        #expect(rows == [["[\"x\"]", "{\"c\":\"y\"}"], ["[null]", "{\"c\":null}"]])
    }

    /// Records that are left out in the middle of a block whose strings have been read already.
    @Test func manyFaultsLeaveTheOthersAsTheyAre() throws {
        let lines = (0..<3_000).map { number in
            switch number < 200 ? 0 : number % 5 {
            case 1: "{\"a\":[\"\(number)\\n\",7}"
            case 2: "{\"a\":[\"unclosed]}"
            case 3: "{\"a\":\(number)}"
            default: "{\"a\":[\"\(number)\\\\n\"]}"
            }
        }
        let options = FileOptions(["max_errors": "5000", "auto_detect_sample_rows": "1"])
        let file = try JSONFile(MemoryFile(lines.joined(separator: "\n")), options)
        let rows = try JSONFixture.values(of: file, window: 100)
        let kept = (0..<3_000).filter { $0 < 200 || [0, 4].contains($0 % 5) }
        #expect(rows == kept.map { [.list([.text("\($0)\\n")])] })
    }

    @Test func numbersOfRecordsAreThoseInTheFile() throws {
        let text = (0..<500).map { "{\"a\":\($0)}\n" + ($0 % 7 == 0 ? "\n" : "") }.joined()
        let file = try JSONFile(MemoryFile(text), FileOptions(), partByteCount: 300)
        var number = 0
        #expect(file.parts.count > 10)
        // Backwards, so that the parts before are not known yet.
        for part in file.parts.reversed() {
            let reader = try part.makeReader(
                columns: [ReadColumn(column: 0, physicalType: .int64)], context: makeContext())
            while case let count = try reader.moveToNextWindow(countMax: 7), count > 0 {
                let values = try reader.read(0, selection: nil)
                #expect(
                    try reader.firstRowInFile.map { .integer(Int128($0)) } == values.value(at: 0))
                number += count
            }
        }
        #expect(number == 500)
        let broken = try JSONFile(
            MemoryFile("{\"a\":1}\nx\n" + text), FileOptions(["max_errors": "1"]),
            partByteCount: 300)
        let reader = try #require(broken.parts.last).makeReader(
            columns: [], context: makeContext())
        #expect(try reader.moveToNextWindow(countMax: 7) > 0)
        #expect(throws: StarlingError.self) { try reader.firstRowInFile }
    }
}
