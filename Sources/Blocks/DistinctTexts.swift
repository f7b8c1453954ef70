// The distinct strings of a column, found with a hash table that gives up where there are too many.

import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Knows the distinct strings of a column and which of them each row is.
struct DistinctTexts {
    static let countMax = 65_536
    private static let sampleCountMax = 4_096

    private var values: [StringReference] = []
    private let codes: Buffer
    private let count: Int
    private let owner: Vector

    /// Returns nil where a dictionary would not be worth it.
    init?(_ source: Vector) {
        count = source.count
        codes = Buffer(byteCount: max(8, source.count * 8))
        owner = source
        if let dictionary = source.dictionary, dictionary.count <= min(count / 2, Self.countMax) {
            takeCodes(of: source, dictionary)
            return
        }
        let flat = source.flattened()
        guard Self.mayRepeat(flat), gather(flat) else { return nil }
    }

    /// The distinct strings, ascending.
    func sortedValues() -> Vector {
        var vector = Vector(uninitialized: .string, count: values.count)
        vector.owner = OwnerList.joining(owner.owner, owner.dictionary?.values.owner)
        let target = vector.pointer(to: StringReference.self)
        for (place, index) in order.enumerated() { target[place] = values[index] }
        return vector
    }

    /// The place of each row's string among the sorted ones, in 64 bits.
    func sortedCodes() -> Buffer {
        var places = Array(repeating: Int64(0), count: max(values.count, 1))
        for (place, index) in order.enumerated() { places[index] = Int64(place) }
        let codes = codes.pointer(to: Int64.self)
        places.withUnsafeBufferPointer { places in
            for row in 0..<count { codes[row] = places[Int(codes[row])] }
        }
        return self.codes
    }

    private var order: [Int] { values.indices.sorted { values[$0] < values[$1] } }

    /// Keeps the values of a dictionary that rows have.
    private mutating func takeCodes(of source: Vector, _ dictionary: VectorDictionary) {
        var known = Array(repeating: Int64(-1), count: dictionary.count)
        let strings = dictionary.values.pointer(to: StringReference.self)
        let target = codes.pointer(to: Int64.self)
        var last: Int64 = 0
        for row in 0..<count {
            if source.isValid(row) {
                let code = Int(source.codes[row])
                if known[code] < 0 {
                    known[code] = Int64(values.count)
                    values.append(strings[code])
                }
                last = known[code]
            }
            target[row] = last
        }
        addValueForNulls()
    }

    /// Codes need a value, also where all rows are NULL.
    private mutating func addValueForNulls() {
        if values.isEmpty { values.append(.empty) }
    }

    /// Tells from a sample whether strings seem to come more than once.
    private static func mayRepeat(_ flat: Vector) -> Bool {
        let strings = flat.pointer(to: StringReference.self)
        let slotCount = 8_192
        let table = Buffer.zeroed(byteCount: slotCount * 8)
        let slots = table.pointer(to: UInt64.self)
        var (sampleCount, distinctCount) = (0, 0)
        let step = max(1, (flat.count + sampleCountMax - 1) / sampleCountMax)
        for row in stride(from: 0, to: flat.count, by: step) where flat.isValid(row) {
            // 0 stands for a free slot.
            let hash = max(1, hashValue(of: strings[row]))
            sampleCount &+= 1
            var slot = Int(truncatingIfNeeded: hash) & (slotCount &- 1)
            while slots[slot] != 0, slots[slot] != hash {
                slot = (slot &+ 1) & (slotCount &- 1)
            }
            if slots[slot] == 0 {
                slots[slot] = hash
                distinctCount &+= 1
            }
        }
        withExtendedLifetime(table) {}
        return distinctCount * 4 <= sampleCount * 3
    }

    /// Is a StringReference as it lies in memory, whose own comparison is another module's and not
    /// inlined here.
    private typealias ReferenceWords = SIMD2<UInt64>

    private mutating func gather(_ flat: Vector) -> Bool {
        let limit = min(max(count / 4, 16), Self.countMax)
        var slotCount = 1_024
        while slotCount < limit * 2 { slotCount *= 2 }
        let table = Buffer.zeroed(byteCount: slotCount * 4)
        let slots = table.pointer(to: UInt32.self)
        let texts = Buffer(byteCount: limit * MemoryLayout<StringReference>.stride)
        let known = texts.pointer(to: StringReference.self)
        let knownWords = texts.pointer(to: ReferenceWords.self)
        var knownCount = 0
        let strings = flat.pointer(to: StringReference.self)
        let words = flat.pointer(to: ReferenceWords.self)
        let target = codes.pointer(to: Int64.self)
        var last: Int64 = 0
        let validity = flat.validity
        for row in 0..<count {
            if let validity, !validity.isValid(row) {
                target[row] = last
                continue
            }
            let own = words[row]
            let isInline = UInt32(truncatingIfNeeded: own[0]) <= 12
            let hash = isInline ? Self.hashOfInline(own) : hashValue(of: strings[row])
            var slot = Int(truncatingIfNeeded: hash) & (slotCount &- 1)
            while slots[slot] != 0 {
                let place = Int(slots[slot]) &- 1
                let other = knownWords[place]
                if own == other { break }
                if !isInline, own[0] == other[0], known[place] == strings[row] { break }
                slot = (slot &+ 1) & (slotCount &- 1)
            }
            if slots[slot] == 0 {
                guard knownCount < limit else { return false }
                knownWords[knownCount] = own
                knownCount &+= 1
                slots[slot] = UInt32(truncatingIfNeeded: knownCount)
            }
            last = Int64(slots[slot]) &- 1
            target[row] = last
        }
        values = Array(UnsafeBufferPointer(start: known, count: knownCount))
        withExtendedLifetime((table, texts, flat)) {}
        addValueForNulls()
        return true
    }

    @inline(__always)
    private static func hashOfInline(_ words: ReferenceWords) -> UInt64 {
        let (high, low) = (words[0] ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(
            by: words[1] ^ 0xE703_7ED1_A0B4_28DB)
        return high ^ low
    }
}
