// The build rows of each value of a dictionary. A column's parts share their dictionary where it is
// small, so a value's rows are looked up and compared once, and each row of the probe costs one look
// at its code.

import StarlingKernels
import StarlingMemory
import StarlingRows
import StarlingVectors

/// Knows between which addresses the rows lie that match the values of a dictionary.
struct CodeCandidates {
    /// More rows to be compared than these are better compared as they come.
    private static let comparisonCountMax = 65_536

    let dictionary: VectorDictionary
    /// Two addresses a value, the first row and the end; both 0 where there is none. Nil where the
    /// rows of a value do not lie side by side.
    private let places: Buffer?

    init(
        _ dictionary: VectorDictionary, _ index: HashIndex, _ matcher: RowMatcher,
        _ hasher: ColumnHasher
    ) {
        self.dictionary = dictionary
        places = Self.find(dictionary, index, matcher, hasher)
    }

    /// Writes the rows of a chunk that have matches, with the addresses where these begin and end,
    /// and returns how many they are; nil where the rows have to be looked up one by one.
    func findCandidates(
        _ codes: UnsafePointer<UInt32>, count: Int, probeRows: UnsafeMutablePointer<UInt16>,
        starts: UnsafeMutablePointer<UInt64>, ends: UnsafeMutablePointer<UInt64>
    ) -> Int? {
        guard let places else { return nil }
        let known = places.pointer(to: UInt64.self)
        var found = 0
        for row in 0..<count {
            let code = Int(codes[row])
            probeRows[found] = UInt16(truncatingIfNeeded: row)
            starts[found] = known[2 &* code]
            ends[found] = known[2 &* code &+ 1]
            found &+= known[2 &* code] == 0 ? 0 : 1
        }
        withExtendedLifetime(places) {}
        return found
    }

    private static func find(
        _ dictionary: VectorDictionary, _ index: HashIndex, _ matcher: RowMatcher,
        _ hasher: ColumnHasher
    ) -> Buffer? {
        let count = dictionary.count
        guard count <= chunkCapacity else { return nil }
        let scratch = Buffer(byteCount: (count + 1) * 26)
        let hashes = scratch.pointer(to: UInt64.self)
        let (starts, ends) = (hashes + count, hashes + 2 * count + 1)
        let rows = UnsafeMutableRawPointer(ends + count + 1).assumingMemoryBound(to: UInt16.self)
        hasher.hash([dictionary.values], count: count, into: hashes)
        let found = index.findCandidates(
            hashes, count: count, probeRows: rows, starts: starts, ends: ends)
        let width = UInt64(index.rowByteCount)
        var codes: [UInt16] = []
        var addresses: [RowAddress] = []
        for candidate in 0..<found {
            for place in stride(from: starts[candidate], to: ends[candidate], by: Int(width)) {
                guard let address = RowAddress(bitPattern: UInt(place)) else { return nil }
                codes.append(rows[candidate])
                addresses.append(address)
            }
            guard addresses.count <= comparisonCountMax else { return nil }
        }
        withExtendedLifetime(scratch) {}
        let isMatch = Buffer(byteCount: addresses.count)
        let matches = isMatch.pointer(to: UInt8.self)
        codes.withUnsafeBufferPointer { codes in
            addresses.withUnsafeBufferPointer { addresses in
                guard let codes = codes.baseAddress, let start = addresses.baseAddress else {
                    return
                }
                matcher.match(
                    [dictionary.values], probeRows: codes, addresses: start,
                    count: addresses.count, isMatch: matches)
            }
        }
        let places = Buffer.zeroed(byteCount: max(1, count) * 16)
        let known = places.pointer(to: UInt64.self)
        for (pair, code) in codes.enumerated() where matches[pair] != 0 {
            let place = UInt64(UInt(bitPattern: addresses[pair]))
            if known[2 * Int(code)] == 0 {
                known[2 * Int(code)] = place
            } else if known[2 * Int(code) + 1] != place {
                return nil
            }
            known[2 * Int(code) + 1] = place + width
        }
        return places
    }
}
