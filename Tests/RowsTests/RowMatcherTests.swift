// Keys of chunks and rows are equal exactly where their values are.

import StarlingErrors
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct RowMatcherTests {
    @Test(arguments: [false, true]) func pairsMatchAsValuesDo(isConstant: Bool) throws {
        let budget = MemoryBudget(byteLimit: 1 << 30, settingName: "limit")
        for first in RowStoreTests.types {
            for second in [PhysicalType.int32, .string] {
                let layout = try RowLayout([.int16, first, second])
                let store = RowStore(layout, reservation: Reservation(budget, purpose: "test"))
                let left = (0..<40).map { RowStoreTests.value(first, $0 % 8) }
                let right = (0..<40).map { RowStoreTests.value(second, $0 / 8) }
                let stored = [
                    Vector(constant: .integer(1), .int16, count: 40),
                    Vector(first, values: left), Vector(second, values: right),
                ]
                let rows = RowAddresses()
                try store.append(stored, count: 40, into: rows.pointer)
                let probe =
                    isConstant
                    ? [Vector(constant: left[3], first, count: 40), stored[2]]
                    : [stored[1], stored[2]]
                let matcher = RowMatcher([
                    .init(column: layout.columns[1], isNullSafe: true),
                    .init(column: layout.columns[2], isNullSafe: true),
                ])
                // Row i of the chunk against the stored row 3i.
                let probeRows = (0..<40).map { UInt16($0) }
                let addresses = (0..<40).map { rows.pointer[($0 * 3) % 40] }
                var isMatch = [UInt8](repeating: 9, count: 40)
                matcher.match(
                    probe, probeRows: probeRows, addresses: addresses, count: 40,
                    isMatch: &isMatch)
                for row in 0..<40 {
                    let other = (row * 3) % 40
                    let isEqual =
                        left[isConstant ? 3 : row] == left[other] && right[row] == right[other]
                    #expect(isMatch[row] == (isEqual ? 1 : 0))
                }
            }
        }
    }
}
