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

    /// Finds where pages and the footer begin: a header's first field says of which kind the page
    /// is (0: data, 2: dictionary, 3: data of version 2, doubled), its second one its size.
    private func boundaries(_ bytes: [UInt8]) -> [Int] {
        var result = [4]
        for place in 4..<max(4, bytes.count - 12)
        where bytes[place] == 0x15 && [0, 4, 6].contains(bytes[place + 1])
            && bytes[place + 2] == 0x15
        { result.append(place) }
        return result + [footerStart(bytes), bytes.count - 8, bytes.count - 4]
    }

    private func footerStart(_ bytes: [UInt8]) -> Int {
        let length = bytes.suffix(8).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return max(4, bytes.count - 8 - length)
    }

    @Test(arguments: Fixture.all)
    func cutOffFilesAreErrors(_ fixture: Fixture) throws {
        let bytes = try Fixture.bytes(fixture.path)
        var counts = Set(stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)))
        var generator = SeededGenerator(seed: UInt64(bytes.count))
        for place in boundaries(bytes).shuffled(using: &generator).prefix(100) {
            counts.formUnion([place - 1, place, place + 1])
        }
        for count in counts.sorted() where count < bytes.count {
            #expect(throws: StarlingError.self) {
                _ = try ParquetFile(MemoryFile(Array(bytes[..<count])))
            }
        }
    }

    /// Files whose pages end at a boundary of the structure, with the footer behind what is left.
    @Test(arguments: Fixture.all)
    func lostPagesDoNotCrash(_ fixture: Fixture) throws {
        let bytes = try Fixture.bytes(fixture.path)
        let footer = bytes[footerStart(bytes)...]
        var generator = SeededGenerator(seed: UInt64(bytes.count))
        let places = boundaries(bytes).filter { $0 <= bytes.count - footer.count }
        for place in places.shuffled(using: &generator).prefix(max(4, Self.roundCount / 8)) {
            try readAll(Array(bytes[..<place]) + footer)
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
