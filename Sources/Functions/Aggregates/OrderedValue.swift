// What min(), max() and any_value() need to know of a value: how it orders, and how it is kept in
// a state that is aligned to 8 and outlives the chunk.

import StarlingVectors

/// Is a stored value that orders and can be kept in a state.
protocol OrderedValue: BitwiseCopyable, Sendable {
    /// Lies in states; its alignment is at most 8.
    associatedtype Kept: StoredState
    static func isLess(_ left: Self, _ right: Self) -> Bool
    func kept(in heap: StringHeap) -> Kept
    init(_ kept: Kept)
}

extension OrderedValue where Self: Comparable, Kept == Self {
    @inline(__always)
    static func isLess(_ left: Self, _ right: Self) -> Bool { left < right }
    @inline(__always)
    func kept(in heap: StringHeap) -> Self { self }
    @inline(__always)
    init(_ kept: Self) { self = kept }
}

extension Int8: OrderedValue { typealias Kept = Int8 }
extension Int16: OrderedValue { typealias Kept = Int16 }
extension Int32: OrderedValue { typealias Kept = Int32 }
extension Int64: OrderedValue { typealias Kept = Int64 }

/// Keeps 128 bits as two words.
struct TwoWords: BitwiseCopyable {
    var low: UInt64
    var high: Int64
}

extension Int128: OrderedValue {
    @inline(__always)
    static func isLess(_ left: Int128, _ right: Int128) -> Bool { left < right }
    @inline(__always)
    func kept(in heap: StringHeap) -> TwoWords {
        TwoWords(
            low: UInt64(truncatingIfNeeded: self), high: Int64(truncatingIfNeeded: self &>> 64))
    }
    @inline(__always)
    init(_ kept: TwoWords) { self = Int128(kept.high) &<< 64 | Int128(kept.low) }
}

// NaN orders above all other numbers.

extension Float: OrderedValue {
    typealias Kept = Float
    @inline(__always)
    static func isLess(_ left: Float, _ right: Float) -> Bool {
        left < right || (right.isNaN && !left.isNaN)
    }
}

extension Double: OrderedValue {
    typealias Kept = Double
    @inline(__always)
    static func isLess(_ left: Double, _ right: Double) -> Bool {
        left < right || (right.isNaN && !left.isNaN)
    }
}

extension StringReference: OrderedValue {
    @inline(__always)
    static func isLess(_ left: StringReference, _ right: StringReference) -> Bool { left < right }
    @inline(__always)
    func kept(in heap: StringHeap) -> StringReference { heap.add(self) }
    @inline(__always)
    init(_ kept: StringReference) { self = kept }
}
