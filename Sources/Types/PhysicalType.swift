// How values lie in memory. Many logical types share a physical one, and a column travels in the
// narrowest physical type that its statistics allow.

/// Names the memory layout of a value.
package enum PhysicalType: UInt8, Sendable, Hashable, CaseIterable {
    /// BOOLEAN is an int8 of 0 or 1.
    case int8
    case int16
    case int32
    case int64
    case int128
    case float32
    case float64
    /// 16 bytes: length, prefix, and 12 bytes inline or a pointer.
    case string
    /// 8 bytes: offset and length in a child vector. ARRAY and MAP.
    case list
    /// No bytes of its own, a child vector per field. STRUCT.
    case structure

    /// Counts the bytes of one value in a flat vector.
    @inline(always)
    package var byteWidth: Int {
        switch self {
        case .int8: 1
        case .int16: 2
        case .int32, .float32: 4
        case .int64, .float64, .list: 8
        case .int128, .string: 16
        case .structure: 0
        }
    }

    package var isInteger: Bool { rawValue <= PhysicalType.int128.rawValue }
    package var isFloating: Bool { self == .float32 || self == .float64 }

    /// Finds the narrowest integer layout that holds both ends of `bounds`.
    package static func narrowest(for bounds: Bounds) -> PhysicalType {
        if bounds.low >= Int128(Int8.min), bounds.high <= Int128(Int8.max) { return .int8 }
        if bounds.low >= Int128(Int16.min), bounds.high <= Int128(Int16.max) { return .int16 }
        if bounds.low >= Int128(Int32.min), bounds.high <= Int128(Int32.max) { return .int32 }
        if bounds.low >= Int128(Int64.min), bounds.high <= Int128(Int64.max) { return .int64 }
        return .int128
    }

    /// Gives the values that an integer layout can hold.
    package var integerBounds: Bounds? {
        switch self {
        case .int8: Bounds(low: Int128(Int8.min), high: Int128(Int8.max))
        case .int16: Bounds(low: Int128(Int16.min), high: Int128(Int16.max))
        case .int32: Bounds(low: Int128(Int32.min), high: Int128(Int32.max))
        case .int64: Bounds(low: Int128(Int64.min), high: Int128(Int64.max))
        case .int128: Bounds(low: .min, high: .max)
        default: nil
        }
    }
}
