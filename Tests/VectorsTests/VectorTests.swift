import StarlingMemory
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct VectorTests {
    @Test(arguments: scalarPhysicalTypes)
    func everyEncodingHoldsItsValues(_ type: PhysicalType) {
        var generator = SeededGenerator(seed: 3)
        withEvery("encoding", in: SampleEncoding.allCases) { encoding in
            withEvery("nulls", in: [0, 0.3, 1]) { nullRate in
                let column = SampleColumn(
                    type, encoding, count: 200, nullRate: nullRate, using: &generator)
                #expect(column.vector.allValues == column.values, TestTrace.comment)
                #expect(
                    (0..<200).map(column.vector.isValid) == column.values.map { !$0.isNull },
                    TestTrace.comment)
                let view = DecodedVector(column.vector)
                #expect(
                    (0..<200).map(view.isValid) == column.values.map { !$0.isNull },
                    TestTrace.comment)
            }
        }
    }

    @Test(arguments: scalarPhysicalTypes)
    func slicesShareTheMemory(_ type: PhysicalType) {
        var generator = SeededGenerator(seed: 4)
        withEvery("encoding", in: SampleEncoding.allCases) { encoding in
            withEvery("nulls", in: [0, 0.3]) { nullRate in
                let column = SampleColumn(
                    type, encoding, count: 300, nullRate: nullRate, using: &generator)
                let slice = column.vector.slice(from: 128, count: 99)
                #expect(slice.allValues == Array(column.values[128..<227]), TestTrace.comment)
                #expect(slice.buffer === column.vector.buffer, TestTrace.comment)
                let inner = slice.slice(from: 64, count: 7)
                #expect(inner.allValues == Array(column.values[192..<199]), TestTrace.comment)
            }
        }
    }

    @Test func constantsHaveOneValueForAnyNumberOfRows() {
        let constant = Vector(constant: .integer(7), .int16, count: 2_048)
        #expect(constant.isConstant && !constant.isFlat && !constant.isConstantNull)
        #expect(constant.buffer.byteCount == 2)
        #expect(constant.value(at: 2_047) == .integer(7))
        let null = Vector(constant: .null, .string, count: 5)
        #expect(null.isConstantNull)
        #expect(null.allValues == Array(repeating: .null, count: 5))
    }

    @Test func codesReferToTheDictionary() {
        let words = Vector(.string, values: [.text("ash"), .text("beech")])
        let dictionary = VectorDictionary(values: words, isSorted: true)
        let codes = Buffer(byteCount: 12)
        for (row, code) in [UInt32(1), 0, 1].enumerated() {
            codes.pointer(to: UInt32.self)[row] = code
        }
        let validity = Validity(count: 3, allValid: true)
        validity.setNull(1)
        let vector = Vector(codes: codes, of: dictionary, count: 3, validity: validity)
        #expect(vector.physicalType == .string)
        #expect(vector.dictionary === dictionary && !vector.isFlat)
        #expect(vector.allValues == [.text("beech"), .null, .text("beech")])
    }

    @Test func chunksProject() {
        let columns = (0..<3).map { Vector(constant: .integer($0), .int8, count: 4) }
        let chunk = Chunk(columns: columns, count: 4).projected(to: [2, 0, 2])
        #expect(chunk.count == 4)
        #expect(chunk.columns.map { $0.value(at: 3) } == [2, 0, 2].map { .integer($0) })
    }

    @Test func listsAndStructuresAreReadAsValues() {
        let lists = LogicalType.array(.int)
        let values: [Value] = [
            .list([.integer(1), .null]), .null, .list([]), .list([.integer(3)]),
        ]
        #expect(Vector(values, as: lists).allValues == values)
        let structures: [Value] = [.list([.integer(1), .text("a")]), .list([.null, .null])]
        let type = LogicalType.structure([
            StructureField(name: "n", type: .int), StructureField(name: "t", type: .string),
        ])
        #expect(Vector(structures, as: type).allValues == structures)
    }
}
