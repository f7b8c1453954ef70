// Moving values whose type doesn't matter, only how many bytes they have.

/// Stands for the 16 bytes of a string reference or a 128-bit integer.
struct SixteenBytes: BitwiseCopyable {
    var low: UInt64 = 0
    var high: UInt64 = 0
}

/// Copies the values that `codes` name, which have been checked.
func gatherValues(
    _ values: UnsafeRawPointer, _ codes: UnsafePointer<UInt32>, _ count: Int, byteWidth: Int,
    into target: UnsafeMutableRawPointer
) {
    switch byteWidth {
    case 1: gather(UInt8.self, values, codes, count, target)
    case 2: gather(UInt16.self, values, codes, count, target)
    case 4: gather(UInt32.self, values, codes, count, target)
    case 8: gather(UInt64.self, values, codes, count, target)
    default: gather(SixteenBytes.self, values, codes, count, target)
    }
}

@inline(__always)
private func gather<Element: BitwiseCopyable>(
    _ type: Element.Type, _ values: UnsafeRawPointer, _ codes: UnsafePointer<UInt32>,
    _ count: Int, _ target: UnsafeMutableRawPointer
) {
    let values = values.assumingMemoryBound(to: Element.self)
    let target = target.assumingMemoryBound(to: Element.self)
    for index in 0..<count { target[index] = values[Int(codes[index])] }
}

/// Spreads values from the front of their place to the rows that have one, from back to front so
/// that nothing is overwritten before it was moved; NULLs become zero.
func spreadValues(
    _ values: UnsafeMutableRawPointer, _ valueCount: Int, over count: Int, at position: Int,
    validity: UnsafePointer<UInt64>, byteWidth: Int
) {
    switch byteWidth {
    case 1: spread(values, valueCount, count, position, validity, zero: UInt8(0))
    case 2: spread(values, valueCount, count, position, validity, zero: UInt16(0))
    case 4: spread(values, valueCount, count, position, validity, zero: UInt32(0))
    case 8: spread(values, valueCount, count, position, validity, zero: UInt64(0))
    default: spread(values, valueCount, count, position, validity, zero: SixteenBytes())
    }
}

@inline(__always)
private func spread<Element: BitwiseCopyable>(
    _ values: UnsafeMutableRawPointer, _ valueCount: Int, _ count: Int, _ position: Int,
    _ validity: UnsafePointer<UInt64>, zero: Element
) {
    let values = values.assumingMemoryBound(to: Element.self)
    var source = valueCount
    var row = count
    // Whether a row has a value is not to be foretold, so nothing branches on it.
    while row > source, source > 0 {
        row &-= 1
        let bit = position &+ row
        let isSet = (validity[bit &>> 6] &>> UInt64(bit & 63)) & 1
        let value = values[source &- 1]
        values[row] = isSet != 0 ? value : zero
        source &-= Int(truncatingIfNeeded: isSet)
    }
    if source == 0 { values.update(repeating: zero, count: row) }
}

/// Tells whether all codes are below `limit`.
func codesAreBelow(_ limit: Int, _ codes: UnsafePointer<UInt32>, _ count: Int) -> Bool {
    var greatest: UInt32 = 0
    for index in 0..<count { greatest = max(greatest, codes[index]) }
    return count == 0 || Int(greatest) < limit
}
