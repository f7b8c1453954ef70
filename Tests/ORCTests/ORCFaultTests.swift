// Damaged files: errors that name file and place, or rows, but no crash and no endless work.

import StarlingFormatSupport
import StarlingORC
import Testing

@Suite struct ORCFaultTests {
    @Test(arguments: Fixture.readable)
    func damagedFilesGiveErrorsOrRows(_ fixture: Fixture) throws {
        let bytes = try Fixture.bytes(fixture.path)
        let findings = try DamageTrials(bytes, .orc(bytes)).findings {
            try ORCFormat.table(of: [ORCFile(MemoryFile($0))], title: "orc").table
        }
        #expect(findings.isEmpty)
    }
}
