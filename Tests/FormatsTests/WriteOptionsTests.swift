import StarlingErrors
import StarlingFormats
import Testing

@Suite struct WriteOptionsTests {
    private static let known = [
        WriteOption("compression", aliases: ["codec"], "how pages are compressed"),
        WriteOption("row_group_size", "rows of a group"),
        WriteOption("partition_by", "columns whose values become folders"),
    ]

    private func options(_ given: (String, String)...) throws -> WriteOptions {
        try WriteOptions(
            given.map { (name: $0.0, value: $0.1) }, known: Self.known, format: "parquet")
    }

    private func message(_ body: () throws -> Void) -> String {
        let error = #expect(throws: StarlingError.self) { try body() }
        #expect(error?.kind == .binding)
        return error?.message ?? ""
    }

    @Test(arguments: [
        "compression", "COMPRESSION", "codec", "Codec", "parquet.compression", "PARQUET.CODEC",
    ])
    func namesAreFound(name: String) throws {
        let options = try options((name, "zstd"))
        #expect(options.text("compression") == "zstd")
        #expect(options.text("row_group_size") == nil)
    }

    @Test(arguments: [
        ("compresion", "compression"), ("Codek", "codec"), ("row_group_sise", "row_group_size"),
        ("parquet.partition_bi", "partition_by"),
    ])
    func otherNamesAreErrorsWithTheNearestOne(name: String, near: String) {
        let message = message { _ = try options((name, "x")) }
        #expect(message.contains("'\(name)'") && message.contains("parquet"))
        #expect(message.contains("did you mean '\(near)'?"))
    }

    @Test func namesThatAreFarFromAllGetNoGuess() {
        for name in ["delimiter", "schema", ""] {
            #expect(!message { _ = try options((name, "x")) }.contains("did you mean"))
        }
    }

    @Test func nothingIsGivenTwice() {
        let twice = message { _ = try options(("compression", "a"), ("COMPRESSION", "a")) }
        #expect(twice.contains("'compression' is given twice"))
        let alias = message { _ = try options(("codec", "a"), ("parquet.compression", "b")) }
        #expect(alias.contains("'compression' is given twice"))
    }

    @Test func numbersHaveRanges() throws {
        let given = try options(("row_group_size", "100"), ("compression", "0.25"))
        #expect(try given.integer("row_group_size", in: 1...100) == 100)
        #expect(try given.number("compression", in: 0...1) == 0.25)
        #expect(try given.integer("partition_by", in: 1...2) == nil)
        let low = message { _ = try given.integer("row_group_size", in: 101...200) }
        #expect(low.contains("from 101 to 200") && low.contains("'100'"))
        let fraction = message { _ = try given.integer("compression", in: 0...1) }
        #expect(fraction.contains("whole number"))
        let high = message { _ = try given.number("row_group_size", in: 0...1) }
        #expect(high.contains("from 0.0 to 1.0"))
        for text in ["nan", "many", ""] {
            let other = try options(("compression", text))
            _ = message { _ = try other.number("compression", in: 0...1) }
        }
    }

    @Test(arguments: [("on", true), ("TRUE", true), ("0", false), ("No", false)])
    func flagsAreRead(text: String, flag: Bool) throws {
        #expect(try options(("codec", text)).flag("compression") == flag)
        #expect(try options().flag("compression") == nil)
        #expect(message { _ = try options(("codec", "x")).flag("compression") }.contains("'x'"))
    }

    @Test(arguments: [
        ("1", 1), ("512", 512), ("1KB", 1_024), ("2kb", 2_048), ("512MB", 536_870_912),
        ("512 MiB", 536_870_912), ("3gb", 3_221_225_472), ("1TB", 1_099_511_627_776), ("7B", 7),
        ("9223372036854775807", .max), ("8388607TB", 9_223_370_937_343_148_032),
    ])
    func sizesAreRead(text: String, byteCount: Int) throws {
        #expect(try options(("codec", text)).byteCount("compression") == byteCount)
    }

    @Test(arguments: [
        "", "0", "-1", "MB", "1.5GB", "1PB", "many", "9223372036854775808", "8388608TB",
        "½", "1MBMB",
    ])
    func otherSizesAreErrors(text: String) {
        let message = message { _ = try options(("codec", text)).byteCount("compression") }
        #expect(message.contains("'\(text)'") && message.contains("512MB"))
    }

    @Test(arguments: [
        ("year", [0]), ("month, YEAR", [1, 0]), ("`Month`,\"day\"", [1, 2]), (" day ,day", [2]),
        ("", []),
    ])
    func columnsAreFound(text: String, positions: [Int]) throws {
        let given = try options(("partition_by", text))
        #expect(
            try given.columns("partition_by", among: ["Year", "month", "day"]) == positions)
        #expect(try options().columns("partition_by", among: ["a"]).isEmpty)
    }

    @Test func otherColumnsAreErrorsWithTheNearestOne() throws {
        let given = try options(("partition_by", "year, mnth"))
        let near = message { _ = try given.columns("partition_by", among: ["year", "month"]) }
        #expect(near.contains("'mnth'") && near.contains("did you mean 'month'?"))
        let far = message { _ = try given.columns("partition_by", among: ["year", "x"]) }
        #expect(!far.contains("did you mean"))
    }
}
