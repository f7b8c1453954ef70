// Rows give back what was put into them, in every encoding.

import StarlingErrors
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct RowStoreTests {
    static let types: [PhysicalType] = [
        .int8, .int16, .int32, .int64, .int128, .float32, .float64, .string,
    ]

    /// Gives a value that differs from row to row, NULL for every fifth.
    static func value(_ type: PhysicalType, _ row: Int) -> Value {
        if row % 5 == 3 { return .null }
        switch type {
        case .float32, .float64: return .floating(Double(row) / 4 - 7)
        case .string:
            return .text(row % 2 == 0 ? "s\(row)" : "a string that is not inline \(row)")
        case .int8: return .integer(Int128(row % 100 - 50))
        case .int128: return .integer(Int128(row) << 80 - 5)
        default: return .integer(Int128(row * 3 - 1_000))
        }
    }

    private func makeStore(
        _ types: [PhysicalType], stateByteCount: Int = 0
    ) throws -> RowStore {
        let budget = MemoryBudget(byteLimit: 1 << 30, settingName: "limit")
        return RowStore(
            try RowLayout(types, stateByteCount: stateByteCount),
            reservation: Reservation(budget, purpose: "test"), firstBlockRowCount: 16,
            blockRowCountMaximum: 64)
    }

    @Test func layoutAlignsAndDoesNotOverlap() throws {
        let layout = try RowLayout(Self.types + Self.types, stateByteCount: 12)
        var used = [Bool](repeating: false, count: layout.rowByteCount)
        for column in layout.columns {
            #expect(column.offset % min(8, column.physicalType.byteWidth) == 0)
            for byte in column.offset..<(column.offset + column.physicalType.byteWidth) {
                #expect(!used[byte])
                used[byte] = true
            }
        }
        #expect(layout.nullByteCount == 2)
        #expect(!used[layout.nullOffset...].contains(true))
        #expect(layout.stateOffset % 8 == 0)
        #expect(layout.stateOffset >= layout.nullOffset + 2)
        #expect(layout.rowByteCount % 8 == 0)
        #expect(layout.rowByteCount >= layout.stateOffset + 12)
    }

    @Test func nestedValuesAreRefused() {
        #expect(throws: StarlingError.self) { try RowLayout([.int32, .list]) }
    }

    @Test func flatColumnsComeBack() throws {
        let store = try makeStore(Self.types, stateByteCount: 8)
        let rowCount = 200
        let columns = Self.types.map { type in
            Vector(type, values: (0..<rowCount).map { Self.value(type, $0) })
        }
        let rows = RowAddresses()
        try store.append(columns, count: rowCount, into: rows.pointer)
        #expect(store.rowCount == rowCount)
        #expect(store.blocks.map(\.rowCount).reduce(0, +) == rowCount)
        for (position, type) in Self.types.enumerated() {
            let vector = store.layout.gather(
                position, rows: rows.pointer, count: rowCount, owner: store)
            for row in 0..<rowCount {
                #expect(vector.value(at: row) == Self.value(type, row))
                #expect(
                    rows.pointer[row].load(
                        fromByteOffset: store.layout.stateOffset, as: UInt64.self) == 0)
            }
        }
    }

    @Test func selectedRowsOfAllEncodingsComeBack() throws {
        for type in Self.types {
            let store = try makeStore([type, .int32, type])
            let dictionaryValues = (0..<7).map { Self.value(type, $0 * 5 + 1) }
            let codes = Buffer(byteCount: 4 * 100)
            for row in 0..<100 { codes.pointer(to: UInt32.self)[row] = UInt32(row * 3 % 7) }
            let validity = Validity(count: 100, allValid: true)
            validity.setNull(4)
            let dictionary = VectorDictionary(
                values: Vector(type, values: dictionaryValues), isSorted: false)
            let columns = [
                Vector(codes: codes, of: dictionary, count: 100, validity: validity),
                Vector(constant: .null, .int32, count: 100),
                Vector(constant: Self.value(type, 1), type, count: 100),
            ]
            let selected: [UInt16] = [0, 4, 5, 66, 99]
            let rows = RowAddresses()
            try store.append(columns, selected: selected, count: selected.count, into: rows.pointer)
            let read = (0..<3).map {
                store.layout.gather($0, rows: rows.pointer, count: selected.count, owner: store)
            }
            for (index, row) in selected.enumerated() {
                let expected = row == 4 ? Value.null : dictionaryValues[Int(row) * 3 % 7]
                #expect(read[0].value(at: index) == expected)
                #expect(read[1].value(at: index) == .null)
                #expect(read[2].value(at: index) == Self.value(type, 1))
            }
        }
    }

    @Test func nullRowIsNull() throws {
        let layout = try RowLayout(Self.types)
        let row = layout.makeNullRow()
        let rows = RowAddresses()
        rows.pointer[0] = row.baseAddress
        for position in Self.types.indices {
            let vector = layout.gather(position, rows: rows.pointer, count: 1, owner: nil)
            #expect(vector.value(at: 0) == .null)
        }
    }

    @Test func memoryIsReservedAndRefused() throws {
        let budget = MemoryBudget(byteLimit: 10_000, settingName: "limit")
        let store = RowStore(
            try RowLayout([.int64]), reservation: Reservation(budget, purpose: "test"))
        let vector = Vector(.int64, values: (0..<512).map { .integer(Int128($0)) })
        #expect(throws: StarlingError.self) {
            for _ in 0..<10 { try store.append([vector], count: 512) }
        }
        #expect(budget.usedByteCount >= store.byteCount)
    }
}
