// Finds the rows of a chunk's keys in a direct index: a subtraction, a comparison and a load a row,
// without a branch.

import StarlingTypes
import StarlingVectors

extension DirectIndex {
    /// Writes the number of the first row for each key, 0 where there is none.
    ///
    /// The keys are flat.
    func findNumbers(_ keys: Vector, count: Int, into numbers: UnsafeMutablePointer<UInt32>) {
        let lookup = lookup
        switch keys.physicalType {
        case .int8: lookup.findNumbers(keys.pointer(to: Int8.self), count, numbers)
        case .int16: lookup.findNumbers(keys.pointer(to: Int16.self), count, numbers)
        case .int32: lookup.findNumbers(keys.pointer(to: Int32.self), count, numbers)
        default: lookup.findNumbers(keys.pointer(to: Int64.self), count, numbers)
        }
        clearNulls(keys, count: count) { numbers[$0] = 0 }
    }

    /// Writes 1 for each key that a build row has, else 0.
    func findPresence(_ keys: Vector, count: Int, into isPresent: UnsafeMutablePointer<UInt8>) {
        let lookup = lookup
        switch keys.physicalType {
        case .int8: lookup.findPresence(keys.pointer(to: Int8.self), count, isPresent)
        case .int16: lookup.findPresence(keys.pointer(to: Int16.self), count, isPresent)
        case .int32: lookup.findPresence(keys.pointer(to: Int32.self), count, isPresent)
        default: lookup.findPresence(keys.pointer(to: Int64.self), count, isPresent)
        }
        clearNulls(keys, count: count) { isPresent[$0] = 0 }
    }

    @inline(__always)
    private func clearNulls(_ keys: Vector, count: Int, _ clear: (Int) -> Void) {
        guard let words = keys.validity?.words else { return }
        for word in 0..<Validity.wordCount(for: count) {
            var nulls = ~words[word]
            while nulls != 0 {
                let row = word &* 64 &+ nulls.trailingZeroBitCount
                nulls &= nulls &- 1
                guard row < count else { break }
                clear(row)
            }
        }
    }
}

extension DirectIndex.Lookup {
    @inline(__always)
    fileprivate func findNumbers<Key: FixedWidthInteger & BitwiseCopyable>(
        _ keys: UnsafeMutablePointer<Key>, _ count: Int, _ numbers: UnsafeMutablePointer<UInt32>
    ) {
        let places = self.numbers.unsafelyUnwrapped
        let low = low
        let width = width
        for row in 0..<count {
            let place = UInt64(bitPattern: Int64(truncatingIfNeeded: keys[row]) &- low)
            numbers[row] = places[Int(min(place, width))]
        }
    }

    @inline(__always)
    fileprivate func findPresence<Key: FixedWidthInteger & BitwiseCopyable>(
        _ keys: UnsafeMutablePointer<Key>, _ count: Int, _ isPresent: UnsafeMutablePointer<UInt8>
    ) {
        guard let bits else {
            let places = self.numbers.unsafelyUnwrapped
            for row in 0..<count {
                let place = UInt64(bitPattern: Int64(truncatingIfNeeded: keys[row]) &- low)
                isPresent[row] = places[Int(min(place, width))] == 0 ? 0 : 1
            }
            return
        }
        let low = low
        // The word behind the last one is zero.
        let end = (width &+ 63) & ~63
        for row in 0..<count {
            let place = min(UInt64(bitPattern: Int64(truncatingIfNeeded: keys[row]) &- low), end)
            isPresent[row] = UInt8(truncatingIfNeeded: bits[Int(place &>> 6)] &>> (place & 63)) & 1
        }
    }
}
