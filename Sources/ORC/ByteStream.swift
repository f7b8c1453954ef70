// One stream of a stripe as decompressed bytes in order. Compressed streams are chunks that are
// decompressed one after the other; a value or a run that goes over the end of a chunk is moved to
// the front of the next one's memory, so that decoders always see it in one piece.

import StarlingMemory

/// Gives the bytes of a stream. Belongs to one reader.
final class ByteStream {
    private let bytes: StripeBytes
    private let decompressor: Decompressor
    private let range: Range<Int>

    /// The bytes that are there; 64 more may be read behind their end.
    var next: UnsafeRawPointer
    private(set) var end: UnsafeRawPointer
    /// What they lie in.
    private(set) var owner: Buffer
    /// The place in the file behind what was taken from it.
    private var place: Int
    private var piece: Buffer
    private var pieceRange = 0..<0
    private var pieceStart: UnsafeRawPointer

    init(_ bytes: StripeBytes, _ decompressor: Decompressor, range: Range<Int>) {
        self.bytes = bytes
        self.decompressor = decompressor
        self.range = range
        owner = Buffer(byteCount: 0)
        piece = owner
        next = UnsafeRawPointer(owner.baseAddress)
        end = next
        pieceStart = next
        place = range.lowerBound
    }

    /// True where no bytes come behind those that are there.
    var isAtEnd: Bool { place == range.upperBound }

    @inline(__always)
    var byteCount: Int { end - next }

    static let tooShort = ORCDamage("a stream has fewer values than its stripe")

    /// Makes sure that `count` bytes are there, or all that are left.
    @inline(__always)
    func prepare(_ count: Int) throws(ORCDamage) {
        if end - next < count, place < range.upperBound { try refill(count) }
    }

    /// Makes sure that `count` bytes are there.
    @inline(__always)
    func require(_ count: Int) throws(ORCDamage) {
        try prepare(count)
        guard end - next >= count else { throw Self.tooShort }
    }

    @inline(never)
    private func refill(_ count: Int) throws(ORCDamage) {
        if decompressor.codec == .none { return try refillUncompressed(count) }
        while end - next < count, place < range.upperBound { try appendChunk() }
    }

    private func refillUncompressed(_ count: Int) throws(ORCDamage) {
        let start = place - (end - next)
        let limits = bytes.limits(of: range)
        let wanted: Range<Int>
        if range.count <= limits.whole {
            wanted = range
        } else {
            let (most, overflow) = start.addingReportingOverflow(
                max(count, limits.piece))
            wanted = start..<(overflow ? range.upperBound : min(range.upperBound, most))
        }
        let loaded = try bytes.load(wanted)
        owner = loaded.owner
        next = loaded.start + (start - wanted.lowerBound)
        end = loaded.start + wanted.count
        place = wanted.upperBound
    }

    /// Gives bytes of the compressed stream.
    private func compressed(_ start: Int, _ count: Int) throws(ORCDamage) -> UnsafeRawPointer {
        guard count <= range.upperBound - start else {
            throw ORCDamage("a chunk is longer than its stream")
        }
        if start < pieceRange.lowerBound || start + count > pieceRange.upperBound {
            let limits = bytes.limits(of: range)
            pieceRange =
                range.count <= limits.whole
                ? range : start..<min(range.upperBound, start + max(count, limits.piece))
            let loaded = try bytes.load(pieceRange)
            piece = loaded.owner
            pieceStart = loaded.start
        }
        return pieceStart + (start - pieceRange.lowerBound)
    }

    /// Decompresses the next chunk behind the bytes that are there.
    private func appendChunk() throws(ORCDamage) {
        let header = try compressed(place, 3)
        let low = Int(header.load(as: UInt8.self))
        let middle = Int(header.load(fromByteOffset: 1, as: UInt8.self))
        let high = Int(header.load(fromByteOffset: 2, as: UInt8.self))
        let count = (low | middle << 8 | high << 16) >> 1
        let isOriginal = low & 1 != 0
        let body = try compressed(place + 3, count)
        place += 3 + count
        let rest = end - next
        if isOriginal, rest == 0 {
            owner = piece
            next = body
            end = body + count
            return
        }
        let capacity = isOriginal ? count : try decompressor.capacity(body, byteCount: count)
        let target = makeRoom(capacity)
        if isOriginal {
            target.copyMemory(from: body, byteCount: count)
            end += count
        } else {
            end += try decompressor.decompress(
                body, byteCount: count, into: target, capacity: capacity)
        }
    }

    /// Moves the bytes that are there to the front of memory with room for `count` more, of its
    /// own where vectors may refer to what was there.
    private func makeRoom(_ count: Int) -> UnsafeMutableRawPointer {
        let rest = end - next
        let isOwn = owner !== piece && isKnownUniquelyReferenced(&owner)
        if !isOwn || owner.byteCount < rest + count {
            // Many small chunks for one long value shall not be copied each time.
            let larger = Buffer(byteCount: rest + max(count, rest))
            larger.baseAddress.copyMemory(from: next, byteCount: rest)
            owner = larger
        } else {
            owner.baseAddress.copyMemory(from: next, byteCount: rest)
        }
        next = UnsafeRawPointer(owner.baseAddress)
        end = next + rest
        return owner.baseAddress + rest
    }

    /// Passes over `count` bytes.
    func skip(_ count: Int) throws(ORCDamage) {
        var left = count
        while left > end - next {
            guard place < range.upperBound else { throw Self.tooShort }
            if decompressor.codec == .none {
                let start = place - (end - next)
                guard left <= range.upperBound - start else { throw Self.tooShort }
                moveTo(start + left)
                return
            }
            left -= end - next
            next = end
            try appendChunk()
        }
        next += left
    }

    /// Goes to a position of the row index.
    func seek(_ positions: inout StreamPositions) throws(ORCDamage) {
        let start = try positions.take()
        guard start <= range.count else {
            throw ORCDamage("the row index refers to bytes outside of a stream")
        }
        moveTo(range.lowerBound + start)
        if decompressor.codec != .none { try skip(try positions.take()) }
    }

    private func moveTo(_ start: Int) {
        next = end
        place = start
    }
}
