// The digests SHA-224, SHA-256, SHA-384 and SHA-512 (FIPS 180-4). The constants are the first bits
// of the fractions of roots of primes, and are computed as such.

/// Computes digests of 224 to 512 bits.
enum SHA2 {
    static func digest(_ text: Bytes, bitCount: Int) -> [UInt8]? {
        switch bitCount {
        case 224:
            let start: [UInt32] = [
                0xc105_9ed8, 0x367c_d507, 0x3070_dd17, 0xf70e_5939, 0xffc0_0b31, 0x6858_1511,
                0x64f9_8fa7, 0xbefa_4fa4,
            ]
            return Array(digest32(text, start).prefix(28))
        case 0, 256:
            return digest32(text, SHA2.squareRoots.map { UInt32(truncatingIfNeeded: $0 >> 32) })
        case 384:
            let start: [UInt64] = [
                0xcbbb_9d5d_c105_9ed8, 0x629a_292a_367c_d507, 0x9159_015a_3070_dd17,
                0x152f_ecd8_f70e_5939, 0x6733_2667_ffc0_0b31, 0x8eb4_4a87_6858_1511,
                0xdb0c_2e0d_64f9_8fa7, 0x47b5_481d_befa_4fa4,
            ]
            return Array(digest64(text, start).prefix(48))
        case 512: return digest64(text, squareRoots)
        default: return nil
        }
    }

    private static let primes: [UInt64] = {
        var result: [UInt64] = []
        var candidate: UInt64 = 2
        while result.count < 80 {
            if !result.contains(where: { candidate % $0 == 0 }) { result.append(candidate) }
            candidate += 1
        }
        return result
    }()

    /// 64 bits behind the point of the square roots of the first eight primes.
    private static let squareRoots: [UInt64] = primes.prefix(8).map { prime in
        fraction { root in
            // root² against prime, both with 128 bits behind the point.
            let (high, low) = root.multipliedFullWidth(by: root)
            return high < UInt128(prime) || (high == UInt128(prime) && low == 0)
        }
    }

    /// 64 bits behind the point of the cube roots of the first eighty primes.
    private static let cubeRoots: [UInt64] = primes.map { prime in
        fraction { root in
            // All of root³, whose whole part lies above 192 bits.
            let (high, low) = root.multipliedFullWidth(by: root)
            let top = low.multipliedFullWidth(by: root).high + high * root
            return top >> 64 < UInt128(prime)
        }
    }

    /// Finds the greatest number with 64 bits behind the point for which a test is true, and gives
    /// these bits.
    private static func fraction(_ isBelow: (UInt128) -> Bool) -> UInt64 {
        var root: UInt128 = 0
        for bit in (0..<69).reversed() {
            let next = root | UInt128(1) << UInt128(bit)
            if isBelow(next) { root = next }
        }
        return UInt64(truncatingIfNeeded: root)
    }

    /// Gives the text with its end: a one, zeros and its length in bits.
    private static func padded(_ text: Bytes, blockSize: Int) -> [UInt8] {
        var bytes = Array(text)
        bytes.append(0x80)
        // The length has 8 bytes in blocks of 64 and 16 in those of 128.
        while bytes.count % blockSize != blockSize - blockSize / 8 { bytes.append(0) }
        for _ in 8..<(blockSize / 8) { bytes.append(0) }
        let bitCount = UInt64(text.count) &* 8
        for shift in (0..<8).reversed() {
            bytes.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(8 * shift)))
        }
        return bytes
    }

    private static func digest32(_ text: Bytes, _ start: [UInt32]) -> [UInt8] {
        var state = start
        let bytes = padded(text, blockSize: 64)
        let constants = cubeRoots.prefix(64).map { UInt32(truncatingIfNeeded: $0 >> 32) }
        var words = [UInt32](repeating: 0, count: 64)
        func turned(_ value: UInt32, _ count: UInt32) -> UInt32 {
            value &>> count | value &<< (32 - count)
        }
        for block in stride(from: 0, to: bytes.count, by: 64) {
            for index in 0..<16 {
                words[index] = (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[block + 4 * index + $1]) }
            }
            for index in 16..<64 {
                let (early, late) = (words[index - 15], words[index - 2])
                let first = turned(early, 7) ^ turned(early, 18) ^ early >> 3
                let second = turned(late, 17) ^ turned(late, 19) ^ late >> 10
                words[index] = words[index - 16] &+ first &+ words[index - 7] &+ second
            }
            var s = state
            for index in 0..<64 {
                let sum = turned(s[4], 6) ^ turned(s[4], 11) ^ turned(s[4], 25)
                let choice = (s[4] & s[5]) ^ (~s[4] & s[6])
                let first = s[7] &+ sum &+ choice &+ constants[index] &+ words[index]
                let other = turned(s[0], 2) ^ turned(s[0], 13) ^ turned(s[0], 22)
                let majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2])
                s = [first &+ other &+ majority, s[0], s[1], s[2], s[3] &+ first, s[4], s[5], s[6]]
            }
            for index in 0..<8 { state[index] = state[index] &+ s[index] }
        }
        return state.flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) }
        }
    }

    private static func digest64(_ text: Bytes, _ start: [UInt64]) -> [UInt8] {
        var state = start
        let bytes = padded(text, blockSize: 128)
        let constants = cubeRoots
        var words = [UInt64](repeating: 0, count: 80)
        func turned(_ value: UInt64, _ count: UInt64) -> UInt64 {
            value &>> count | value &<< (64 - count)
        }
        for block in stride(from: 0, to: bytes.count, by: 128) {
            for index in 0..<16 {
                words[index] = (0..<8).reduce(0) { $0 << 8 | UInt64(bytes[block + 8 * index + $1]) }
            }
            for index in 16..<80 {
                let (early, late) = (words[index - 15], words[index - 2])
                let first = turned(early, 1) ^ turned(early, 8) ^ early >> 7
                let second = turned(late, 19) ^ turned(late, 61) ^ late >> 6
                words[index] = words[index - 16] &+ first &+ words[index - 7] &+ second
            }
            var s = state
            for index in 0..<80 {
                let sum = turned(s[4], 14) ^ turned(s[4], 18) ^ turned(s[4], 41)
                let choice = (s[4] & s[5]) ^ (~s[4] & s[6])
                let first = s[7] &+ sum &+ choice &+ constants[index] &+ words[index]
                let other = turned(s[0], 28) ^ turned(s[0], 34) ^ turned(s[0], 39)
                let majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2])
                s = [first &+ other &+ majority, s[0], s[1], s[2], s[3] &+ first, s[4], s[5], s[6]]
            }
            for index in 0..<8 { state[index] = state[index] &+ s[index] }
        }
        return state.flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
    }
}
