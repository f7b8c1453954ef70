// Damaged files of records, in lines and in arrays, flat and nested: rows, or errors that name the file.

import StarlingFormatSupport
import StarlingFormats
import StarlingJSONLines
import Testing

@Suite struct JSONDamageTests {
    static let paths =
        JSONFixture.all.map { JSONFixture.folder + $0 } + NestedReadingTests.fixtures.map(\.path)

    @Test(arguments: paths)
    func damagedFilesGiveErrorsOrRows(path: String) throws {
        let bytes = try Fixture.bytes(path)
        let outline = FileOutline.text(bytes, marks: "\n{}[]", others: "\"\\:,")
        // Types come from few records, so that damage is met while others are read.
        for other in [nil, "max_errors", "fill_mismatch_column_with"] {
            var properties = ["auto_detect_sample_rows": "2"]
            if let other { properties[other] = other == "max_errors" ? "1000000" : "null" }
            let findings = try DamageTrials(bytes, outline).findings {
                let options = FileOptions(properties)
                let file = try JSONFile(MemoryFile($0), options, partByteCount: 1_000)
                return try JSONFormat.table(of: [file], title: "json").table
            }
            #expect(findings.isEmpty)
        }
    }
}
