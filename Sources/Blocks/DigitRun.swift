// Eight digits of 4 bits at once: what hexadecimal and decimal numbers in texts are made of.

/// Knows an alphabet of up to 16 bytes in one or two runs that follow each other, as `0` to `9` and
/// `a` to `f` do, and writes eight digits of it as the bytes of a word.
struct DigitRun: Equatable {
    static let count = 8
    static let width = 4
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// The first byte, in each byte.
    private let first: UInt64
    /// Brings the highest bit of a byte to 1 where its digit is of the second run.
    private let carry: UInt64
    /// What lies between the runs, in each byte.
    private let gap: UInt64

    /// Returns nil where the bytes are in more runs.
    init?(_ choices: [UInt8]) {
        guard let low = choices.first, choices.count <= 1 << Self.width else { return nil }
        let split =
            choices.indices.first { Int(choices[$0]) != Int(low) + $0 } ?? 1 << Self.width
        var gap = 0
        if split < choices.count {
            gap = Int(choices[split]) - Int(low) - split
            for place in split..<choices.count
            where Int(choices[place]) != Int(low) + place + gap { return nil }
        }
        first = UInt64(low) * Self.ones
        carry = UInt64(128 - split) * Self.ones
        self.gap = UInt64(gap) * Self.ones
    }

    /// Writes numbers of eight digits as the bytes of words, the highest digit first.
    func write(
        _ numbers: UnsafePointer<UInt32>, count: Int, into words: UnsafeMutablePointer<UInt64>
    ) {
        let (first, carry, gap) = (first, carry, gap)
        for place in 0..<count {
            var digits = UInt64(numbers[place])
            digits = (digits | digits &<< 16) & 0x0000_FFFF_0000_FFFF
            digits = (digits | digits &<< 8) & 0x00FF_00FF_00FF_00FF
            digits = (digits | digits &<< 4) & 0x0F0F_0F0F_0F0F_0F0F
            let isSecond = ((digits &+ carry) &>> 7) & Self.ones
            let added = ((isSecond &<< 8) &- isSecond) & gap
            words[place] = (digits &+ first &+ added).byteSwapped
        }
    }
}
