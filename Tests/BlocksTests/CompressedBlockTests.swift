// Blocks that are compressed once more come back as they were; bytes that are not what was written give
// an error or a block.

import StarlingBlocks
import StarlingErrors
import StarlingMemory
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct CompressedBlockTests {
    private func block(_ shape: ColumnShape, nullRate: Double = 0.1) throws -> ColumnBlock {
        let values = shape.values(10_000, nullRate: nullRate, seed: 1)
        return try BlockEncoder.encode(Vector(values, as: shape.logicalType), for: .disk)
    }

    private func buffer(_ bytes: UnsafeRawBufferPointer) -> Buffer {
        let copy = Buffer(byteCount: bytes.count)
        copy.baseAddress.copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
        return copy
    }

    @Test(arguments: ColumnShape.allCases, [1, 19])
    func blocksComeBack(_ shape: ColumnShape, _ level: Int) throws {
        let block = try block(shape)
        guard let compressed = CompressedBlock.compress(block, level: level) else { return }
        #expect(compressed.count % 8 == 0 && compressed.count < block.byteCount)
        let expanded = try #require(
            try CompressedBlock.expand(buffer(compressed.bytes), byteCount: compressed.count))
        let start = UnsafeRawBufferPointer(
            start: expanded.buffer.baseAddress, count: expanded.byteCount)
        #expect(start.elementsEqual(block.bytes))
    }

    /// Noise stays as it is, and what repeats itself becomes small.
    @Test func compressionIsWorthIt() throws {
        let noise = try block(.noise, nullRate: 0)
        #expect(CompressedBlock.compress(noise, level: 3) == nil)
        let texts = (0..<10_000).map { Value.text("\($0 % 10) is a text that comes \($0)") }
        let repeating = try BlockEncoder.encode(Vector(texts, as: .string), for: .memory)
        let compressed = try #require(CompressedBlock.compress(repeating, level: 3))
        #expect(compressed.count * 3 < repeating.byteCount)
        #expect(try CompressedBlock.expand(buffer(noise.bytes), byteCount: noise.byteCount) == nil)
    }

    @Test func damageIsAnErrorOrABlock() throws {
        let texts = (0..<2_000).map { Value.text("\($0 % 10) is a text that comes \($0)") }
        let block = try BlockEncoder.encode(Vector(texts, as: .string), for: .memory)
        let compressed = try #require(CompressedBlock.compress(block, level: 3))
        var generator = SeededGenerator(seed: 2)
        for round in 0..<1_000 {
            let copy = buffer(compressed.bytes)
            // Every other time the head, which says how large the block is.
            let end = round % 2 == 0 ? 40 : compressed.count
            let place = Int.random(in: 0..<end, using: &generator)
            let byte = copy.baseAddress + place
            byte.storeBytes(
                of: byte.load(as: UInt8.self)
                    ^ UInt8(1 << Int.random(in: 0..<8, using: &generator)),
                as: UInt8.self)
            let byteCount =
                round % 5 == 0
                ? Int.random(in: 0...compressed.count, using: &generator) : compressed.count
            do throws(StarlingError) {
                guard let inner = try CompressedBlock.expand(copy, byteCount: byteCount) else {
                    continue
                }
                let opened = try ColumnBlock(inner.buffer, byteCount: inner.byteCount)
                _ = try opened.read(0..<min(100, opened.rowCount), as: opened.physicalType)
            } catch {
                #expect(error.kind == .data)
            }
        }
    }
}
