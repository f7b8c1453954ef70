// Which rows of a vector have a value: one bit a row, set where the row is not NULL.

import StarlingMemory

/// Marks the rows that are not NULL. Absent altogether where all rows are valid.
package struct Validity: Sendable {
    package let buffer: Buffer
    /// Skips whole words, so that slices of a validity start at multiples of 64 rows.
    package let wordOffset: Int

    package init(buffer: Buffer, wordOffset: Int = 0) {
        self.buffer = buffer
        self.wordOffset = wordOffset
    }

    /// Makes a mask for `count` rows, all of them valid or all NULL.
    package init(count: Int, allValid: Bool) {
        let wordCount = Self.wordCount(for: count)
        buffer = Buffer(byteCount: max(8, wordCount * 8))
        wordOffset = 0
        words.update(repeating: allValid ? .max : 0, count: max(1, wordCount))
    }

    @inline(always)
    package static func wordCount(for rowCount: Int) -> Int { (rowCount &+ 63) / 64 }

    @inline(always)
    package var words: UnsafeMutablePointer<UInt64> {
        buffer.pointer(to: UInt64.self) + wordOffset
    }

    @inline(always)
    package func isValid(_ row: Int) -> Bool {
        (words[row &>> 6] &>> UInt64(row & 63)) & 1 != 0
    }

    @inline(always)
    package func setNull(_ row: Int) {
        words[row &>> 6] &= ~(1 &<< UInt64(row & 63))
    }

    @inline(always)
    package func setValid(_ row: Int) {
        words[row &>> 6] |= 1 &<< UInt64(row & 63)
    }

    /// Counts the valid rows among the first `count`.
    package func validCount(of count: Int) -> Int {
        var total = 0
        for word in 0..<(count / 64) { total += words[word].nonzeroBitCount }
        let rest = count % 64
        if rest > 0 { total += (words[count / 64] & ((1 << UInt64(rest)) - 1)).nonzeroBitCount }
        return total
    }

    /// Returns the rows that are valid in both; nil stands for all valid.
    package static func intersection(
        _ left: Validity?, _ right: Validity?, count: Int
    ) -> Validity? {
        guard let left else { return right }
        guard let right else { return left }
        let wordCount = Self.wordCount(for: count)
        let result = Validity(buffer: Buffer(byteCount: max(8, wordCount * 8)))
        for word in 0..<wordCount { result.words[word] = left.words[word] & right.words[word] }
        return result
    }

    /// Starts at `row`, a multiple of 64, of this mask.
    package func suffix(from row: Int) -> Validity {
        precondition(row % 64 == 0)
        return Validity(buffer: buffer, wordOffset: wordOffset + row / 64)
    }

    /// Returns `count` rows from any `row` on.
    package func slice(from row: Int, count: Int) -> Validity {
        let shift = UInt64(row & 63)
        guard shift != 0 else { return suffix(from: row) }
        let wordCount = Self.wordCount(for: count)
        let result = Validity(buffer: Buffer(byteCount: max(8, wordCount * 8)))
        let (source, target) = (words + row / 64, result.words)
        // Behind the last word of a buffer there are others that may be read.
        for word in 0..<wordCount {
            target[word] = source[word] &>> shift | source[word &+ 1] &<< (64 &- shift)
        }
        return result
    }

    /// Sets `count` rows from `row` on to what the first rows of another mask are; nil stands for
    /// all valid.
    package func copyRows(_ other: Validity?, to row: Int, count: Int) {
        let source = other?.words
        let target = words
        for start in stride(from: 0, to: count, by: 64) {
            let width = min(64, count &- start)
            let mask: UInt64 = width == 64 ? .max : (1 &<< UInt64(width)) &- 1
            let bits = (source?[start / 64] ?? .max) & mask
            let (word, shift) = ((row &+ start) / 64, UInt64((row &+ start) & 63))
            target[word] = target[word] & ~(mask &<< shift) | bits &<< shift
            guard shift > 0, Int(shift) &+ width > 64 else { continue }
            let rest = 64 &- shift
            target[word &+ 1] = target[word &+ 1] & ~(mask &>> rest) | bits &>> rest
        }
    }
}
