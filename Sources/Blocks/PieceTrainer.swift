// Learns from a sample which pieces its texts are made of: two that stand side by side often enough
// become one, which then may grow further (Gargiulo and Venturini, "OnPair: Short Strings Compression
// for Fast Random Access", 2025).

import StarlingMemory

/// Learns pieces.
struct PieceTrainer {
    /// As often must two pieces stand side by side.
    private static let thresholdCount: UInt32 = 3
    private static let countBits: UInt32 = 2
    private static let pairCountMax = 100_000
    private static let placeBits = 18

    let table = PieceTable()
    /// Two pieces, 12 bits each, above the count of the pair; 0 where there is none.
    private let pairBytes = Buffer.zeroed(byteCount: 4 << placeBits)
    private var pairCount = 0
    private var isFull = false

    /// Learns from a text.
    mutating func learn(_ bytes: UnsafeRawBufferPointer) {
        guard !isFull, let start = bytes.baseAddress else { return }
        var offset = 0
        var former: Int?
        while offset < bytes.count {
            var (piece, length) = table.longestPiece(
                of: start + offset, count: bytes.count - offset)
            offset += length
            if let left = former,
                table.length(of: left) + length <= PieceTable.byteCountMax, isOften(left, piece)
            {
                guard let joined = table.join(left, piece) else {
                    isFull = true
                    return
                }
                piece = joined
            }
            former = piece
        }
    }

    /// Counts a pair, and tells whether it has come often enough.
    private mutating func isOften(_ left: Int, _ right: Int) -> Bool {
        let pairs = pairBytes.pointer(to: UInt32.self)
        let pair = (UInt32(left) << 12 | UInt32(right)) + 1
        let key = pair << Self.countBits
        let mask = 1 << Self.placeBits - 1
        var place = Int((pair &* 0x9E37_79B1) >> UInt32(32 - Self.placeBits))
        while pairs[place] != 0, pairs[place] >> Self.countBits != pair {
            place = (place + 1) & mask
        }
        if pairs[place] == 0 {
            guard pairCount < Self.pairCountMax else { return false }
            pairCount += 1
            pairs[place] = key
        }
        guard pairs[place] - key < Self.thresholdCount else { return true }
        pairs[place] += 1
        return pairs[place] - key == Self.thresholdCount
    }
}
