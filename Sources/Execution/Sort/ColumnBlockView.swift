// Random access to the rows of many blocks: pointers laid out so that a value costs two loads.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Reads rows of blocks by number.
///
/// `@unchecked Sendable`: nothing here changes after it is made.
final class ColumnBlockView: @unchecked Sendable {
    private let blocks: [ColumnBlock]
    /// Counts the block numbers, those of other workers' blocks included.
    private let blockCount: Int
    private let types: [PhysicalType]
    private let isNullable: [Bool]
    /// The words' addresses, one a block.
    private let wordBases: Buffer
    /// The values' addresses: column c of block b at `c * blockCount + b`.
    private let valueBases: Buffer
    /// Nil addresses where a block has no NULL in the column.
    private let validityBases: Buffer

    /// Views blocks that no one fills any more.
    init(_ blocks: [ColumnBlock], types: [PhysicalType]) {
        self.blocks = blocks
        self.types = types
        blockCount = (blocks.map(\.number).max() ?? -1) + 1
        isNullable = types.indices.map { column in
            blocks.contains { $0.validity[column] != nil }
        }
        wordBases = Buffer.zeroed(byteCount: blockCount * 8)
        valueBases = Buffer.zeroed(byteCount: blockCount * types.count * 8)
        validityBases = Buffer.zeroed(byteCount: blockCount * types.count * 8)
        let words = wordBases.pointer(to: UnsafePointer<UInt64>?.self)
        let values = valueBases.pointer(to: UnsafeRawPointer?.self)
        let validity = validityBases.pointer(to: UnsafePointer<UInt64>?.self)
        for block in blocks {
            let number = block.number
            words[number] = UnsafePointer(block.words.pointer(to: UInt64.self))
            for column in types.indices {
                let place = column * blockCount + number
                values[place] = UnsafeRawPointer(block.values[column].baseAddress)
                validity[place] = block.validity[column].map { UnsafePointer($0.words) }
            }
        }
    }

    @inline(__always)
    func word(_ word: Int, _ row: RowNumber) -> UInt64 {
        let base = wordBases.pointer(to: UnsafePointer<UInt64>.self)[Int(row &>> columnBlockShift)]
        return base[word &<< Int(columnBlockShift) &+ Int(row & columnBlockMask)]
    }

    @inline(__always)
    func isValid(_ column: Int, _ row: RowNumber) -> Bool {
        let place = column &* blockCount &+ Int(row &>> columnBlockShift)
        guard let words = validityBases.pointer(to: UnsafePointer<UInt64>?.self)[place] else {
            return true
        }
        let bit = row & columnBlockMask
        return (words[Int(bit &>> 6)] &>> UInt64(bit & 63)) & 1 != 0
    }

    @inline(__always)
    func value<Element: BitwiseCopyable>(
        _ column: Int, _ row: RowNumber, as type: Element.Type = Element.self
    ) -> Element {
        let place = column &* blockCount &+ Int(row &>> columnBlockShift)
        let base = valueBases.pointer(to: UnsafeRawPointer.self)[place]
        return base.assumingMemoryBound(to: Element.self)[Int(row & columnBlockMask)]
    }

    /// Gathers rows of all columns into a dense chunk whose strings stay in the blocks.
    func gather(_ rows: UnsafePointer<RowNumber>, stride: Int = 1, count: Int) -> Chunk {
        Chunk(
            columns: types.indices.map { gather($0, rows, stride: stride, count: count) },
            count: count)
    }

    /// Gathers one column; row i is `rows[i * stride]`.
    func gather(
        _ column: Int, _ rows: UnsafePointer<RowNumber>, stride: Int = 1, count: Int
    ) -> Vector {
        var result = Vector(uninitialized: types[column], count: count)
        switch types[column].byteWidth {
        case 1: gatherValues(column, rows, stride, count, result.pointer(to: UInt8.self))
        case 2: gatherValues(column, rows, stride, count, result.pointer(to: UInt16.self))
        case 4: gatherValues(column, rows, stride, count, result.pointer(to: UInt32.self))
        case 8: gatherValues(column, rows, stride, count, result.pointer(to: UInt64.self))
        case 16: gatherValues(column, rows, stride, count, result.pointer(to: UInt128.self))
        default: break
        }
        if types[column] == .string { result.owner = self }
        if isNullable[column] {
            let mask = Validity(count: count, allValid: true)
            var hasNull = false
            for i in 0..<count where !isValid(column, rows[i &* stride]) {
                mask.setNull(i)
                hasNull = true
            }
            if hasNull { result.validity = mask }
        }
        return result
    }

    private func gatherValues<Element: BitwiseCopyable>(
        _ column: Int, _ rows: UnsafePointer<RowNumber>, _ stride: Int, _ count: Int,
        _ target: UnsafeMutablePointer<Element>
    ) {
        let bases =
            valueBases.pointer(to: UnsafePointer<Element>.self) + column * blockCount
        for i in 0..<count {
            let row = rows[i &* stride]
            target[i] = bases[Int(row &>> columnBlockShift)][Int(row & columnBlockMask)]
        }
    }
}
