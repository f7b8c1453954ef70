// Columns of integers and what is stored as such, and of floating-point numbers.

import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Reads BOOLEAN, TINYINT to BIGINT, DATE, DATETIME and DECIMAL.
final class NumberReader: ValueReader {
    private let source: NumberSource
    private let allowed: Bounds
    private let scratch: Buffer

    init(
        _ node: ORCNode, _ physicalType: PhysicalType, presence: ByteStream?,
        _ source: NumberSource
    ) throws(ORCDamage) {
        guard let held = physicalType.integerBounds else {
            throw ORCDamage("a column was asked for as \(physicalType), which it can't be")
        }
        self.source = source
        allowed = (node.type.bounds ?? held).intersection(held) ?? held
        scratch = Buffer(byteCount: chunkCapacity * (source.isWide ? 16 : 8))
        super.init(node, physicalType, presence: presence)
    }

    override func readValues(
        _ count: Int, _ spread: ValueSpread, _ selection: Selection?
    ) throws(ORCDamage) -> Vector {
        if let selection, spread.validity == nil {
            let result = Vector(uninitialized: physicalType, count: selection.count)
            try source.decode(count, into: scratch.baseAddress)
            try convert(SpreadRows(selection), into: result.buffer.baseAddress)
            return result
        }
        var result = Vector(uninitialized: physicalType, count: spread.count)
        result.validity = spread.validity
        for block in spread.blocks {
            let target = result.buffer.baseAddress + block.lowerBound * physicalType.byteWidth
            try source.decode(spread.valueCount(of: block), into: scratch.baseAddress)
            try convert(SpreadRows(block, of: spread), into: target)
        }
        return selection.map { result.gathered(by: $0) } ?? result
    }

    private func convert(
        _ rows: SpreadRows, into target: UnsafeMutableRawPointer
    ) throws(ORCDamage) {
        let isAllowed = SpreadLoops.convert(
            scratch.baseAddress, isWide: source.isWide, rows, allowed, into: target, physicalType)
        guard isAllowed else {
            throw ORCDamage(
                "a value is no \(node.type), or lies outside of the bounds in the file's "
                    + "statistics; the file contradicts itself, write it again")
        }
    }

    override func takeCutCount() -> Int { source.takeCutCount() }

    override func skipValues(_ count: Int) throws(ORCDamage) { try source.skip(count) }

    override func seekValues(_ positions: inout StreamPositions) throws(ORCDamage) {
        try source.seek(&positions)
    }
}

/// Reads FLOAT and DOUBLE.
final class FloatingReader: ValueReader {
    private let stream: ByteStream

    init(
        _ node: ORCNode, _ physicalType: PhysicalType, presence: ByteStream?, _ stream: ByteStream
    ) throws(ORCDamage) {
        guard physicalType == node.type.widestPhysicalType else {
            throw ORCDamage("a column was asked for as \(physicalType), which it can't be")
        }
        self.stream = stream
        super.init(node, physicalType, presence: presence)
    }

    override func readValues(
        _ count: Int, _ spread: ValueSpread, _ selection: Selection?
    ) throws(ORCDamage) -> Vector {
        let width = physicalType.byteWidth
        let direct = spread.validity == nil ? selection : nil
        var result = Vector(uninitialized: physicalType, count: direct?.count ?? spread.count)
        result.validity = spread.validity
        for block in spread.blocks {
            let byteCount = spread.valueCount(of: block) * width
            try stream.require(byteCount)
            SpreadLoops.move(
                stream.next, direct.map { SpreadRows($0) } ?? SpreadRows(block, of: spread),
                byteWidth: width, into: result.buffer.baseAddress + block.lowerBound * width)
            stream.next += byteCount
        }
        guard direct == nil, let selection else { return result }
        return result.gathered(by: selection)
    }

    override func skipValues(_ count: Int) throws(ORCDamage) {
        try stream.skip(count * physicalType.byteWidth)
    }

    override func seekValues(_ positions: inout StreamPositions) throws(ORCDamage) {
        try stream.seek(&positions)
    }
}
