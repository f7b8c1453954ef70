// 1,024 small numbers as bits that lie interleaved: with lanes of L bits, number i belongs to lane
// i mod (1024 / L), and each lane packs its L numbers one behind the other. So neighbouring numbers
// lie in neighbouring lanes at the same bit, and one shift serves a whole register of them
// (Afroozeh and Boncz, "The FastLanes Compression Layout", VLDB 2023, without its transposition,
// which only deltas need: here they are summed as they are).

/// Counts the numbers that are packed together.
package let packedCount = 1_024

/// Is an unsigned integer that numbers are packed into.
protocol PackingLane: FixedWidthInteger, UnsignedInteger, BitwiseCopyable {}

extension UInt8: PackingLane {}
extension UInt16: PackingLane {}
extension UInt32: PackingLane {}
extension UInt64: PackingLane {}

/// Packs `packedCount` numbers below 2 to the power of `width` into 128 × `width` bytes.
@inline(__always)
func packLanes<Lane: PackingLane>(
    _ source: UnsafePointer<UInt64>, width: Int, into target: UnsafeMutablePointer<Lane>
) {
    let laneCount = packedCount / Lane.bitWidth
    (target).update(repeating: 0, count: laneCount * width)
    for row in 0..<Lane.bitWidth where width > 0 {
        let (word, shift) = (row * width).quotientAndRemainder(dividingBy: Lane.bitWidth)
        let (numbers, first) = (source + row * laneCount, target + word * laneCount)
        for lane in 0..<laneCount {
            first[lane] |= Lane(truncatingIfNeeded: numbers[lane]) &<< Lane(shift)
        }
        guard shift + width > Lane.bitWidth else { continue }
        let second = first + laneCount
        for lane in 0..<laneCount {
            second[lane] |=
                Lane(truncatingIfNeeded: numbers[lane]) &>> Lane(Lane.bitWidth - shift)
        }
    }
}

/// Unpacks `packedCount` numbers and adds `base` to each, modulo the target's width.
@inline(__always)
func unpackLanes<Lane: PackingLane, Target: FixedWidthInteger>(
    _ source: UnsafePointer<Lane>, width: Int, base: Target,
    into target: UnsafeMutablePointer<Target>
) {
    let laneCount = packedCount / Lane.bitWidth
    let mask: Lane = width == Lane.bitWidth ? .max : (1 &<< Lane(width)) &- 1
    for row in 0..<Lane.bitWidth {
        let bit = row &* width
        let shift = bit % Lane.bitWidth
        let first = source + bit / Lane.bitWidth &* laneCount
        let numbers = target + row &* laneCount
        let down = Lane(truncatingIfNeeded: shift)
        if shift &+ width <= Lane.bitWidth {
            for lane in 0..<laneCount {
                numbers[lane] =
                    Target(truncatingIfNeeded: (first[lane] &>> down) & mask) &+ base
            }
        } else {
            let second = first + laneCount
            let up = Lane(truncatingIfNeeded: Lane.bitWidth &- shift)
            for lane in 0..<laneCount {
                let bits = first[lane] &>> down | second[lane] &<< up
                numbers[lane] = Target(truncatingIfNeeded: bits & mask) &+ base
            }
        }
    }
}

/// Packs with the narrowest lanes that hold numbers of `width` bits (at most 64).
func pack(_ source: UnsafePointer<UInt64>, width: Int, into target: UnsafeMutableRawPointer) {
    switch width {
    case 0: return
    case 1...8: packLanes(source, width: width, into: target.assumingMemoryBound(to: UInt8.self))
    case 9...16:
        packLanes(source, width: width, into: target.assumingMemoryBound(to: UInt16.self))
    case 17...32:
        packLanes(source, width: width, into: target.assumingMemoryBound(to: UInt32.self))
    default: packLanes(source, width: width, into: target.assumingMemoryBound(to: UInt64.self))
    }
}

/// Unpacks what `pack` packed; `source` is aligned to 8 bytes.
func unpack<Target: FixedWidthInteger>(
    _ source: UnsafeRawPointer, width: Int, base: Target,
    into target: UnsafeMutablePointer<Target>
) {
    switch width {
    case 0: target.update(repeating: base, count: packedCount)
    case 1...8:
        unpackLanes(
            source.assumingMemoryBound(to: UInt8.self), width: width, base: base, into: target)
    case 9...16:
        unpackLanes(
            source.assumingMemoryBound(to: UInt16.self), width: width, base: base, into: target)
    case 17...32:
        unpackLanes(
            source.assumingMemoryBound(to: UInt32.self), width: width, base: base, into: target)
    default:
        unpackLanes(
            source.assumingMemoryBound(to: UInt64.self), width: width, base: base, into: target)
    }
}

/// Unpacks one of the numbers that `pack` packed.
func unpackNumber(_ source: UnsafeRawPointer, width: Int, at place: Int) -> UInt64 {
    switch width {
    case 0: 0
    case 1...8: unpackLane(source.assumingMemoryBound(to: UInt8.self), width: width, place)
    case 9...16: unpackLane(source.assumingMemoryBound(to: UInt16.self), width: width, place)
    case 17...32: unpackLane(source.assumingMemoryBound(to: UInt32.self), width: width, place)
    default: unpackLane(source.assumingMemoryBound(to: UInt64.self), width: width, place)
    }
}

@inline(__always)
private func unpackLane<Lane: PackingLane>(
    _ source: UnsafePointer<Lane>, width: Int, _ place: Int
) -> UInt64 {
    let laneCount = packedCount / Lane.bitWidth
    let mask: Lane = width == Lane.bitWidth ? .max : (1 &<< Lane(width)) &- 1
    let bit = place / laneCount &* width
    let shift = bit % Lane.bitWidth
    let first = source + bit / Lane.bitWidth &* laneCount + place % laneCount
    var bits = first[0] &>> Lane(truncatingIfNeeded: shift)
    if shift &+ width > Lane.bitWidth {
        bits |= first[laneCount] &<< Lane(truncatingIfNeeded: Lane.bitWidth &- shift)
    }
    return UInt64(bits & mask)
}
