// Strings and bytes whose values lie one after the other, with their lengths in a stream of their
// own. Vectors refer to them where they lie.

import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Reads STRING, VARCHAR, CHAR and BINARY that have no dictionary.
final class TextReader: ValueReader {
    private let bytes: ByteStream
    private let lengths: IntegerDecoder
    private let isPadded: Bool
    private let lengthScratch = Buffer(byteCount: chunkCapacity * 8)
    private let scratch = Buffer(byteCount: chunkCapacity * 16)

    /// No text may be longer.
    static let byteCountMax: Int64 = 1 << 30

    init(
        _ node: ORCNode, presence: ByteStream?, _ bytes: ByteStream, lengths: IntegerDecoder
    ) {
        self.bytes = bytes
        self.lengths = lengths
        if case .char = node.type { isPadded = true } else { isPadded = false }
        super.init(node, .string, presence: presence)
    }

    override func readValues(
        _ count: Int, _ spread: ValueSpread, _ selection: Selection?
    ) throws(ORCDamage) -> Vector {
        let direct = spread.validity == nil ? selection : nil
        var result = Vector(uninitialized: .string, count: direct?.count ?? spread.count)
        result.validity = spread.validity
        let isDense = spread.validity == nil && direct == nil
        for block in spread.blocks {
            let target = result.buffer.baseAddress + block.lowerBound * 16
            let references = isDense ? target : scratch.baseAddress
            let owner = try readReferences(
                spread.valueCount(of: block),
                into: references.assumingMemoryBound(to: StringReference.self))
            result.owner = OwnerList.joining(result.owner, owner)
            if isDense { continue }
            SpreadLoops.move(
                references, direct.map { SpreadRows($0) } ?? SpreadRows(block, of: spread),
                byteWidth: 16, into: target)
        }
        guard direct == nil, let selection else { return result }
        return result.gathered(by: selection)
    }

    /// Reads lengths, which must be those of texts.
    private func readLengths(_ count: Int) throws(ORCDamage) -> UnsafeMutablePointer<Int64> {
        try lengths.decode(count, into: lengthScratch.baseAddress)
        let result = lengthScratch.pointer(to: Int64.self)
        var isWrong = 0
        for index in 0..<count {
            isWrong |= (result[index] < 0 ? 1 : 0) | (result[index] > Self.byteCountMax ? 1 : 0)
        }
        guard isWrong == 0 else { throw ORCDamage("a text has an impossible length") }
        return result
    }

    /// Makes references to the next texts, and returns what they lie in.
    private func readReferences(
        _ count: Int, into target: UnsafeMutablePointer<StringReference>
    ) throws(ORCDamage) -> (any Owner)? {
        let lengths = try readLengths(count)
        var owner: (any Owner)?
        var index = 0
        while index < count {
            try bytes.require(Int(lengths[index]))
            owner = OwnerList.joining(owner, bytes.owner)
            var next = bytes.next
            var room = bytes.end - next
            while index < count {
                let length = Int(lengths[index])
                guard length <= room else { break }
                target[index] = StringReference(padded: next, count: length)
                next += length
                room &-= length
                index &+= 1
            }
            bytes.next = next
        }
        if isPadded { Self.removePadding(target, count) }
        return owner
    }

    /// Takes away the spaces that fill CHAR values up to their length.
    static func removePadding(_ texts: UnsafeMutablePointer<StringReference>, _ count: Int) {
        for index in 0..<count {
            texts[index] = texts[index].withBytes { bytes in
                var length = bytes.count
                while length > 0, bytes[length - 1] == UInt8(ascii: " ") { length -= 1 }
                guard length > 0, let start = bytes.baseAddress else { return .empty }
                return StringReference(start, count: length)
            }
        }
    }

    override func skipValues(_ count: Int) throws(ORCDamage) {
        var left = count
        while left > 0 {
            let step = min(left, chunkCapacity)
            let lengths = try readLengths(step)
            var byteCount = 0
            for index in 0..<step { byteCount &+= Int(lengths[index]) }
            try bytes.skip(byteCount)
            left -= step
        }
    }

    override func seekValues(_ positions: inout StreamPositions) throws(ORCDamage) {
        try bytes.seek(&positions)
        try lengths.seek(&positions)
    }
}
