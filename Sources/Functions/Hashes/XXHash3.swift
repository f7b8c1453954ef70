// XXH3 of 64 and 128 bits (Yann Collet, "xxHash fast digest algorithm", specification 0.2.0): one
// way for each range of lengths, so that short texts take a handful of multiplications.

private let prime32 = (
    first: UInt64(0x9E37_79B1), second: UInt64(0x85EB_CA77), third: UInt64(0xC2B2_AE3D)
)
private let prime64 = (
    first: UInt64(0x9E37_79B1_85EB_CA87), second: UInt64(0xC2B2_AE3D_27D4_EB4F),
    third: UInt64(0x1656_67B1_9E37_79F9), fourth: UInt64(0x85EB_CA77_C2B2_AE63),
    fifth: UInt64(0x27D4_EB2F_1656_67C5)
)

/// Computes XXH3 with a seed.
struct XXHash3 {
    private let seed: UInt64
    /// 192 bytes; only long texts use one that the seed changed.
    private let secret: [UInt8]

    init(seed: UInt64 = 0) {
        self.seed = seed
        secret = Self.standardSecret
    }

    // MARK: 64 bits

    func hash64(_ text: Bytes) -> UInt64 {
        secret.withUnsafeBytes { secret in
            switch text.count {
            case 0: return avalanche64(seed ^ (word(secret, 56) ^ word(secret, 64)))
            case 1...3:
                let flip = (half(secret, 0) ^ half(secret, 4)) &+ seed
                return avalanche64(combined(text) ^ flip)
            case 4...8:
                let changed = seed ^ UInt64(UInt32(truncatingIfNeeded: seed).byteSwapped) &<< 32
                let input = half(text, text.count - 4) &+ half(text, 0) &<< 32
                let flip = (word(secret, 8) ^ word(secret, 16)) &- changed
                var mixed = input ^ flip
                mixed ^= rotated(mixed, 49) ^ rotated(mixed, 24)
                mixed = mixed &* 0x9FB2_1C65_1E98_DF25
                mixed ^= (mixed &>> 35) &+ UInt64(text.count)
                mixed = mixed &* 0x9FB2_1C65_1E98_DF25
                return mixed ^ (mixed &>> 28)
            case 9...16:
                let low = word(text, 0) ^ ((word(secret, 24) ^ word(secret, 32)) &+ seed)
                let high =
                    word(text, text.count - 8) ^ ((word(secret, 40) ^ word(secret, 48)) &- seed)
                return avalanche(
                    UInt64(text.count) &+ low.byteSwapped &+ high &+ folded(low, high))
            case 17...128: return avalanche(mixedShort(text, secret))
            case 129...240: return hashMiddle(text, secret)
            default:
                let sums = long(text)
                return merged(sums.sums, sums.secret, 11, UInt64(text.count) &* prime64.first)
            }
        }
    }

    private func mixedShort(_ text: Bytes, _ secret: Bytes) -> UInt64 {
        var sum = UInt64(text.count) &* prime64.first
        var pair = (text.count - 1) / 32
        while pair >= 0 {
            sum = sum &+ mixed(text, 16 * pair, secret, 32 * pair, seed)
            sum = sum &+ mixed(text, text.count - 16 * (pair + 1), secret, 32 * pair + 16, seed)
            pair -= 1
        }
        return sum
    }

    private func hashMiddle(_ text: Bytes, _ secret: Bytes) -> UInt64 {
        var sum = UInt64(text.count) &* prime64.first
        for round in 0..<8 { sum = sum &+ mixed(text, 16 * round, secret, 16 * round, seed) }
        sum = avalanche(sum)
        for round in 8..<(text.count / 16) {
            sum = sum &+ mixed(text, 16 * round, secret, 16 * (round - 8) + 3, seed)
        }
        return avalanche(sum &+ mixed(text, text.count - 16, secret, 136 - 17, seed))
    }

    // MARK: 128 bits

    func hash128(_ text: Bytes) -> UInt128 {
        secret.withUnsafeBytes { secret in
            switch text.count {
            case 0:
                return joined(
                    avalanche64(seed ^ (word(secret, 64) ^ word(secret, 72))),
                    avalanche64(seed ^ (word(secret, 80) ^ word(secret, 88))))
            case 1...3:
                let low = combined(text)
                let swapped = UInt32(truncatingIfNeeded: low).byteSwapped
                let high = UInt64(swapped &<< 13 | swapped &>> 19)
                return joined(
                    avalanche64(low ^ ((half(secret, 0) ^ half(secret, 4)) &+ seed)),
                    avalanche64(high ^ ((half(secret, 8) ^ half(secret, 12)) &- seed)))
            case 4...8: return hash128OfFew(text, secret)
            case 9...16: return hash128OfSome(text, secret)
            case 17...128:
                var sums = (low: UInt64(text.count) &* prime64.first, high: UInt64(0))
                var pair = (text.count - 1) / 32
                while pair >= 0 {
                    mix(
                        &sums, text, 16 * pair, text.count - 16 * (pair + 1), secret, 32 * pair,
                        seed)
                    pair -= 1
                }
                return finished(sums, text.count)
            case 129...240: return hash128Middle(text, secret)
            default:
                let sums = long(text)
                let count = UInt64(text.count)
                return joined(
                    merged(sums.sums, sums.secret, 11, count &* prime64.first),
                    merged(sums.sums, sums.secret, 192 - 64 - 11, ~(count &* prime64.second)))
            }
        }
    }

    private func hash128OfFew(_ text: Bytes, _ secret: Bytes) -> UInt128 {
        let changed = seed ^ UInt64(UInt32(truncatingIfNeeded: seed).byteSwapped) &<< 32
        let input = half(text, 0) &+ half(text, text.count - 4) &<< 32
        let keyed = input ^ ((word(secret, 16) ^ word(secret, 24)) &+ changed)
        var (high, low) = keyed.multipliedFullWidth(
            by: prime64.first &+ UInt64(text.count) &<< 2)
        high = high &+ low &<< 1
        low ^= high &>> 3
        low ^= low &>> 35
        low = low &* 0x9FB2_1C65_1E98_DF25
        low ^= low &>> 28
        return joined(low, avalanche(high))
    }

    private func hash128OfSome(_ text: Bytes, _ secret: Bytes) -> UInt128 {
        let flipLow = (word(secret, 32) ^ word(secret, 40)) &- seed
        let flipHigh = (word(secret, 48) ^ word(secret, 56)) &+ seed
        let first = word(text, 0)
        var last = word(text, text.count - 8)
        var (high, low) = (first ^ last ^ flipLow).multipliedFullWidth(by: prime64.first)
        low = low &+ UInt64(text.count - 1) &<< 54
        last ^= flipHigh
        high = high &+ last &+ (last & 0xFFFF_FFFF) &* (prime32.second - 1)
        low ^= high.byteSwapped
        var (top, bottom) = low.multipliedFullWidth(by: prime64.second)
        top = top &+ high &* prime64.second
        bottom = avalanche(bottom)
        return joined(bottom, avalanche(top))
    }

    private func hash128Middle(_ text: Bytes, _ secret: Bytes) -> UInt128 {
        var sums = (low: UInt64(text.count) &* prime64.first, high: UInt64(0))
        for start in stride(from: 0, to: 128, by: 32) {
            mix(&sums, text, start, start + 16, secret, start, seed)
        }
        sums = (avalanche(sums.low), avalanche(sums.high))
        for start in stride(from: 128, through: text.count - 32, by: 32) {
            mix(&sums, text, start, start + 16, secret, start - 128 + 3, seed)
        }
        mix(
            &sums, text, text.count - 16, text.count - 32, secret, 136 - 17 - 16, 0 &- seed)
        return finished(sums, text.count)
    }

    private func finished(_ sums: (low: UInt64, high: UInt64), _ count: Int) -> UInt128 {
        let high =
            sums.low &* prime64.first &+ sums.high &* prime64.fourth
            &+ (UInt64(count) &- seed) &* prime64.second
        return joined(avalanche(sums.low &+ sums.high), 0 &- avalanche(high))
    }

    private func mix(
        _ sums: inout (low: UInt64, high: UInt64), _ text: Bytes, _ first: Int, _ second: Int,
        _ secret: Bytes, _ key: Int, _ seed: UInt64
    ) {
        sums.low = sums.low &+ mixed(text, first, secret, key, seed)
        sums.low ^= word(text, second) &+ word(text, second + 8)
        sums.high = sums.high &+ mixed(text, second, secret, key + 16, seed)
        sums.high ^= word(text, first) &+ word(text, first + 8)
    }

    // MARK: Long texts

    /// Adds stripes of 64 bytes to eight sums.
    private func long(_ text: Bytes) -> (sums: [UInt64], secret: [UInt8]) {
        var sums = [
            prime32.third, prime64.first, prime64.second, prime64.third, prime64.fourth,
            prime32.second, prime64.fifth, prime32.first,
        ]
        let key = seed == 0 ? secret : changedSecret
        key.withUnsafeBytes { key in
            let stripeCount = (text.count - 1) / 64
            for stripe in 0..<stripeCount {
                // A block has as many stripes as the secret has places for.
                add(text, 64 * stripe, key, 8 * (stripe % 16), &sums)
                if stripe % 16 == 15, (stripe + 1) * 64 <= (text.count - 1) / 1_024 * 1_024 {
                    scramble(&sums, key)
                }
            }
            add(text, text.count - 64, key, 192 - 64 - 7, &sums)
        }
        return (sums, key)
    }

    private var changedSecret: [UInt8] {
        var result: [UInt8] = []
        secret.withUnsafeBytes { secret in
            for place in stride(from: 0, to: 192, by: 16) {
                for value in [word(secret, place) &+ seed, word(secret, place + 8) &- seed] {
                    withUnsafeBytes(of: value.littleEndian) { result += $0 }
                }
            }
        }
        return result
    }

    private func add(
        _ text: Bytes, _ start: Int, _ secret: Bytes, _ key: Int, _ sums: inout [UInt64]
    ) {
        for lane in 0..<8 {
            let value = word(text, start + 8 * lane)
            let keyed = value ^ word(secret, key + 8 * lane)
            sums[lane ^ 1] = sums[lane ^ 1] &+ value
            sums[lane] = sums[lane] &+ (keyed & 0xFFFF_FFFF) &* (keyed &>> 32)
        }
    }

    private func scramble(_ sums: inout [UInt64], _ secret: Bytes) {
        for lane in 0..<8 {
            let mixed = sums[lane] ^ (sums[lane] &>> 47) ^ word(secret, 128 + 8 * lane)
            sums[lane] = mixed &* prime32.first
        }
    }

    private func merged(
        _ sums: [UInt64], _ secret: [UInt8], _ key: Int, _ start: UInt64
    ) -> UInt64 {
        secret.withUnsafeBytes { secret in
            var result = start
            for lane in 0..<4 {
                result =
                    result
                    &+ folded(
                        sums[2 * lane] ^ word(secret, key + 16 * lane),
                        sums[2 * lane + 1] ^ word(secret, key + 16 * lane + 8))
            }
            return avalanche(result)
        }
    }

    // MARK: Steps

    private func combined(_ text: Bytes) -> UInt64 {
        let (first, middle, last) = (text[0], text[text.count >> 1], text[text.count - 1])
        return UInt64(first) &<< 16 | UInt64(middle) &<< 24 | UInt64(last)
            | UInt64(text.count) &<< 8
    }

    private func joined(_ low: UInt64, _ high: UInt64) -> UInt128 {
        UInt128(high) << 64 | UInt128(low)
    }

    private func word(_ bytes: Bytes, _ start: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }

    private func half(_ bytes: Bytes, _ start: Int) -> UInt64 {
        UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
    }

    private func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value &<< count | value &>> (64 - count)
    }

    private func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return high ^ low
    }

    private func mixed(
        _ text: Bytes, _ start: Int, _ secret: Bytes, _ key: Int, _ seed: UInt64
    ) -> UInt64 {
        folded(
            word(text, start) ^ (word(secret, key) &+ seed),
            word(text, start + 8) ^ (word(secret, key + 8) &- seed))
    }

    private func avalanche(_ value: UInt64) -> UInt64 {
        var value = value ^ (value &>> 37)
        value = value &* 0x1656_6791_9E37_79F9
        return value ^ (value &>> 32)
    }

    /// The last step of XXH64.
    private func avalanche64(_ value: UInt64) -> UInt64 {
        var value = value ^ (value &>> 33)
        value = value &* prime64.second
        value ^= value &>> 29
        value = value &* prime64.third
        return value ^ (value &>> 32)
    }

    private static let standardSecret: [UInt8] = {
        let words: [UInt64] = [
            0xb8fe_6c39_23a4_4bbe, 0x7c01_812c_f721_ad1c, 0xded4_6de9_8390_97db,
            0x7240_a4a4_b7b3_671f, 0xcb79_e64e_ccc0_e578, 0x825a_d07d_ccff_7221,
            0xb808_4674_f743_248e, 0xe035_90e6_813a_264c, 0x3c28_52bb_91c3_00cb,
            0x88d0_658b_1b53_2ea3, 0x7164_4897_a20d_f94e, 0x3819_ef46_a9de_acd8,
            0xa8fa_763f_e39c_343f, 0xf9dc_bbc7_c70b_4f1d, 0x8a51_e04b_cdb4_5931,
            0xc89f_7ec9_d978_7364, 0xeac5_ac83_34d3_ebc3, 0xc581_a0ff_fa13_63eb,
            0x170d_dd51_b7f0_da49, 0xd316_5526_29d4_689e, 0x2b16_be58_7d47_a1fc,
            0x8ff8_b8d1_7ad0_31ce, 0x45cb_3a8f_9516_0428, 0xafd7_fbca_bb4b_407e,
        ]
        return words.flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
    }()
}
