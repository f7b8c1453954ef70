// Hashes that stand on disk, in indexes of keys: the figures follow from docs/format.md and were
// computed by a program in another language.

import StarlingKernels
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct StoredHashTests {
    private func hashes(_ columns: [Vector]) -> [UInt64] {
        let count = columns[0].count
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { target in
            let start = target.baseAddress.unsafelyUnwrapped
            ColumnHasher().hash(columns, count: count, into: start)
            return Array(target)
        }
    }

    private func texts(_ texts: [String]) -> Vector {
        Vector(.string, values: texts.map { .bytes(Array($0.utf8)) })
    }

    @Test func integersOfAllWidths() {
        let wide: [Int128] = [0, 1, -1, 7_777_777, 1 << 62, -(1 << 63), 1 << 70, -(1 << 70)]
        let expected: [UInt64] = [
            0, 0x4179_B061_E0C0_E0D0, 0x448E_29CE_D410_3459, 0xD062_7C8E_AADF_1AE9,
            0x9A80_B7B8_1594_4DD4, 0x7244_6BBC_F6C7_99D7, 0xB29A_4BB3_4407_1722,
            0xF10F_A470_01AF_169A,
        ]
        #expect(hashes([Vector(.int128, values: wide.map { .integer($0) })]) == expected)
        let narrow = wide.prefix(6).map { Value.integer($0) }
        #expect(hashes([Vector(.int64, values: narrow)]) == Array(expected.prefix(6)))
        for type in [PhysicalType.int8, .int16, .int32] {
            let small = Vector(type, values: Array(narrow.prefix(3)))
            #expect(hashes([small]) == Array(expected.prefix(3)))
        }
    }

    @Test func textsOfAllLengths() {
        let values = [
            "", "a", "twelve bytes", "thirteen char", "exactly 16 chars",
            "a longer text of 17 and more, of which there are pieces",
        ]
        #expect(
            hashes([texts(values)]) == [
                0x1FF5_C292_3A78_8D2C, 0x9596_9AEE_DC77_9214, 0x277C_9847_EB0B_FAC1,
                0xD155_16B7_E1D1_3B11, 0xADD4_0346_8AB1_A1A4, 0xA403_3601_CCC2_B164,
            ])
    }

    @Test func severalColumnsAndNulls() {
        let numbers = Vector(.int32, values: [.integer(5), .integer(5)])
        let others = Vector(.string, values: [.bytes(Array("x".utf8)), .null])
        #expect(hashes([numbers, others]) == [0x9146_FCDB_3967_67D6, 0xDF7C_5500_CA4F_E268])
    }
}
