// Chunks as bytes, for spill files: read back by the process that wrote them.
//
// A chunk is its row count and column count, then its vectors. A vector is a header of eight words
// (`VectorHeader`), then, each padded to 16 bytes: validity, values, the text of strings, and
// then its children. Constants stay constants, dictionaries are decoded. Strings are written as
// their references; those that are not inline have the offset of their text instead of an address.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Describes an encoded vector.
struct VectorHeader: BitwiseCopyable {
    var physicalType: UInt64
    var isConstant: UInt64
    var count: UInt64
    var validityByteCount: UInt64
    var valueByteCount: UInt64
    var textByteCount: UInt64
    var childCount: UInt64
    var reserved: UInt64 = 0

    static let byteCount = 64
}

/// Writes chunks to a buffer that it uses again.
struct ChunkEncoder {
    private var buffer = Buffer(byteCount: 1 << 16)
    private(set) var byteCount = 0

    /// Returns a buffer whose first `byteCount` bytes are the chunk.
    mutating func encode(_ chunk: Chunk) throws(StarlingError) -> Buffer {
        byteCount = 0
        let start = makeRoom(16)
        start.storeBytes(of: UInt64(chunk.count), as: UInt64.self)
        start.storeBytes(of: UInt64(chunk.columns.count), toByteOffset: 8, as: UInt64.self)
        for column in chunk.columns { encode(column) }
        return buffer
    }

    /// Appends room and returns its address, valid until more is made.
    private mutating func makeRoom(_ count: Int) -> UnsafeMutableRawPointer {
        let padded = (count + 15) & ~15
        if byteCount + padded > buffer.byteCount {
            let larger = Buffer(byteCount: max(byteCount + padded, 2 * buffer.byteCount))
            larger.baseAddress.copyMemory(from: buffer.baseAddress, byteCount: byteCount)
            buffer = larger
        }
        defer { byteCount += padded }
        let address = buffer.baseAddress + byteCount
        // The padding's bytes are written, too: no byte of memory that is not ours goes out.
        if padded >= 16 {
            (address + padded - 16).initializeMemory(as: UInt8.self, repeating: 0, count: 16)
        }
        return address
    }

    private mutating func encode(_ vector: Vector) {
        let plain = vector.dictionary == nil ? vector : vector.flattened()
        let vector = plain.isConstant ? plain : plain.compacted()
        let stored = vector.isConstant ? 1 : vector.count
        let children = vector.children?.vectors ?? []
        let valueByteCount = stored * vector.physicalType.byteWidth
        let validityByteCount = vector.validity == nil ? 0 : Validity.wordCount(for: stored) * 8
        let header = VectorHeader(
            physicalType: UInt64(vector.physicalType.rawValue),
            isConstant: vector.isConstant ? 1 : 0, count: UInt64(vector.count),
            validityByteCount: UInt64(validityByteCount), valueByteCount: UInt64(valueByteCount),
            textByteCount: UInt64(Self.textByteCount(vector, stored)),
            childCount: UInt64(children.count))
        makeRoom(VectorHeader.byteCount).storeBytes(of: header, as: VectorHeader.self)
        if let validity = vector.validity {
            makeRoom(validityByteCount).copyMemory(
                from: validity.words, byteCount: validityByteCount)
        }
        if vector.physicalType == .string {
            encodeStrings(vector, stored, textByteCount: Int(header.textByteCount))
        } else if valueByteCount > 0 {
            makeRoom(valueByteCount).copyMemory(
                from: vector.pointer(to: UInt8.self), byteCount: valueByteCount)
        }
        for child in children { encode(child) }
    }

    /// Counts the bytes of texts that do not lie in their references.
    static func textByteCount(_ vector: Vector, _ stored: Int) -> Int {
        guard vector.physicalType == .string else { return 0 }
        let strings = vector.pointer(to: StringReference.self)
        var total = 0
        for row in 0..<stored where vector.isValid(row) && !strings[row].isInline {
            total += strings[row].count
        }
        return total
    }

    private mutating func encodeStrings(_ vector: Vector, _ stored: Int, textByteCount: Int) {
        let strings = vector.pointer(to: StringReference.self)
        let references = makeRoom(stored * 16).assumingMemoryBound(to: StringReference.self)
        var next = 0
        for row in 0..<stored {
            var reference = vector.isValid(row) ? strings[row] : .empty
            if !reference.isInline {
                reference.tail = UInt64(next)
                next += reference.count
            }
            references[row] = reference
        }
        guard textByteCount > 0 else { return }
        var target = makeRoom(textByteCount)
        for row in 0..<stored where vector.isValid(row) && !strings[row].isInline {
            target.copyMemory(from: strings[row].address, byteCount: strings[row].count)
            target += strings[row].count
        }
    }
}
