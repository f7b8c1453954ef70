// Reads numbers one after the other from bytes of an index that may be anything.

import StarlingErrors

/// Stands at a place in bytes of an index.
struct IndexCursor {
    let slice: IndexSlice
    private(set) var place: Int

    init(_ slice: IndexSlice, at place: Int = 0) {
        self.slice = slice
        self.place = place
    }

    var isAtEnd: Bool { place >= slice.count }

    private func checked(_ count: Int) throws(StarlingError) {
        guard count >= 0, count <= slice.count - place else {
            throw damagedIndex("it is cut off")
        }
    }

    mutating func integer<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type
    ) throws(StarlingError) -> Number {
        try checked(MemoryLayout<Number>.size)
        defer { place += MemoryLayout<Number>.size }
        return slice.withBytes { $0.loadUnaligned(fromByteOffset: place, as: Number.self) }
    }

    /// Reads a count or a place of 8 bytes.
    mutating func count() throws(StarlingError) -> Int {
        guard let count = Int(exactly: try integer(UInt64.self)) else {
            throw damagedIndex("a count is larger than any file")
        }
        return count
    }

    /// Reads a number of seven bits a byte, the lowest first.
    mutating func varint() throws(StarlingError) -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try integer(UInt8.self)
            guard shift < 56 else { throw damagedIndex("a number is too long") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int(value) }
            shift += 7
        }
    }

    /// Reads such a number, and checks it.
    mutating func varint(below bound: Int) throws(StarlingError) -> Int {
        let number = try varint()
        guard number < bound else { throw damagedIndex("a number is too large") }
        return number
    }

    mutating func skip(_ count: Int) throws(StarlingError) {
        try checked(count)
        place += count
    }

    /// The byte so many behind the place.
    func byte(_ distance: Int) throws(StarlingError) -> UInt8 {
        try checked(distance + 1)
        return slice.withBytes { $0[place + distance] }
    }

    /// Counts the bytes, of so many from the place on, that are as others begin.
    func countOfSame(
        _ count: Int, _ others: ArraySlice<UInt8>
    ) throws(StarlingError) -> Int {
        try checked(count)
        return slice.withBytes { bytes in
            let limit = Swift.min(count, others.count)
            var same = 0
            while same < limit, bytes[place + same] == others[others.startIndex + same] {
                same += 1
            }
            return same
        }
    }

    mutating func bytes(_ count: Int) throws(StarlingError) -> [UInt8] {
        try checked(count)
        defer { place += count }
        return slice.withBytes { Array($0[place..<(place + count)]) }
    }

    /// Appends `count` numbers that are packed behind a byte with their width.
    mutating func appendPacked(
        _ count: Int, to numbers: inout [UInt32]
    ) throws(StarlingError) {
        let width = Int(try integer(UInt8.self))
        guard width <= 32 else { throw damagedIndex("a number is too wide") }
        let byteCount = (count * width + 7) / 8
        try checked(byteCount)
        let start = place
        place += byteCount
        let mask: UInt64 = (1 << UInt64(width)) - 1
        let before = numbers.count
        numbers.append(contentsOf: repeatElement(0, count: count))
        numbers.withUnsafeMutableBufferPointer { numbers in
            slice.withBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                var bit = start &* 8
                for place in before..<(before + count) {
                    let word = (base + bit &>> 3).loadUnaligned(as: UInt64.self)
                    numbers[place] = UInt32(
                        truncatingIfNeeded: word &>> UInt64(bit & 7) & mask)
                    bit &+= width
                }
            }
        }
    }
}
