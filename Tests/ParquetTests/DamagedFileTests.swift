// Damaged fixtures: an error or rows of the right shape, never a crash. A file that is cut off anywhere
// lacks its footer and is always an error.

import StarlingErrors
import StarlingFormatSupport
import StarlingParquet
import Testing

@Suite struct DamagedFileTests {
    @Test(arguments: Fixture.all)
    func damagedFilesGiveErrorsOrRows(_ fixture: Fixture) throws {
        let bytes = try Fixture.bytes(fixture.path)
        let findings = try DamageTrials(bytes, .parquet(bytes)).findings {
            try ParquetTable([ParquetFile(MemoryFile($0))], title: "memory")
        }
        #expect(findings.isEmpty)
    }

    @Test(arguments: Fixture.all)
    func cutOffFilesAreErrors(_ fixture: Fixture) throws {
        let bytes = try Fixture.bytes(fixture.path)
        for place in FileOutline.parquet(bytes).boundaries where place < bytes.count {
            #expect(throws: StarlingError.self) {
                _ = try ParquetFile(MemoryFile(Array(bytes[..<place])))
            }
        }
    }
}
