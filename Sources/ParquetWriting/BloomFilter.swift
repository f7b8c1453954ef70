// Split-block bloom filters as the Parquet specification has them: blocks of eight 32-bit words, a
// bit in each of them, chosen by an xxHash of the value's plain bytes.

/// Collects values.
struct BloomFilter: Sendable {
    private(set) var words: [UInt32]
    private let blockCount: UInt64

    /// Makes a filter for `distinctCount` values that lets `error` of all others pass.
    init(distinctCount: Int, error: Double) {
        // Bits that eight bits a value need for the error: -8 / ln(1 - error^(1/8)), by value; the
        // logarithm is taken by bits, since sizes are powers of two anyway.
        var root = error
        for _ in 0..<3 { root = root.squareRoot() }
        let perValue = -8 / Self.logarithm(1 - root)
        let wanted = Int(perValue * Double(max(1, distinctCount)) / 8)
        var byteCount = 32
        while byteCount < wanted, byteCount < 128 << 20 { byteCount *= 2 }
        words = Array(repeating: 0, count: byteCount / 4)
        blockCount = UInt64(byteCount / 32)
    }

    private static let salts: [UInt32] = [
        0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947,
        0x5c6b_fb31,
    ]

    mutating func insert(_ bytes: [UInt8]) {
        let hash = Self.hash(bytes)
        let block = Int(((hash >> 32) &* blockCount) >> 32) * 8
        let key = UInt32(truncatingIfNeeded: hash)
        for place in 0..<8 {
            words[block + place] |= 1 << ((key &* Self.salts[place]) >> 27)
        }
    }

    /// The filter with its header.
    var bytes: [UInt8] {
        var header = ThriftWriter()
        header.writeStructure { writer in
            writer.write(1, int32: words.count * 4)
            for field in 2...4 { writer.write(field) { $0.write(1) { _ in } } }
        }
        var result = header.bytes
        result.reserveCapacity(result.count + words.count * 4)
        for word in words { withUnsafeBytes(of: word.littleEndian) { result += $0 } }
        return result
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

    // MARK: xxHash, 64 bits, seed 0

    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    private static func rotated(_ number: UInt64, _ bits: UInt64) -> UInt64 {
        number &<< bits | number &>> (64 - bits)
    }

    private static func round(_ sum: UInt64, _ input: UInt64) -> UInt64 {
        rotated(sum &+ input &* prime2, 31) &* prime1
    }

    static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { all in
            var offset = 0
            func word() -> UInt64 {
                defer { offset += 8 }
                return UInt64(
                    littleEndian: all.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
            var hash = prime5
            if all.count >= 32 {
                var sums = [prime1 &+ prime2, prime2, 0, 0 &- prime1]
                while offset + 32 <= all.count {
                    for lane in 0..<4 { sums[lane] = round(sums[lane], word()) }
                }
                hash =
                    rotated(sums[0], 1) &+ rotated(sums[1], 7) &+ rotated(sums[2], 12)
                    &+ rotated(sums[3], 18)
                for sum in sums { hash = (hash ^ round(0, sum)) &* prime1 &+ prime4 }
            }
            hash &+= UInt64(all.count)
            while offset + 8 <= all.count {
                hash = rotated(hash ^ round(0, word()), 27) &* prime1 &+ prime4
            }
            if offset + 4 <= all.count {
                let half = UInt32(
                    littleEndian: all.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                hash = rotated(hash ^ UInt64(half) &* prime1, 23) &* prime2 &+ prime3
                offset += 4
            }
            while offset < all.count {
                hash = rotated(hash ^ UInt64(all[offset]) &* prime5, 11) &* prime1
                offset += 1
            }
            hash = (hash ^ hash >> 33) &* prime2
            hash = (hash ^ hash >> 29) &* prime3
            return hash ^ hash >> 32
        }
    }
}
