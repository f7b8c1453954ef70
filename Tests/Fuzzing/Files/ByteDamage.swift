// Ways to damage bytes that know only where a format is likely to be hurt, and which words it has.

import StarlingTestSupport

/// Damages one file.
struct ByteDamage {
    let bytes: [UInt8]
    /// Where numbers stand that tell what lies where.
    var hotspots: [Range<Int>] = []
    /// What means something to the format.
    var words: [[UInt8]] = []

    private static let numbers: [Int] = [
        0, 1, -1, 2, 7, 8, 9, 31, 32, 63, 64, 127, 128, 255, 256, 1_000, 2_048, 65_535, 65_536,
        1 << 24, 1 << 30, Int(Int32.max), 1 << 31, Int(UInt32.max), 1 << 32, 1 << 40, Int.max,
        Int.min, -2, -8,
    ]

    /// Makes a damaged copy, perhaps with a piece of another file.
    func damaged(_ chance: inout SeededGenerator, other: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...chance.below(3) where !result.isEmpty {
            change(&result, &chance, other)
        }
        return result
    }

    private func place(_ result: [UInt8], _ chance: inout SeededGenerator) -> Int {
        if !hotspots.isEmpty, chance.below(4) != 0 {
            let range = chance.pick(hotspots).clamped(to: 0..<result.count)
            if !range.isEmpty { return range.lowerBound + chance.below(range.count) }
        }
        return chance.below(result.count)
    }

    private func change(
        _ result: inout [UInt8], _ chance: inout SeededGenerator, _ other: [UInt8]
    ) {
        let place = place(result, &chance)
        let length = min(1 + chance.below(chance.below(3) == 0 ? 400 : 12), result.count - place)
        switch chance.below(10) {
        case 0, 1: result[place] ^= 1 << UInt8(chance.below(8))
        case 2: result[place] = chance.pick([0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF])
        case 3, 4:
            let width = min(chance.pick([2, 4, 4, 8]), result.count - place)
            let number = chance.pick(Self.numbers)
            for index in 0..<width {
                result[place + index] = UInt8(truncatingIfNeeded: number >> (8 * index))
            }
        case 5: result.removeLast(result.count - place)
        case 6: result.removeSubrange(place..<(place + length))
        case 7:
            let copy = Array(result[place..<(place + length)])
            result.insert(contentsOf: copy, at: chance.below(result.count + 1))
        case 8:
            guard !other.isEmpty else { return }
            let from = chance.below(other.count)
            let piece = Array(other[from..<min(other.count, from + length)])
            result.replaceSubrange(place..<(place + length), with: piece)
        default: putWord(&result, place, &chance)
        }
    }

    /// Puts a word in the place of another of the same length, or between what is there.
    private func putWord(
        _ result: inout [UInt8], _ place: Int, _ chance: inout SeededGenerator
    ) {
        guard !words.isEmpty else { return }
        let word = chance.pick(words)
        let alike = words.filter { $0.count == word.count && $0 != word }
        let found = result.indices.dropLast(word.count).first { index in
            index >= place && alike.contains { result[index...].starts(with: $0) }
        }
        if let found, chance.below(3) != 0 {
            result.replaceSubrange(found..<(found + word.count), with: word)
        } else {
            result.insert(contentsOf: word, at: place)
        }
    }
}

extension ByteDamage {
    /// Finds the places behind each occurrence of `mark`, `count` bytes each.
    static func ranges(behind mark: [UInt8], in bytes: [UInt8], count: Int) -> [Range<Int>] {
        guard let first = mark.first else { return [] }
        return bytes.indices
            .filter { bytes[$0] == first && bytes[$0...].starts(with: mark) }
            .map { ($0 + mark.count)..<min(bytes.count, $0 + mark.count + count) }
    }

    static func words(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }
}
