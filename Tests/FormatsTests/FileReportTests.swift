import StarlingErrors
import StarlingFormats
import Testing

@Suite struct FileReportTests {
    private let report = FileReport()

    private func record(
        line: Int = 3, column: String = "n", text: String = "1,x"
    ) -> RejectedRecord {
        RejectedRecord(
            file: "a.csv", line: line, column: column, reason: "'x' is no int", text: text)
    }

    @Test func nothingIsSaidOfNothing() {
        #expect(report.warnings.isEmpty && report.rejected.isEmpty)
    }

    @Test func notesAreMadeOnce() {
        report.note("two")
        report.note("one")
        report.note("two")
        #expect(report.warnings == ["two", "one"])
    }

    @Test func filledValuesAddUpByFileAndColumn() {
        report.addFilled(2, file: "b.csv", column: "n")
        report.addFilled(3, file: "a.csv", column: "z")
        report.addFilled(40, file: "b.csv", column: "n")
        report.addFilled(1, file: "a.csv", column: "b")
        let warnings = report.warnings
        #expect(warnings.count == 3)
        for (warning, parts) in zip(
            warnings, [["a.csv", "1 ", "b"], ["a.csv", "3 ", "z"], ["b.csv", "42 ", "n"]])
        {
            for part in parts { #expect(warning.contains(part)) }
        }
    }

    /// A report that nobody can read is none.
    @Test func manyColumnsBecomeANumber() {
        for number in 10..<35 { report.addFilled(1, file: "a.csv", column: "c\(number)") }
        #expect(report.warnings.count == 21)
        #expect(report.warnings[0].contains("c10") && report.warnings[19].contains("c29"))
        #expect(report.warnings[20].contains("5 more"))
    }

    @Test func keysThatNobodyReadsAreNamed() {
        report.addUnread(2, file: "a.json", key: "late")
        report.addUnread(5, file: "a.json", key: "late")
        #expect(report.warnings.count == 1)
        #expect(report.warnings[0].contains("7 records"))
        #expect(report.warnings[0].contains("'late'") && report.warnings[0].contains("a.json"))
    }

    @Test func recordsAreRejectedUpToALimit() throws {
        for line in 1...3 { try report.reject(record(line: line), limit: 3) }
        #expect(report.rejected.map(\.line) == [1, 2, 3])
        #expect(report.warnings.count == 1 && report.warnings[0].contains("3 records"))
        let error = #expect(throws: StarlingError.self) {
            try report.reject(record(line: 9), limit: 3)
        }
        #expect(error?.kind == .data)
        for part in ["a.csv", "line 9", "column n", "'x' is no int", "after 3 errors"] {
            #expect(error?.message.contains(part) == true, "\(part)")
        }
    }

    @Test func placesThatAreNotKnownAreNotNamed() {
        let error = #expect(throws: StarlingError.self) {
            try report.reject(record(line: 0, column: ""), limit: 0)
        }
        #expect(error?.message.hasPrefix("a.csv: 'x' is no int") == true)
    }

    @Test func ofVeryManyRecordsTheFirstAreKept() throws {
        let text = String(repeating: "x", count: 1 << 20)
        for line in 1...100 { try report.reject(record(line: line, text: text), limit: .max) }
        let kept = report.rejected.count
        #expect((60...64).contains(kept))
        #expect(report.rejected.last?.line == kept)
        #expect(report.warnings[0].contains("100 records"))
        #expect(report.warnings[0].hasSuffix("shows the first \(kept)"))
    }
}
