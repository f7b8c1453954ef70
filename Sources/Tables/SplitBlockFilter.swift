// Split-block bloom filters, as the Parquet specification has them and our own segments, too: blocks
// of eight 32-bit words. A value's hash, an XXH64, chooses a block and in each of its words one bit;
// where a bit is missing, the value does not occur.

/// Knows which values a column may have.
package struct SplitBlockFilter: Sendable, Hashable {
    package static let blockByteCount = 32
    private static let wordCount = 8
    private static let salts: [UInt32] = [
        0x47B6_137B, 0x4497_4D91, 0x8824_AD5B, 0xA2B7_289D, 0x7054_95C7, 0x2DF1_424B, 0x9EFC_4947,
        0x5C6B_FB31,
    ]

    package private(set) var words: [UInt32]
    private let blockCount: Int

    /// Makes a filter that has seen nothing.
    package init(blockCount: Int) {
        self.blockCount = max(1, blockCount)
        words = Array(repeating: 0, count: self.blockCount * Self.wordCount)
    }

    /// Opens a filter that was stored; nil where the words make no blocks.
    package init?(words: [UInt32]) {
        guard !words.isEmpty, words.count % Self.wordCount == 0 else { return nil }
        self.words = words
        blockCount = words.count / Self.wordCount
    }

    package var byteCount: Int { words.count * 4 }

    /// The bytes that a filter for `distinctCount` values needs to let `error` of all others pass.
    package static func byteCount(distinctCount: Int, error: Double) -> Int {
        // Bits that eight bits a value need for the error: -8 / ln(1 - error^(1/8)), by value.
        var root = error
        for _ in 0..<3 { root = root.squareRoot() }
        let perValue = -8 / logarithm(1 - root)
        return Int(perValue * Double(max(1, distinctCount)) / 8)
    }

    package mutating func insert(_ hash: UInt64) {
        let block = Self.block(of: hash, among: blockCount) * Self.wordCount
        let key = UInt32(truncatingIfNeeded: hash)
        for place in 0..<Self.wordCount {
            words[block + place] |= 1 << ((key &* Self.salts[place]) >> 27)
        }
    }

    package mutating func insert(_ hashes: [UInt64]) {
        for hash in hashes { insert(hash) }
    }

    /// Tells whether a value with this hash may have been seen.
    package func mayContain(_ hash: UInt64) -> Bool {
        let block = Self.block(of: hash, among: blockCount) * Self.wordCount
        return Self.mayContain(hash, in: words[block..<(block + Self.wordCount)])
    }

    /// The block that a hash chooses.
    package static func block(of hash: UInt64, among blockCount: Int) -> Int {
        Int(((hash >> 32) &* UInt64(blockCount)) >> 32)
    }

    /// Tells whether a block has the bits of a hash.
    package static func mayContain(_ hash: UInt64, in block: some Collection<UInt32>) -> Bool {
        let key = UInt32(truncatingIfNeeded: hash)
        return zip(block, salts).allSatisfy { word, salt in
            word & (1 << ((key &* salt) >> 27)) != 0
        }
    }

    /// The natural logarithm of a number from 0 to 1, by the series of artanh.
    private static func logarithm(_ number: Double) -> Double {
        var exponent = 0.0
        var mantissa = max(number, 1e-300)
        while mantissa < 0.5 {
            mantissa *= 2
            exponent -= 1
        }
        let ratio = (mantissa - 1) / (mantissa + 1)
        var power = ratio
        var sum = 0.0
        for term in stride(from: 1.0, to: 60, by: 2) {
            sum += power / term
            power *= ratio * ratio
        }
        return 2 * sum + exponent * 0.693_147_180_559_945_3
    }
}
