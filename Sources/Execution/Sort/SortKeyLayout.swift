// How the keys of a row become words that order as the rows do.
//
// 1. Each key is turned into an unsigned code whose order is the key's: low bound subtracted or
//    sign flipped, descending keys mirrored, NULL below or above all others.
// 2. Codes are packed into 64-bit words, first key first, each as many bits as its bounds need. A
//    code may begin in one word and end in the next.
// 3. A string gives as many bytes as fit into its word, the first ones behind what all have in common
//    (`TextOrigin`), and closes that word; rows that are equal up to there are told apart by the rest
//    of the string before the next word counts.

import StarlingTypes

/// Lays sort keys out in words.
package struct SortKeyLayout: Sendable {
    /// A step of the comparison; a later one counts where all earlier ones are equal.
    enum Level: Sendable {
        case word(Int)
        /// A string key, of whose code the words before have `byteCount` bytes.
        case string(key: Int, byteCount: Int)
    }

    let keys: [SortColumn]
    private(set) var fields: [SortField] = []
    private(set) var levels: [Level] = []
    package private(set) var wordCount = 0
    private var bitsLeft = 0

    package init(_ keys: [SortColumn]) {
        self.keys = keys
        for (index, key) in keys.enumerated() { addKey(key, index) }
        // Without any key, or with keys of one value only, there is still a word to sort by.
        if wordCount == 0 { openWord() }
    }

    /// True where the first word alone decides the order.
    var isSingleWord: Bool { levels.count == 1 }

    /// The first key where it is of texts, of which the first word has the beginning only.
    var firstText: SortColumn? { keys.first.flatMap { $0.physicalType == .string ? $0 : nil } }

    private mutating func openWord() {
        levels.append(.word(wordCount))
        wordCount += 1
        bitsLeft = 64
    }

    private mutating func addKey(_ key: SortColumn, _ index: Int) {
        if key.physicalType == .string {
            addString(key, index)
        } else if key.physicalType.isInteger, let bounds = Self.usableBounds(key) {
            addBounded(key, index, bounds)
        } else {
            if key.isNullable { addFlag(key, index) }
            let bits = key.physicalType == .float32 ? 32 : 64
            let top = bits == 32 ? UInt64(UInt32.max) : .max
            var field = SortField(key: index, top: top, isMirrored: !key.isAscending)
            if key.physicalType == .int128 {
                field.source = .highHalf
                addBits(of: field, 64)
            }
            field.source = .value
            addBits(of: field, bits)
        }
    }

    /// Returns bounds so narrow that the code of NULL fits beside them into 64 bits.
    private static func usableBounds(_ key: SortColumn) -> Bounds? {
        guard let bounds = key.bounds ?? key.physicalType.integerBounds else { return nil }
        guard let width = bounds.width, width < Int.max else { return nil }
        return bounds
    }

    private mutating func addBounded(_ key: SortColumn, _ index: Int, _ bounds: Bounds) {
        let width = UInt64(bounds.width!)
        var field = SortField(key: index, top: width - 1, isMirrored: !key.isAscending)
        field.source = .boundedValue
        field.base = UInt64(truncatingIfNeeded: bounds.low)
        var highest = width - 1
        if key.isNullable {
            field.addend = key.nullsFirst ? 1 : 0
            field.nullCode = key.nullsFirst ? 0 : width
            highest = width
        }
        addBits(of: field, 64 - highest.leadingZeroBitCount)
    }

    private mutating func addFlag(_ key: SortColumn, _ index: Int) {
        var field = SortField(key: index, top: 0, isMirrored: false)
        field.source = .flag
        field.addend = key.nullsFirst ? 1 : 0
        field.nullCode = key.nullsFirst ? 0 : 1
        addBits(of: field, 1)
    }

    private mutating func addString(_ key: SortColumn, _ index: Int) {
        // Fewer than four bytes of prefix would tell little apart.
        if bitsLeft < 33 { openWord() }
        if key.isNullable { addFlag(key, index) }
        let byteCount = bitsLeft / 8
        var field = SortField(key: index, top: .max, isMirrored: !key.isAscending)
        field.source = .text
        bitsLeft -= byteCount * 8
        field.word = wordCount - 1
        field.shift = UInt64(bitsLeft)
        field.drop = UInt64(64 - byteCount * 8)
        field.mask = .max &>> field.drop
        fields.append(field)
        levels.append(.string(key: index, byteCount: byteCount))
        bitsLeft = 0
    }

    /// Puts the low `count` bits of a code into the words, highest first.
    private mutating func addBits(of field: SortField, _ count: Int) {
        var rest = count
        while rest > 0 {
            if bitsLeft == 0 { openWord() }
            let taken = min(rest, bitsLeft)
            rest -= taken
            bitsLeft -= taken
            var part = field
            part.word = wordCount - 1
            part.shift = UInt64(bitsLeft)
            part.drop = UInt64(rest)
            part.mask = taken == 64 ? .max : (1 << UInt64(taken)) - 1
            fields.append(part)
        }
    }
}

/// Says how some bits of a key's code get into a word.
struct SortField: Sendable {
    enum Source: Sendable {
        /// Only whether there is a value.
        case flag
        /// An integer less its low bound.
        case boundedValue
        /// All 64 (or 32) bits, made unsigned; of 128 bits the lower half.
        case value
        case highHalf
        /// The code of a string.
        case text
    }

    var key: Int
    var source = Source.value
    var base: UInt64 = 0
    /// The highest code, which the lowest turns into where the key is descending.
    var top: UInt64
    var isMirrored: Bool
    var addend: UInt64 = 0
    var nullCode: UInt64 = 0
    var word = 0
    var shift: UInt64 = 0
    var drop: UInt64 = 0
    var mask: UInt64 = 0

    init(key: Int, top: UInt64, isMirrored: Bool) {
        self.key = key
        self.top = top
        self.isMirrored = isMirrored
    }
}
