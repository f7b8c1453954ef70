import StarlingErrors
import StarlingFormats
import Testing

@Suite struct FileOptionsTests {
    @Test(arguments: [
        ("true", true), ("TRUE", true), ("1", true), ("on", true), ("Yes", true), ("false", false),
        ("0", false), ("OFF", false), ("no", false),
    ])
    func flagsAreRead(text: String, flag: Bool) throws {
        #expect(try FileOptions(["header": text]).flag("header") == flag)
    }

    @Test func whatIsNotGivenIsNil() throws {
        let options = FileOptions()
        #expect(options.text("header") == nil)
        #expect(try options.flag("header") == nil && options.count("header") == nil)
        #expect(FileOptions(format: "csv").text("format") == "csv")
    }

    @Test(arguments: [("0", 0), ("42", 42), ("9223372036854775807", .max)])
    func countsAreRead(text: String, count: Int) throws {
        #expect(try FileOptions(["skip": text]).count("skip") == count)
    }

    @Test(arguments: ["", "-1", "1.5", "many", " 1", "9223372036854775808"])
    func otherCountsAreErrors(text: String) {
        let error = #expect(throws: StarlingError.self) {
            try FileOptions(["skip": text]).count("skip")
        }
        #expect(error?.kind == .binding)
        #expect(error?.message.contains("'skip'") == true)
        #expect(error?.message.contains("'\(text)'") == true)
    }

    @Test(arguments: ["", "2", "truth", "y"])
    func otherFlagsAreErrors(text: String) {
        let error = #expect(throws: StarlingError.self) {
            try FileOptions(["header": text]).flag("header")
        }
        #expect(error?.kind == .binding)
        #expect(error?.message.contains("'header'") == true)
        #expect(error?.message.contains("'\(text)'") == true)
    }

    @Test func mismatchesAreFilledOnRequest() throws {
        func fills(_ text: String?) throws -> Bool {
            let properties = text.map { ["fill_mismatch_column_with": $0] } ?? [:]
            return try FileOptions(properties).fillsMismatches()
        }
        #expect(try !fills(nil) && !fills("none") && !fills("NONE"))
        #expect(try fills("null") && fills("NULL"))
        let error = #expect(throws: StarlingError.self) { try fills("zero") }
        #expect(error?.message.contains("'zero'") == true)
    }

    @Test func startsHoldTheirContent() {
        let plain = FileStart(bytes: [1, 2])
        #expect(plain.content == [1, 2] && !plain.isWhole)
        let packed = FileStart(bytes: [1, 2], content: [3], isWhole: true)
        #expect(packed.content == [3] && packed.bytes == [1, 2] && packed.isWhole)
    }
}
