// The expected values come from tpchgen-cli through tools/oracle/tpch_checksums.py.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors
import Testing

import StarlingGenerators

/// Holds what the reference generator writes for a table at scale 0.01.
struct ReferenceTable: Sendable {
    let table: TPCHTable
    let rowCount: Int
    let checksum: UInt64
    let firstRow: String
    let lastRow: String

    static let all: [ReferenceTable] = [
        ReferenceTable(
            table: .region, rowCount: 5, checksum: 0x0c40_8881_3f7d_56f8,
            firstRow: "0|AFRICA|lar deposits. blithely final packages cajole. regular waters are "
                + "final requests. regular accounts are according to |",
            lastRow: "4|MIDDLE EAST|uickly special accounts cajole carefully blithely close "
                + "requests. carefully final asymptotes haggle furiousl|"),
        ReferenceTable(
            table: .nation, rowCount: 25, checksum: 0xb150_da8b_f741_231d,
            firstRow: "0|ALGERIA|0| haggle. carefully final deposits detect slyly agai|",
            lastRow: "24|UNITED STATES|1|y final packages. slow foxes cajole quickly. quickly "
                + "silent platelets breach ironic accounts. unusual pinto be|"),
        ReferenceTable(
            table: .supplier, rowCount: 100, checksum: 0xff91_96a7_6fd4_58ac,
            firstRow: "1|Supplier#000000001| N kD4on9OM Ipw3,gf0JBoQDd7tgrzrddZ|17|"
                + "27-918-335-1736|5755.94|each slyly above the careful|",
            lastRow: "100|Supplier#000000100|rIlN li8zvW22l2slbcx ECP4fL|21|31-351-324-5062|"
                + "3191.70|es. regular instructions sleep carefully. slyly ironic packages across "
                + "the foxes boost |"),
        ReferenceTable(
            table: .customer, rowCount: 1_500, checksum: 0xc458_14a6_18ad_08d1,
            firstRow: "1|Customer#000000001|IVhzIApeRb ot,c,E|15|25-989-741-2988|711.56|BUILDING|"
                + "to the even, regular platelets. regular, ironic epitaphs nag e|",
            lastRow: "1500|Customer#000001500|4zaoUzuWUTNFiNPbmu43|5|15-200-872-4790|6910.79|"
                + "MACHINERY|s boost blithely above the fluffily ironic dolphins! ironic accounts|"),
        ReferenceTable(
            table: .part, rowCount: 2_000, checksum: 0x7423_e7df_0811_3e5c,
            firstRow: "1|goldenrod lavender spring chocolate lace|Manufacturer#1|Brand#13|"
                + "PROMO BURNISHED COPPER|7|JUMBO PKG|901.00|ly. slyly ironi|",
            lastRow: "2000|wheat blush green puff tan|Manufacturer#1|Brand#12|"
                + "PROMO ANODIZED STEEL|46|SM BAG|902.00|ajole carefully|"),
        ReferenceTable(
            table: .partsupp, rowCount: 8_000, checksum: 0x98c4_3d04_80b4_1dd7,
            firstRow: "1|2|3325|771.64|, even theodolites. regular, final theodolites eat after "
                + "the carefully pending foxes. furiously regular deposits sleep slyly. carefully "
                + "bold realms above the ironic dependencies haggle careful|",
            lastRow: "2000|33|8414|798.67|yly ironic dependencies. blithely final theodolites "
                + "sleep. furiously ironic accounts wake carefully across the express, regular "
                + "requests. carefully regul|"),
        ReferenceTable(
            table: .orders, rowCount: 15_000, checksum: 0xab07_be01_05d4_ef57,
            firstRow: "1|370|O|172799.49|1996-01-02|5-LOW|Clerk#000000951|0|"
                + "nstructions sleep furiously among |",
            lastRow: "60000|1426|P|299401.61|1995-04-21|2-HIGH|Clerk#000000194|0|"
                + "usual frets use alongside of the furiou|"),
        ReferenceTable(
            table: .lineitem, rowCount: 60_175, checksum: 0xc7e3_5b48_5a0b_9dbb,
            firstRow: "1|1552|93|1|17|24710.35|0.04|0.02|N|O|1996-03-13|1996-02-12|1996-03-22|"
                + "DELIVER IN PERSON|TRUCK|egular courts above the|",
            lastRow: "60000|836|3|6|45|78157.35|0.04|0.08|N|O|1995-07-23|1995-07-17|1995-07-24|"
                + "DELIVER IN PERSON|TRUCK|ke final packages. carefully final fo|"),
    ]
}

@Suite struct GeneratedTableTests {
    @Test(arguments: ReferenceTable.all, [2_048, 1_000, 97])
    func rowsEqualTheReference(reference: ReferenceTable, windowRowCount: Int) throws {
        var text = try TableText(reference.table, scale: 0.01)
        text.windowRowCount = windowRowCount
        text.usesNarrowTypes = windowRowCount != 2_048
        #expect(text.table.statistics.rowCount == reference.rowCount)

        var checksum = Checksum()
        var rowCount = 0
        var firstRow: [UInt8] = []
        var lastRow: [UInt8] = []
        try text.forEachRow { row in
            checksum.add(row)
            if rowCount == 0 { firstRow = row }
            lastRow = row
            rowCount += 1
        }
        #expect(String(decoding: firstRow, as: UTF8.self) == reference.firstRow)
        #expect(String(decoding: lastRow, as: UTF8.self) == reference.lastRow)
        #expect(rowCount == reference.rowCount)
        #expect(checksum.state == reference.checksum)
    }

    /// A larger scale has several parts, which begin where the streams were advanced to.
    @Test(arguments: [
        (TPCHTable.partsupp, 80_000, 0x535f_77f3_cf89_ae6a as UInt64),
        (.orders, 150_000, 0xd4d8_ff35_5871_989d),
    ])
    func rowsOfSeveralPartsEqualTheReference(
        table: TPCHTable, rowCount: Int, expected: UInt64
    ) throws {
        let text = try TableText(table, scale: 0.1)
        #expect(text.table.parts.count > 1)
        #expect(text.table.parts.reduce(0) { $0 + $1.rowCount } == rowCount)
        var checksum = Checksum()
        try text.forEachRow { checksum.add($0) }
        #expect(checksum.state == expected)
    }

    @Test(arguments: TPCHTable.allCases)
    func selectedRowsAreThoseOfTheWindow(table: TPCHTable) throws {
        let text = try TableText(table, scale: 0.01)
        let part = text.table.parts[0]
        // A window far into the part that begins within an order.
        let start = min(1_501, part.rowCount / 2)
        let count = min(1_000, part.rowCount - start)
        let reader = try text.makeReader(part)
        try reader.moveWindow(to: start, count: count)
        let all = try text.lines(reader, selection: nil, count: count)

        for step in [1, 3, 250] {
            var selection = Selection()
            selection.count = 0
            for row in stride(from: 0, to: count, by: step) {
                selection.rows[selection.count] = UInt16(row)
                selection.count += 1
            }
            let selected = try text.lines(reader, selection: selection, count: selection.count)
            #expect(selected == stride(from: 0, to: count, by: step).map { all[$0] })
        }
        let none = try text.lines(reader, selection: Selection(), count: 0)
        #expect(none.isEmpty)
    }

    @Test(arguments: TPCHTable.allCases)
    func valuesLieWithinTheStatistics(table: TPCHTable) throws {
        let text = try TableText(table, scale: 0.02)
        for part in text.table.parts {
            let reader = try text.makeReader(part)
            let count = min(chunkCapacity, part.rowCount)
            try reader.moveWindow(to: part.rowCount - count, count: count)
            for position in text.table.columns.indices {
                let vector = try reader.read(position, selection: nil)
                let ofPart = part.statistics(ofColumn: position)
                let ofTable = text.table.statistics.columns[position]
                for statistics in [ofPart, ofTable] where statistics.bounds != nil {
                    let values = (0..<count).map { vector.value(at: $0).integer! }
                    #expect(values.allSatisfy { statistics.bounds!.contains($0) })
                }
            }
        }
    }

    @Test func tinyScalesHaveRows() throws {
        for table in TPCHTable.allCases {
            var rowCount = 0
            let text = try TableText(table, scale: 0.0001)
            try text.forEachRow { _ in rowCount += 1 }
            #expect(rowCount == text.table.statistics.rowCount)
        }
    }

    @Test(arguments: [0, -1, 0.000_09, 10_001, .infinity, .nan])
    func unusableScalesAreErrors(factor: Double) {
        #expect(throws: StarlingError.self) { try TPCHScale(factor: factor) }
    }

    @Test func namesAreFoundInAnyCase() throws {
        #expect(try TPCHTable(named: "LineItem") == .lineitem)
        #expect {
            try TPCHTable(named: "linitem")
        } throws: { error in
            (error as? StarlingError)?.message.contains("did you mean 'lineitem'?") ?? false
        }
    }
}

/// Computes FNV-1a over rows that end in a line feed.
private struct Checksum {
    private(set) var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ row: [UInt8]) {
        for byte in row { add(byte) }
        add(UInt8(ascii: "\n"))
    }

    private mutating func add(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
}
