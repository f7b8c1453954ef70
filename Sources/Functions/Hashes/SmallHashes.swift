// Hashes that databases agree on: MurmurHash3 of 32 bits (Austin Appleby, public domain), XXH32
// (Yann Collet), and the CRC-32 of zlib.

/// Computes MurmurHash3_x86_32.
enum MurmurHash3 {
    static func hash(_ text: Bytes, seed: UInt32) -> UInt32 {
        var hash = seed
        let blockCount = text.count / 4
        for block in 0..<blockCount {
            hash ^= scrambled(loaded(text, 4 * block))
            hash = rotated(hash, 13) &* 5 &+ 0xE654_6B64
        }
        var rest: UInt32 = 0
        for index in stride(from: text.count - 1, through: 4 * blockCount, by: -1) {
            rest = rest &<< 8 | UInt32(text[index])
        }
        hash ^= scrambled(rest)
        hash ^= UInt32(truncatingIfNeeded: text.count)
        hash = (hash ^ hash &>> 16) &* 0x85EB_CA6B
        hash = (hash ^ hash &>> 13) &* 0xC2B2_AE35
        return hash ^ hash &>> 16
    }

    private static func scrambled(_ value: UInt32) -> UInt32 {
        rotated(value &* 0xCC9E_2D51, 15) &* 0x1B87_3593
    }
}

private func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 {
    value &<< count | value &>> (32 - count)
}

private func loaded(_ text: Bytes, _ start: Int) -> UInt32 {
    UInt32(littleEndian: text.loadUnaligned(fromByteOffset: start, as: UInt32.self))
}

/// Computes XXH32.
enum XXHash32 {
    private static let primes: [UInt32] = [
        0x9E37_79B1, 0x85EB_CA77, 0xC2B2_AE3D, 0x27D4_EB2F, 0x1656_67B1,
    ]

    static func hash(_ text: Bytes, seed: UInt32) -> UInt32 {
        let p = primes
        var hash = seed &+ p[4]
        var start = 0
        if text.count >= 16 {
            var lanes = [seed &+ p[0] &+ p[1], seed &+ p[1], seed, seed &- p[0]]
            while start + 16 <= text.count {
                for lane in 0..<4 {
                    let value = loaded(text, start + 4 * lane)
                    lanes[lane] = rotated(lanes[lane] &+ value &* p[1], 13) &* p[0]
                }
                start += 16
            }
            hash =
                rotated(lanes[0], 1) &+ rotated(lanes[1], 7) &+ rotated(lanes[2], 12)
                &+ rotated(lanes[3], 18)
        }
        hash = hash &+ UInt32(truncatingIfNeeded: text.count)
        while start + 4 <= text.count {
            hash = rotated(hash &+ loaded(text, start) &* p[2], 17) &* p[3]
            start += 4
        }
        while start < text.count {
            hash = rotated(hash &+ UInt32(text[start]) &* p[4], 11) &* p[0]
            start += 1
        }
        hash = (hash ^ hash &>> 15) &* p[1]
        hash = (hash ^ hash &>> 13) &* p[2]
        return hash ^ hash &>> 16
    }
}

/// Computes zlib's CRC-32.
struct Checksum32: Sendable {
    private let table: [UInt32]

    init() {
        table = (0..<256).map { index in
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
            return value
        }
    }

    func checksum(_ text: Bytes) -> UInt32 {
        var value: UInt32 = .max
        for byte in text {
            value = value &>> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
        }
        return ~value
    }
}
