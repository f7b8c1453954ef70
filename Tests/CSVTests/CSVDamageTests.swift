// Damaged files of every dialect: rows, or errors that name the file.

import StarlingCSV
import StarlingFormatSupport
import StarlingFormats
import Testing

@Suite struct CSVDamageTests {
    @Test(arguments: CSVFixture.all.map(\.file))
    func damagedFilesGiveErrorsOrRows(name: String) throws {
        let bytes = try CSVFixture.bytes(name)
        let outline = FileOutline.text(bytes, marks: "\n\r\"'", others: "\\,;\t|#")
        for properties in [[:], ["max_errors": "1000000"]] {
            let findings = try DamageTrials(bytes, outline).findings {
                let options = FileOptions(properties)
                let file = try CSVFile(MemoryFile($0), options, partByteCount: 1_000)
                return try CSVFormat.table(of: [file], title: "csv").table
            }
            #expect(findings.isEmpty)
        }
    }
}
