// Whatever goes into a block comes out of it again, in any window and layout; and bytes that are not
// what was written give an error or values, never a crash.

import StarlingBlocks
import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors
import StarlingTestSupport
import Testing

@Suite struct ColumnBlockTests {
    @Test(arguments: ColumnShape.allCases, [0.0, 0.1, 1.0])
    func valuesComeBack(_ shape: ColumnShape, _ nullRate: Double) throws {
        for count in [0, 1, 63, 1_024, 1_025, 10_000] {
            let values = shape.values(count, nullRate: nullRate, seed: UInt64(count))
            let block = try BlockEncoder.encode(Vector(values, as: shape.logicalType), for: .disk)
            #expect(block.rowCount == count)
            #expect(block.nullCount == values.count(where: \.isNull))
            let vector = try block.read(0..<count, as: shape.type)
            #expect(vector.allValues.elementsEqual(values, by: areSame), "\(shape) of \(count)")
        }
    }

    @Test(arguments: ColumnShape.allCases)
    func windowsAndSelectionsAreTheRows(_ shape: ColumnShape) throws {
        let values = shape.values(9_000, nullRate: 0.05, seed: 1)
        let block = try BlockEncoder.encode(Vector(values, as: shape.logicalType), for: .disk)
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<40 {
            let start = Int.random(in: 0..<9_000, using: &generator)
            let end = min(9_000, start + Int.random(in: 1...2_048, using: &generator))
            let all = try block.read(start..<end, as: shape.type)
            #expect(all.allValues.elementsEqual(values[start..<end], by: areSame))
            var selection = Selection()
            for row in 0..<(end - start) where generator.chance(0.3) {
                selection.rows[selection.count] = UInt16(row)
                selection.count += 1
            }
            let expected = (0..<selection.count).map { values[start + Int(selection.rows[$0])] }
            let picked = try block.read(start..<end, selection, as: shape.type)
            #expect(picked.allValues.elementsEqual(expected, by: areSame))
        }
    }

    @Test func integersAreReadInNarrowerLayouts() throws {
        let values = ColumnShape.small.values(3_000, nullRate: 0, seed: 3)
        let block = try BlockEncoder.encode(Vector(.int32, values: values), for: .disk)
        for type in integerPhysicalTypes {
            let vector = try block.read(0..<3_000, as: type)
            #expect(vector.physicalType == type)
            #expect(vector.allValues == values)
        }
    }

    @Test(arguments: [
        (ColumnShape.small, BlockEncoding.integers, 10_000), (.linear, .integers, 500),
        (.sorted, .integers, 6_500), (.jumping, .integers, 2_500), (.outliers, .integers, 12_000),
        (.repeating, .integers, 500), (.runs, .integerRuns, 2_000),
        (.few, .integerDictionary, 3_500),
        (.decimals, .decimals, 24_000), (.noise, .plain, 80_100),
        (.words, .textDictionary, 4_500), (.comments, .textPieces, 80_000),
        (.zerosAndOnes, .textPieces, 60_000), (.longTexts, .textFrames, 400_000),
        (.randomTexts, .texts, 140_000), (.constant, .integers, 500),
        (.hashes, .textForm, 163_000), (.serials, .textForm, 48_000),
    ])
    func shapesFindTheirEncodings(
        _ shape: ColumnShape, _ encoding: BlockEncoding, _ byteCountMax: Int
    ) throws {
        let values = shape.values(10_000, nullRate: 0, seed: 4)
        let block = try BlockEncoder.encode(Vector(values, as: shape.logicalType), for: .disk)
        #expect(block.encoding == encoding)
        #expect(block.byteCount <= byteCountMax)
    }

    @Test(arguments: [ColumnShape.hashes, .serials, .words])
    func boundsOfTextsHoldAllOfThem(_ shape: ColumnShape) throws {
        let values = shape.values(5_000, nullRate: 0.1, seed: 7)
        let block = try BlockEncoder.encode(Vector(values, as: shape.logicalType), for: .disk)
        guard let bounds = block.textBounds else { return }
        #expect(bounds.count == 5)
        for (row, value) in values.enumerated() where !value.isNull {
            let (low, high) = bounds[row / 1_024]
            #expect(!bytes(value).lexicographicallyPrecedes(bytes(low)), "row \(row)")
            #expect(!bytes(high).lexicographicallyPrecedes(bytes(value)), "row \(row)")
        }
    }

    @Test(arguments: ColumnShape.allCases)
    func damageIsAnErrorOrValues(_ shape: ColumnShape) throws {
        let values = shape.values(5_000, nullRate: 0.1, seed: 5)
        let block = try BlockEncoder.encode(Vector(values, as: shape.logicalType), for: .disk)
        var generator = SeededGenerator(seed: 6)
        for round in 0..<300 {
            let copy = Buffer(byteCount: block.byteCount)
            copy.baseAddress.copyMemory(
                from: block.buffer.baseAddress, byteCount: block.byteCount)
            var byteCount = block.byteCount
            if round % 4 == 0 {
                byteCount = Int.random(in: 0..<byteCount, using: &generator) / 8 * 8
            } else {
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    // The beginning is where structure is.
                    let limit = generator.chance(0.7) ? min(256, byteCount) : byteCount
                    let place = Int.random(in: 0..<limit, using: &generator)
                    copy.pointer(to: UInt8.self)[place] ^=
                        1 << UInt8.random(in: 0..<8, using: &generator)
                }
            }
            guard let damaged = try? ColumnBlock(copy, byteCount: byteCount),
                damaged.rowCount < 100_000
            else { continue }
            _ = try? damaged.read(
                0..<min(damaged.rowCount, 2_048), as: damaged.physicalType
            ).allValues
        }
    }

    private func bytes(_ value: Value) -> [UInt8] {
        if case .bytes(let bytes) = value { bytes } else { [] }
    }

    private func areSame(_ left: Value, _ right: Value) -> Bool {
        if case .floating(let left) = left, case .floating(let right) = right {
            return left.bitPattern == right.bitPattern
        }
        return left == right
    }
}
