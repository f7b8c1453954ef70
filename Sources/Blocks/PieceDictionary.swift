// The pieces of a block of texts: ascending by bytes, each without what it begins with as the one
// before it does.
//
//   pieces := their count with the highest bit set (8), the bytes of all ends (8), a byte a piece: how
//       many bytes it shares with the one before (high half) and its length less one (low half), the
//       ends, zeros up to a multiple of 8
//
// Versions before wrote the byte count of a block (8) and that block, of the pieces.

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds pieces as they are copied into texts.
///
/// `@unchecked Sendable`: the bytes are never written again.
struct PieceDictionary: @unchecked Sendable {
    static let pieceByteCountMax = PieceTable.byteCountMax
    private static let mark: UInt64 = 1 << 63

    let count: Int
    /// The bytes that the pieces take in the block.
    let byteCount: Int
    /// The pieces, 16 bytes each.
    private let texts: Buffer
    private let lengthBytes: Buffer

    var start: UnsafeRawPointer { UnsafeRawPointer(texts.baseAddress) }
    var lengths: UnsafePointer<UInt8> { UnsafePointer(lengthBytes.pointer(to: UInt8.self)) }

    init(_ bytes: BlockBytes) throws(StarlingError) {
        guard bytes.body.count >= 16 else { throw Self.damage }
        let head = bytes.body.load(as: UInt64.self)
        if head & Self.mark == 0 {
            try self.init(block: try nestedBlock(bytes, at: 0))
        } else {
            try self.init(bytes.body, count: head & ~Self.mark)
        }
    }

    private init(count: Int, byteCount: Int) {
        self.count = count
        self.byteCount = byteCount
        texts = Buffer.zeroed(byteCount: max(1, count) * Self.pieceByteCountMax)
        lengthBytes = Buffer.zeroed(byteCount: max(1, count))
    }

    private init(_ body: UnsafeRawBufferPointer, count: UInt64) throws(StarlingError) {
        let endByteCount = body.load(fromByteOffset: 8, as: UInt64.self)
        guard count <= PieceTable.pieceCountMax,
            endByteCount <= count * UInt64(Self.pieceByteCountMax)
        else { throw Self.damage }
        let start = 16 + Int(count)
        let end = start + Int(endByteCount)
        guard (end + 7) / 8 * 8 <= body.count else { throw Self.damage }
        self.init(count: Int(count), byteCount: (end + 7) / 8 * 8)
        var source = start
        var former = 0
        for piece in 0..<self.count {
            let shape = body[16 + piece]
            let (shared, length) = (Int(shape >> 4), Int(shape & 15) + 1)
            guard shared < length, shared <= former, source + length - shared <= end else {
                throw Self.damage
            }
            let target = texts.baseAddress + piece * Self.pieceByteCountMax
            if shared > 0 {
                target.copyMemory(from: target - Self.pieceByteCountMax, byteCount: shared)
            }
            (target + shared).copyMemory(
                from: body.baseAddress.unsafelyUnwrapped + source, byteCount: length - shared)
            lengthBytes.pointer(to: UInt8.self)[piece] = UInt8(length)
            source += length - shared
            former = length
        }
        guard source == end else { throw Self.damage }
    }

    private init(block: ColumnBlock) throws(StarlingError) {
        guard block.physicalType == .string, block.nullCount == 0,
            block.rowCount <= PieceTable.pieceCountMax
        else { throw Self.damage }
        self.init(count: block.rowCount, byteCount: 8 + block.byteCount)
        let strings = try block.read(0..<count, as: .string).flattened()
        for piece in 0..<count {
            let string = strings.pointer(to: StringReference.self)[piece]
            guard string.count <= Self.pieceByteCountMax else { throw Self.damage }
            lengthBytes.pointer(to: UInt8.self)[piece] = UInt8(string.count)
            string.withBytes {
                UnsafeMutableRawBufferPointer(
                    start: texts.baseAddress + piece * Self.pieceByteCountMax, count: $0.count
                ).copyMemory(from: $0)
            }
        }
    }

    /// Appends pieces of a table, which ascend.
    static func append(_ pieces: [Int], of table: PieceTable, to writer: ByteWriter) {
        writer.append(UInt64(pieces.count) | mark)
        let countPlace = writer.count
        writer.append(UInt64(0))
        let ends = ByteWriter(capacity: pieces.count * 4)
        var former = UnsafeRawBufferPointer(start: nil, count: 0)
        for piece in pieces {
            let text = table.text(of: piece)
            let shared = zip(former, text).prefix { $0 == $1 }.count
            writer.append(UInt8(shared << 4 | (text.count - 1)))
            ends.append(UnsafeRawBufferPointer(rebasing: text[shared...]))
            former = text
        }
        writer.append(ends.bytes)
        writer.start.storeBytes(of: UInt64(ends.count), toByteOffset: countPlace, as: UInt64.self)
        writer.pad(toMultipleOf: 8)
    }

    private static var damage: StarlingError {
        blockDamage("the pieces of its strings contradict each other")
    }
}
