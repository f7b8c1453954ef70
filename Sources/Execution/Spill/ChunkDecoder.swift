// Chunks back from the bytes that `ChunkEncoder` wrote. Values are used where they lie; only the
// references of strings get their addresses back.

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Reads one chunk out of a buffer.
struct ChunkDecoder {
    private let buffer: Buffer
    private let path: String
    private var offset = 0

    init(_ buffer: Buffer, path: String) {
        self.buffer = buffer
        self.path = path
    }

    func decode() throws(StarlingError) -> Chunk {
        var copy = self
        return try copy.decodeChunk()
    }

    private mutating func decodeChunk() throws(StarlingError) -> Chunk {
        let start = try take(16)
        let count = (buffer.baseAddress + start).load(as: UInt64.self)
        let columnCount = (buffer.baseAddress + start + 8).load(as: UInt64.self)
        guard count <= UInt64(buffer.byteCount) << 16, columnCount <= UInt64(buffer.byteCount)
        else { throw damaged() }
        var columns: [Vector] = []
        for _ in 0..<columnCount { columns.append(try decodeVector()) }
        return Chunk(columns: columns, count: Int(count))
    }

    private func damaged() -> StarlingError {
        StarlingError(.file, "the spill file '\(path)' was changed while a query used it")
    }

    /// Steps over `count` bytes and their padding, and returns where they begin.
    private mutating func take(_ count: Int) throws(StarlingError) -> Int {
        guard count >= 0, count <= buffer.byteCount - offset else { throw damaged() }
        let padded = (count + 15) & ~15
        guard padded <= buffer.byteCount - offset else { throw damaged() }
        defer { offset += padded }
        return offset
    }

    private mutating func decodeVector() throws(StarlingError) -> Vector {
        let start = try take(VectorHeader.byteCount)
        let header = (buffer.baseAddress + start).load(as: VectorHeader.self)
        guard let type = PhysicalType(rawValue: UInt8(truncatingIfNeeded: header.physicalType)),
            header.count <= UInt64(Int32.max)
        else { throw damaged() }
        let count = Int(header.count)
        let stored = header.isConstant != 0 ? 1 : count
        guard header.valueByteCount == UInt64(stored * type.byteWidth) else { throw damaged() }
        var validity: Validity?
        if header.validityByteCount > 0 {
            guard header.validityByteCount == UInt64(Validity.wordCount(for: stored) * 8) else {
                throw damaged()
            }
            let place = try take(Int(header.validityByteCount))
            validity = Validity(buffer: buffer, wordOffset: place / 8)
        }
        let values = try take(Int(header.valueByteCount))
        var vector = Vector(
            type, header.isConstant != 0 ? .constant : .flat, count: count, buffer: buffer,
            byteOffset: values, validity: validity)
        if type == .string {
            guard header.textByteCount <= UInt64(buffer.byteCount) else { throw damaged() }
            let text = try take(Int(header.textByteCount))
            try relocate(vector, stored, text..<(text + Int(header.textByteCount)))
            vector.owner = buffer
        }
        guard header.childCount <= UInt64(buffer.byteCount) else { throw damaged() }
        if header.childCount > 0 {
            var children: [Vector] = []
            for _ in 0..<header.childCount { children.append(try decodeVector()) }
            vector.children = NestedVectors(children)
        }
        return vector
    }

    /// Turns offsets of text into addresses.
    private func relocate(
        _ vector: Vector, _ stored: Int, _ text: Range<Int>
    ) throws(StarlingError) {
        let strings = vector.pointer(to: StringReference.self)
        let base = buffer.baseAddress + text.lowerBound
        for row in 0..<stored where !strings[row].isInline {
            let start = strings[row].tail
            guard start <= UInt64(text.count),
                strings[row].count <= text.count - Int(start)
            else { throw damaged() }
            strings[row].tail = UInt64(UInt(bitPattern: base + Int(start)))
        }
    }
}
