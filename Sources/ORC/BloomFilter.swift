// Bloom filters of row groups. A value's hash of 64 bits is two of 32, from which the places of all
// its bits follow; where a bit is missing, the value does not occur (Kirsch and Mitzenmacher, "Less
// Hashing, Same Performance", ESA 2006).

import StarlingTypes

/// Holds the filter of one row group.
struct BloomFilter: ProtobufMessage {
    private var hashCount = 0
    private var words: [UInt64] = []
    private var bytes: [UInt8] = []

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 1: hashCount = try reader.count(field)
        case 2: try reader.appendFixed(field, to: &words)
        case 3: bytes = try reader.bytes(field)
        default: try reader.skip(field)
        }
    }

    private var bitCount: Int { bytes.isEmpty ? words.count * 64 : bytes.count * 8 }

    /// Tells whether a value with this hash may occur.
    func mayContain(_ hash: UInt64) -> Bool {
        guard bitCount > 0, bitCount % 64 == 0, (1...64).contains(hashCount) else { return true }
        let first = Int32(truncatingIfNeeded: hash)
        let second = Int32(truncatingIfNeeded: hash >> 32)
        for number in 1...Int32(hashCount) {
            var combined = first &+ number &* second
            if combined < 0 { combined = ~combined }
            if !isSet(Int(combined) % bitCount) { return false }
        }
        return true
    }

    private func isSet(_ place: Int) -> Bool {
        bytes.isEmpty
            ? words[place >> 6] >> UInt64(place & 63) & 1 != 0
            : bytes[place >> 3] >> UInt8(place & 7) & 1 != 0
    }
}

/// Holds the filters of all row groups of a column.
struct BloomFilterIndex: ProtobufMessage {
    var filters: [BloomFilter] = []

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 1: filters.append(try reader.message(field))
        default: try reader.skip(field)
        }
    }
}

/// Hashes values as writers do.
enum BloomHash {
    /// What is known of a value's hash.
    enum Outcome {
        case hash(UInt64)
        /// The column can't have the value.
        case none
        case unknown
    }

    static func of(_ value: Value, _ node: ORCNode, isHybrid: Bool) -> Outcome {
        switch (node.kind, value) {
        case (_, .null): .none
        case (.byte, .integer(let number)), (.short, .integer(let number)),
            (.int, .integer(let number)), (.long, .integer(let number)):
            Int64(exactly: number).map { .hash(hash($0)) } ?? .none
        case (.date, .integer(let number)) where !isHybrid:
            Int64(exactly: number).map { .hash(hash($0)) } ?? .none
        case (.string, .bytes(let bytes)), (.varchar, .bytes(let bytes)): .hash(hash(bytes))
        default: .unknown
        }
    }

    /// Hashes an integer as Thomas Wang does; the shifts to the right keep the sign.
    private static func hash(_ number: Int64) -> UInt64 {
        var key = ~number &+ (number &<< 21)
        key ^= key &>> 24
        key = key &+ (key &<< 3) &+ (key &<< 8)
        key ^= key &>> 14
        key = key &+ (key &<< 2) &+ (key &<< 4)
        key ^= key &>> 28
        return UInt64(bitPattern: key &+ (key &<< 31))
    }

    /// Hashes bytes by MurmurHash3, in the form with one state of 64 bits that the format has.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 104_729
        func mixed(_ word: UInt64) -> UInt64 {
            let product = word &* 0x87C3_7B91_1142_53D5
            return (product &<< 31 | product &>> 33) &* 0x4CF5_AD43_2745_937F
        }
        let wholeCount = bytes.count / 8 * 8
        for start in stride(from: 0, to: wholeCount, by: 8) {
            let word = bytes[start..<(start + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
            hash ^= mixed(word)
            hash = (hash &<< 27 | hash &>> 37) &* 5 &+ 0x52DC_E729
        }
        if wholeCount < bytes.count {
            hash ^= mixed(bytes[wholeCount...].reversed().reduce(0) { $0 << 8 | UInt64($1) })
        }
        hash ^= UInt64(bytes.count)
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }
}
