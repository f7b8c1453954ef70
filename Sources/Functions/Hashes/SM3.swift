// The SM3 cryptographic hash (GB/T 32905-2016; ISO/IEC 10118-3:2018, dedicated hash-function 17).

/// Computes digests of 32 bytes.
enum SM3 {
    static func digest(_ text: Bytes) -> [UInt8] {
        var bytes = Array(text)
        bytes.append(0x80)
        while bytes.count % 64 != 56 { bytes.append(0) }
        let bitCount = UInt64(text.count) &* 8
        for shift in (0..<8).reversed() {
            bytes.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(8 * shift)))
        }
        var state: [UInt32] = [
            0x7380_166f, 0x4914_b2b9, 0x1724_42d7, 0xda8a_0600, 0xa96f_30bc, 0x1631_38aa,
            0xe38d_ee4d, 0xb0fb_0e4e,
        ]
        for block in stride(from: 0, to: bytes.count, by: 64) { add(bytes, block, to: &state) }
        return state.flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) }
        }
    }

    private static func turned(_ value: UInt32, _ count: Int) -> UInt32 {
        let count = UInt32(count % 32)
        return count == 0 ? value : value << count | value >> (32 - count)
    }

    private static func add(_ bytes: [UInt8], _ block: Int, to state: inout [UInt32]) {
        var words: [UInt32] = (0..<16).map { index in
            (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[block + 4 * index + $1]) }
        }
        for index in 16..<68 {
            let mixed = words[index - 16] ^ words[index - 9] ^ turned(words[index - 3], 15)
            let permuted = mixed ^ turned(mixed, 15) ^ turned(mixed, 23)
            words.append(permuted ^ turned(words[index - 13], 7) ^ words[index - 6])
        }
        var s = state
        for step in 0..<64 {
            let isEarly = step < 16
            let constant: UInt32 = isEarly ? 0x79cc_4519 : 0x7a87_9d8a
            let first = turned(turned(s[0], 12) &+ s[4] &+ turned(constant, step), 7)
            let second = first ^ turned(s[0], 12)
            let left =
                isEarly ? s[0] ^ s[1] ^ s[2] : (s[0] & s[1]) | (s[0] & s[2]) | (s[1] & s[2])
            let right = isEarly ? s[4] ^ s[5] ^ s[6] : (s[4] & s[5]) | (~s[4] & s[6])
            let top = left &+ s[3] &+ second &+ (words[step] ^ words[step + 4])
            let bottom = right &+ s[7] &+ first &+ words[step]
            s = [
                top, s[0], turned(s[1], 9), s[2], bottom ^ turned(bottom, 9) ^ turned(bottom, 17),
                s[4], turned(s[5], 19), s[6],
            ]
        }
        for index in 0..<8 { state[index] ^= s[index] }
    }
}
