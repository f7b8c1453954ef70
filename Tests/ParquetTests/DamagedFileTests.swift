// Fixtures cut off and with flipped bits: an error or rows of the right shape, never a crash, and
// no more time and memory than the file's size explains.

import Glibc
import StarlingErrors
import StarlingFormatSupport
import StarlingParquet
import StarlingTables
import StarlingTestSupport
import Testing

@Suite struct DamagedFileTests {
    /// A smoke run unless STARLING_FUZZ_ROUNDS says how many rounds a fixture gets.
    static let roundCount: Int = {
        guard let text = getenv("STARLING_FUZZ_ROUNDS") else { return 60 }
        return Int(String(cString: text)) ?? 60
    }()

    /// Reads everything that a damaged file gives; errors of the file are what is expected.
    private func readAll(_ bytes: [UInt8]) throws {
        do {
            let file = try ParquetFile(MemoryFile(bytes))
            let table = try ParquetTable([file], title: "memory")
            for column in table.columns.indices {
                do {
                    _ = try readColumn(
                        table, column, Reading(windowCount: 700, isNarrow: true),
                        rowCountMax: 5_000)
                    try askIndexes(table, column)
                } catch let error as StarlingError {
                    try check(error)
                }
            }
        } catch let error as StarlingError {
            try check(error)
        }
    }

    /// Asks page indexes and bloom filters, and reads some rows by the help of the former.
    private func askIndexes(_ table: ParquetTable, _ column: Int) throws {
        let type = table.columns[column].type.widestPhysicalType
        for part in table.parts.prefix(4) where part.rowCount > 20 {
            _ = try part.zones(ofColumn: column, context: makeContext())
            _ = try part.lacks(
                [.integer(5), .text("text"), .floating(0)], inColumn: column,
                context: makeContext())
            let reader = try part.makeReader(
                columns: [ReadColumn(column: column, physicalType: type)], context: makeContext())
            let start = part.rowCount / 2
            reader.expect(RowRanges(start..<(start + 9)), late: column % 2 == 0 ? [0] : [])
            _ = try reader.dictionary(of: 0)
            try reader.moveWindow(to: start, count: 9)
            _ = try reader.read(0, selection: nil)
        }
    }

    private func check(_ error: StarlingError) throws {
        #expect(
            [.file, .unsupported, .resource].contains(error.kind)
                || error.message.contains("asked for"), "\(error)")
        #expect(error.message.contains("memory"), "\(error)")
    }

    @Test(arguments: Fixture.all)
    func cutOffFilesAreErrors(_ fixture: Fixture) throws {
        let bytes = try Fixture.bytes(fixture.path)
        for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
            #expect(throws: StarlingError.self) {
                _ = try ParquetFile(MemoryFile(Array(bytes[..<count])))
            }
        }
    }

    @Test(arguments: Fixture.all)
    func flippedBitsDoNotCrash(_ fixture: Fixture) throws {
        let bytes = try Fixture.bytes(fixture.path)
        var generator = SeededGenerator(seed: UInt64(bytes.count))
        for round in 0..<Self.roundCount {
            var damaged = bytes
            // Footers are where most of the structure is; aim half of the flips there.
            let start = round % 2 == 0 ? 0 : max(0, bytes.count - 4_000)
            for _ in 0...(round % 4) {
                let place = start + Int(generator.next() % UInt64(bytes.count - start))
                damaged[place] ^= 1 << UInt8(generator.next() % 8)
            }
            try readAll(damaged)
        }
    }
}
