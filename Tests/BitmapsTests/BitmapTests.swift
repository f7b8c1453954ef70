// Bitmaps against Swift's own sets, and their stored form against StarRocks' documentation and
// tests.

import StarlingBitmaps
import Testing

@Suite struct BitmapTests {
    /// Makes numbers that are the same for each seed.
    private struct Numbers {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }

        /// A set with runs, sparse and dense parts, and values above 2^32.
        mutating func set() -> Set<UInt64> {
            var set: Set<UInt64> = []
            let base = next() % 3 == 0 ? UInt64(1) << 40 : 0
            for _ in 0..<(next() % 4) {
                let start = base + next() % 300_000
                for value in start..<(start + next() % 20_000) { set.insert(value) }
            }
            for _ in 0..<(next() % 30_000) { set.insert(base + next() % 200_000) }
            for _ in 0..<(next() % 50) { set.insert(next() >> (next() % 64)) }
            return set
        }
    }

    private static func read(_ bytes: [UInt8]) -> Bitmap? {
        bytes.withUnsafeBytes { StoredBitmap($0).read() }
    }

    private static func bytes(_ digits: String) -> [UInt8] {
        let digits = Array(digits)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)!
        }
    }

    @Test(arguments: 1...12)
    func computesSets(seed: Int) {
        var numbers = Numbers(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
        let (left, right) = (numbers.set(), numbers.set())
        let (a, b) = (Bitmap(left), Bitmap(right))
        #expect(a.values == left.sorted())
        #expect(a.count == left.count)
        #expect(a.least == left.min())
        #expect(a.greatest == left.max())
        #expect(a.intersects(b) == !left.isDisjoint(with: right))
        var result = a
        result.formUnion(b)
        #expect(result.values == left.union(right).sorted())
        result = a
        result.formIntersection(b)
        #expect(result.values == left.intersection(right).sorted())
        result = a
        result.subtract(b)
        #expect(result.values == left.subtracting(right).sorted())
        result = a
        result.formSymmetricDifference(b)
        #expect(result.values == left.symmetricDifference(right).sorted())
        for value in right.prefix(2_000) {
            #expect(a.contains(value) == left.contains(value))
            result.remove(value)
        }
        let rest = left.symmetricDifference(right).subtracting(right.prefix(2_000))
        #expect(result == Bitmap(rest.sorted()))
    }

    @Test(arguments: 1...8)
    func cutsParts(seed: Int) {
        var numbers = Numbers(state: UInt64(seed) &* 0xD1B5_4A32_D192_ED03)
        let sorted = numbers.set().sorted()
        let bitmap = Bitmap(sorted)
        for _ in 0..<20 {
            let start = Int(numbers.next() % UInt64(sorted.count + 1))
            let end = start + Int(numbers.next() % UInt64(sorted.count - start + 1))
            #expect(bitmap.part(start..<end).values == Array(sorted[start..<end]))
            let value = numbers.next() >> (numbers.next() % 64)
            #expect(bitmap.countBelow(value) == sorted.count { $0 < value })
        }
    }

    @Test(arguments: 1...12)
    func comesBackFromItsStoredForm(seed: Int) {
        var numbers = Numbers(state: UInt64(seed) &* 0xA076_1D64_78BD_642F)
        let set = numbers.set()
        let bytes = Bitmap(set).serialized
        #expect(Self.read(bytes)?.values == set.sorted())
        bytes.withUnsafeBytes { bytes in
            #expect(StoredBitmap(bytes).count() == set.count)
            for value in set.prefix(500) {
                #expect(StoredBitmap(bytes).contains(value) == true)
                #expect(StoredBitmap(bytes).contains(value ^ 1) == set.contains(value ^ 1))
            }
        }
    }

    /// The forms that StarRocks' documentation of bitmap_to_binary() and its tests show.
    @Test(
        arguments: [
            ("00", []), ("0101000000", [1]), ("030000000004000000", [17_179_869_184]),
            ("023A3000000100000000000300100000000000010002000300", [0, 1, 2, 3]),
            ("023B3000000100002700010001002700", Array(1...40)),
            ("023B300000010000D20002000100C70084030A00", Array(1...200) + Array(900...910)),
        ] as [(String, [UInt64])])
    func writesStarRocksForm(digits: String, values: [UInt64]) {
        #expect(Bitmap(values).serialized == Self.bytes(digits))
        #expect(Self.read(Self.bytes(digits))?.values == values)
    }

    @Test func readsSetsAndMapsOfTwoWords() {
        #expect(
            Self.read(Self.bytes("0A030000000D0000000000000017000000000000002100000000000000"))?
                .values == [13, 23, 33])
        let digits =
            "0402000000003A300000010000000000130010000000010002000300040005000600070008"
            + "0009000A000B000C000D000E000F001000110012001300140004"
            + "0000003B3000000100006400010000006400"
        #expect(
            Self.read(Self.bytes(digits))?.values
                == Array(1...20) + Array(17_179_869_184...17_179_869_284))
    }

    @Test func refusesDamage() {
        var numbers = Numbers(state: 42)
        for _ in 0..<6 {
            let whole = Bitmap(numbers.set().prefix(9_000)).serialized
            for length in 0..<min(whole.count, 400) {
                #expect(Self.read(Array(whole.prefix(length))) == nil)
            }
            for _ in 0..<300 {
                var bytes = whole
                bytes[Int(numbers.next() % UInt64(min(bytes.count, 64)))] ^= UInt8(
                    1 << (numbers.next() % 8))
                // What can be read at all can be counted and searched.
                bytes.withUnsafeBytes { stored in
                    _ = StoredBitmap(stored).read()
                    _ = StoredBitmap(stored).count()
                    _ = StoredBitmap(stored).contains(numbers.next() % 100_000)
                }
            }
        }
    }

    @Test(
        arguments: [
            ("", []), ("1", [1]), (" 3 , 1,2 ,2", [1, 2, 3]),
            ("18446744073709551615", [UInt64.max]),
        ] as [(String, [UInt64])])
    func readsText(text: String, values: [UInt64]) {
        let bitmap = Array(text.utf8).withUnsafeBytes { Bitmap(parsing: $0) }
        #expect(bitmap?.values == values)
        var written: [UInt8] = []
        bitmap?.appendText(to: &written)
        #expect(
            String(decoding: written, as: UTF8.self)
                == values.map(String.init).joined(separator: ","))
    }

    @Test(arguments: ["-1", "1,", ",1", "1 2", "a", "18446744073709551616", "1,,2"])
    func refusesText(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { Bitmap(parsing: $0) } == nil)
    }
}
