// Rows that break the rules: errors that name file, line, column and reason, values that are filled
// on request and counted, rows that are left out and kept for looking at.

import Glibc
import StarlingCSV
import StarlingErrors
import StarlingFormatSupport
import StarlingFormats
import StarlingTestSupport
import StarlingTypes
import Testing

@Suite struct CSVFaultTests {
    private static let lines = (1...3_000).map { "\($0),w\($0)" }.joined(separator: "\n")

    /// Has its 3,002nd line made wrong.
    private func text(_ wrong: String) -> MemoryFile {
        MemoryFile("a,b\n" + Self.lines + "\n" + wrong + "\n7,end\n")
    }

    private func failure(_ wrong: String, _ options: [String: String] = [:]) throws -> String {
        var options = options
        options["auto_detect_sample_rows"] = "100"
        let file = try CSVFile(text(wrong), FileOptions(options), partByteCount: 4_000)
        let error = #expect(throws: StarlingError.self) { try CSVFixture.values(of: file) }
        return error?.message ?? ""
    }

    @Test(arguments: [
        ("x1,2", "line 3002, column a: 'x1' is no bigint"),
        ("1", "line 3002, column b: the row has 1 fields instead of 2"),
        ("1,2,3", "line 3002: the row has 3 fields instead of 2"),
        ("1,\"a\"b", "line 3002, column b: text follows the closing quote"),
        ("1,\"a", "line 3002, column b: the quote is never closed"),
    ])
    func errorsNameThePlace(wrong: String, message: String) throws {
        let found = try failure(wrong)
        #expect(found.contains("memory, \(message)"), "\(found)")
    }

    @Test func invalidUTF8IsAnError() throws {
        let start = Array(("a,b\n" + Self.lines + "\n").utf8)
        let many = start + start.dropFirst(4) + start.dropFirst(4) + start.dropFirst(4)
        let padded = (0..<12).reduce(many) { all, _ in all + many.dropFirst(4) }
        let file = try CSVFile(MemoryFile(padded + [49, 44, 0xFC, 10]), FileOptions())
        let error = #expect(throws: StarlingError.self) { try CSVFixture.values(of: file) }
        #expect(error?.message.contains("is no UTF-8") == true)
    }

    @Test func mismatchesAreFilledAndCounted() throws {
        let options = FileOptions([
            "fill_mismatch_column_with": "null", "auto_detect_sample_rows": "100",
        ])
        let rows = try CSVFixture.texts(of: CSVFile(text("x,y\n1\n1,2,3"), options))
        #expect(rows.count == 3_004)
        #expect(rows[3_000] == [nil, "y"])
        #expect(rows[3_001] == ["1", nil])
        #expect(rows[3_002] == ["1", "2"])
        #expect(options.report.warnings.count == 3)
    }

    @Test func rejectedRowsAreKept() throws {
        let options = FileOptions(["max_errors": "3", "auto_detect_sample_rows": "100"])
        let file = try CSVFile(text("x,y\n1\n1,2,3"), options, partByteCount: 5_000)
        let rows = try CSVFixture.texts(of: file)
        #expect(rows.count == 3_001)
        #expect(rows[3_000] == ["7", "end"])
        #expect(options.report.rejected.map(\.line) == [3_003, 3_004, 3_002])
        #expect(options.report.rejected.map(\.column) == ["b", "", "a"])
        #expect(options.report.rejected.map(\.text) == ["1", "1,2,3", "x,y"])
        let few = FileOptions(["max_errors": "2", "auto_detect_sample_rows": "100"])
        #expect(throws: StarlingError.self) {
            try CSVFixture.texts(of: CSVFile(text("x,y\n1\n1,2,3"), few))
        }
    }

    /// A smoke run unless STARLING_FUZZ_ROUNDS says how many rounds a fixture gets.
    static let roundCount: Int = {
        guard let text = getenv("STARLING_FUZZ_ROUNDS") else { return 40 }
        return Int(String(cString: text)) ?? 40
    }()

    @Test(arguments: CSVFixture.all)
    func damagedFilesDoNotCrash(file: String, rows: String) throws {
        let bytes = try CSVFixture.bytes(file)
        var generator = SeededGenerator(seed: UInt64(bytes.count))
        let marks = Array("\"'\\,;\t|\n\r".utf8) + [0, 0xFF, 0x80]
        for round in 0..<Self.roundCount {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0..<damaged.count, using: &generator)
                switch round % 3 {
                case 0: damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: damaged[place] = marks.randomElement(using: &generator)!
                default: damaged = Array(damaged[..<max(1, place)])
                }
            }
            do {
                let whole = try CSVFile(MemoryFile(damaged), FileOptions())
                let expected = Result { try CSVFixture.texts(of: whole) }
                let cut = try CSVFile(MemoryFile(damaged), FileOptions(), partByteCount: 50)
                let found = Result { try CSVFixture.texts(of: cut) }
                // Wherever the file is cut, the same rows or an error.
                if case .success(let one) = expected, case .success(let two) = found {
                    #expect(one == two)
                }
            } catch {
                #expect(error.message.contains("memory"), "\(error)")
            }
        }
    }
}
