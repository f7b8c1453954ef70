// Integers that follow from those of another column are differences or factors, and read as if they
// were not.

import StarlingBlocks
import StarlingErrors
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct RelatedBlockTests {
    private let count = 20_000

    private func bases() -> [Value] {
        var generator = SeededGenerator(seed: 1)
        return (0..<count).map { _ in .integer(Int128(Int.random(in: 0...9_999, using: &generator)))
        }
    }

    /// Lets values follow others by up to 30, some of them NULL.
    private func followers(of bases: [Value], nullRate: Double) -> [Value] {
        var generator = SeededGenerator(seed: 2)
        return bases.map { base in
            guard case .integer(let number) = base, !generator.chance(nullRate) else {
                return .null
            }
            return .integer(number + Int128(Int.random(in: -3...27, using: &generator)))
        }
    }

    @Test(arguments: [0.0, 0.2, 1.0], [LogicalType.int, .bigint, .date])
    func valuesComeBack(_ nullRate: Double, _ type: LogicalType) throws {
        let others = bases()
        let values = followers(of: others, nullRate: nullRate)
        let base = try BlockEncoder.encode(Vector(others, as: type), for: .disk)
        let alone = try BlockEncoder.encode(Vector(values, as: type), for: .disk)
        let block = try BlockEncoder.encode(Vector(values, as: type), for: .disk, beside: base)
        #expect(alone.base == nil)
        guard nullRate < 1 else {
            #expect(block.encoding == .integers)
            return
        }
        #expect(block.encoding == .differences)
        #expect(block.base === base)
        #expect(block.byteCount < alone.byteCount * 2 / 3)
        var generator = SeededGenerator(seed: 3)
        for layout in [type.widestPhysicalType, .int64, .int128] {
            #expect(try block.read(0..<count, as: layout).allValues == values)
        }
        for chance in [0.001, 0.05, 0.9] {
            let start = Int.random(in: 0..<(count - 8_192), using: &generator)
            var selection = Selection()
            for row in 0..<8_192 where generator.chance(chance) {
                selection.rows[selection.count] = UInt16(row)
                selection.count += 1
            }
            let picked = try block.read(
                start..<(start + 8_192), selection, as: type.widestPhysicalType)
            #expect(
                picked.allValues
                    == (0..<selection.count).map { values[start + Int(selection.rows[$0])] })
        }
    }

    @Test func boundsHoldAllValues() throws {
        let others = bases()
        let values = followers(of: others, nullRate: 0)
        let base = try BlockEncoder.encode(Vector(others, as: .int), for: .disk)
        let block = try BlockEncoder.encode(Vector(values, as: .int), for: .disk, beside: base)
        let bounds = try #require(block.bounds)
        for (row, value) in values.enumerated() {
            guard case .integer(let number) = value else { continue }
            let own = bounds[row / packedCount]
            #expect(own.low <= number && number <= own.high)
        }
    }

    /// Quantities in hundredths, some of them none, and what so many of something cost.
    @Test(arguments: [0.0, 0.2], [-1, 1])
    func multiplesComeBack(_ nullRate: Double, _ sign: Int) throws {
        var generator = SeededGenerator(seed: 4)
        let quantities = (0..<count).map { _ in Int.random(in: 0...50, using: &generator) * 100 }
        let values: [Value] = quantities.map {
            let price = Int.random(in: 90_000...150_000, using: &generator)
            return generator.chance(nullRate) ? .null : .integer(Int128(sign * price * $0 / 100))
        }
        let base = try BlockEncoder.encode(
            Vector(quantities.map { .integer(Int128($0)) }, as: .bigint), for: .disk)
        let block = try BlockEncoder.encode(
            Vector(values, as: .bigint), for: .disk, beside: base)
        #expect(block.encoding == .products)
        #expect(block.base === base)
        for layout in [PhysicalType.int32, .int64, .int128] {
            #expect(try block.read(0..<count, as: layout).allValues == values)
        }
        // One value that is no multiple, and they are written for themselves.
        let other = try BlockEncoder.encode(
            Vector([.integer(7_777_777)] + values.dropFirst(), as: .bigint), for: .disk,
            beside: base)
        #expect(other.encoding != .products)
    }

    @Test func boundsHoldAllMultiples() throws {
        var generator = SeededGenerator(seed: 5)
        let others = (0..<count).map { _ in Int.random(in: -4_000...4_000, using: &generator) * 12 }
        let values = others.map { $0 / 12 * Int.random(in: -900...900, using: &generator) }
        let base = try BlockEncoder.encode(
            Vector(others.map { .integer(Int128($0)) }, as: .bigint), for: .disk)
        let block = try BlockEncoder.encode(
            Vector(values.map { .integer(Int128($0)) }, as: .bigint), for: .disk, beside: base)
        #expect(block.encoding == .products)
        let bounds = try #require(block.bounds)
        for (row, value) in values.enumerated() {
            let own = bounds[row / packedCount]
            #expect(own.low <= Int128(value) && Int128(value) <= own.high)
        }
    }

    /// A chain, NULLs, other numbers of rows and what is far away are no base.
    @Test func notAllIsABase() throws {
        let others = bases()
        let values = followers(of: others, nullRate: 0)
        let vector = Vector(values, as: .int)
        let base = try BlockEncoder.encode(Vector(others, as: .int), for: .disk)
        let differing = try BlockEncoder.encode(vector, for: .disk, beside: base)
        let holed = try BlockEncoder.encode(
            Vector([.null] + others.dropFirst(), as: .int), for: .disk)
        let shorter = try BlockEncoder.encode(
            Vector(Array(others.dropLast()), as: .int), for: .disk)
        let far = try BlockEncoder.encode(
            Vector(others.reversed().map { $0 }, as: .int), for: .disk)
        for other in [differing, holed, shorter, far] {
            let block = try BlockEncoder.encode(vector, for: .disk, beside: other)
            #expect(block.encoding == .integers)
            #expect(try block.read(0..<count, as: .int32).allValues == values)
        }
    }

    @Test func withoutItsBaseABlockIsDamaged() throws {
        let others = bases()
        let base = try BlockEncoder.encode(Vector(others, as: .int), for: .disk)
        let block = try BlockEncoder.encode(
            Vector(followers(of: others, nullRate: 0), as: .int), for: .disk, beside: base)
        let shorter = try BlockEncoder.encode(
            Vector(Array(others.dropLast()), as: .int), for: .disk)
        for other in [nil, shorter] {
            #expect(throws: StarlingError.self) {
                try ColumnBlock(block.buffer, byteCount: block.byteCount, beside: other)
            }
        }
    }
}
