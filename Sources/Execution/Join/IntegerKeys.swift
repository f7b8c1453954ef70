// The keys of a build side with one integer key, kept apart from the rows while they are gathered:
// whether a direct-address table is worth it depends on their bounds, and such a table is then
// made without touching the rows.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Collects 64-bit keys and their bounds; belongs to one worker.
///
/// `@unchecked Sendable`: one worker appends; others read after it has been handed on.
final class IntegerKeys: @unchecked Sendable {
    private(set) var count = 0
    private(set) var low = Int64.max
    private(set) var high = Int64.min
    private var buffer = Buffer(byteCount: 0)
    private let expectedCount: Int
    private let reservation: Reservation

    init(expecting count: Int = 512, reservation: Reservation) {
        expectedCount = count
        self.reservation = reservation
    }

    var values: UnsafePointer<Int64> { UnsafePointer(buffer.pointer(to: Int64.self)) }

    /// Appends the rows of `vector`, or those selected, none of them NULL.
    func append(
        _ vector: Vector, selected: UnsafePointer<UInt16>?, count added: Int
    ) throws(StarlingError) {
        try makeRoom(count + added)
        let target = buffer.pointer(to: Int64.self) + count
        switch vector.physicalType {
        case .int8: copyKeys(vector, Int8.self, selected, target, added)
        case .int16: copyKeys(vector, Int16.self, selected, target, added)
        case .int32: copyKeys(vector, Int32.self, selected, target, added)
        default: copyKeys(vector, Int64.self, selected, target, added)
        }
        var low = low
        var high = high
        for row in 0..<added {
            low = min(low, target[row])
            high = max(high, target[row])
        }
        self.low = low
        self.high = high
        count += added
    }

    /// Returns keys as a vector of the layout that they came in.
    func vector(from start: Int, count: Int, _ type: PhysicalType) -> Vector {
        let result = Vector(uninitialized: type, count: count)
        let source = values + start
        switch type {
        case .int8: narrow(source, result.pointer(to: Int8.self), count)
        case .int16: narrow(source, result.pointer(to: Int16.self), count)
        case .int32: narrow(source, result.pointer(to: Int32.self), count)
        default: narrow(source, result.pointer(to: Int64.self), count)
        }
        return result
    }

    @inline(__always)
    private func narrow<Element: FixedWidthInteger>(
        _ source: UnsafePointer<Int64>, _ target: UnsafeMutablePointer<Element>, _ count: Int
    ) {
        for row in 0..<count { target[row] = Element(truncatingIfNeeded: source[row]) }
    }

    private func makeRoom(_ needed: Int) throws(StarlingError) {
        guard needed * 8 > buffer.byteCount else { return }
        let larger = max(needed * 8, buffer.byteCount * 2, expectedCount * 8)
        try reservation.resize(to: larger)
        let copy = Buffer(byteCount: larger)
        copy.baseAddress.copyMemory(from: buffer.baseAddress, byteCount: count * 8)
        buffer = copy
    }
}

/// Reads integers of any encoding as 64-bit ones.
func copyKeys<Element: FixedWidthInteger & BitwiseCopyable>(
    _ vector: Vector, _ type: Element.Type, _ selected: UnsafePointer<UInt16>?,
    _ target: UnsafeMutablePointer<Int64>, _ count: Int
) {
    let view = DecodedVector(vector)
    let values = view.values.assumingMemoryBound(to: Element.self)
    if vector.isFlat {
        if let selected {
            for row in 0..<count {
                target[row] = Int64(truncatingIfNeeded: values[Int(selected[row])])
            }
        } else {
            for row in 0..<count { target[row] = Int64(truncatingIfNeeded: values[row]) }
        }
        return
    }
    for row in 0..<count {
        let place = selected.map { Int($0[row]) } ?? row
        target[row] = Int64(truncatingIfNeeded: values[view.index(place)])
    }
}
