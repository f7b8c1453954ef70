// What a column's generator returns, and how it becomes a vector of the physical type that the
// scan asks for.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds the values of a column for the rows of a window.
enum GeneratedColumn {
    case integers([Int64])
    case constant(Int64)
    /// Codes of a dictionary.
    case words([UInt32], WordDictionary)
    case strings(Vector)

    /// Makes the vector; integers must fit the type, as the column's bounds promise.
    func vector(_ type: PhysicalType, count: Int) -> Vector {
        switch self {
        case .integers(let values): return Self.integerVector(values, type)
        case .constant(let value):
            return Vector(constant: .integer(Int128(value)), type, count: count)
        case .words(let codes, let words):
            let buffer = Buffer(byteCount: count * 4)
            codes.withUnsafeBytes { buffer.baseAddress.copyMemory(from: $0) }
            return Vector(codes: buffer, of: words.dictionary, count: count, validity: nil)
        case .strings(let vector): return vector
        }
    }

    private static func integerVector(_ values: [Int64], _ type: PhysicalType) -> Vector {
        let vector = Vector(uninitialized: type, count: values.count)
        switch type {
        case .int8: convert(values, to: vector.pointer(to: Int8.self))
        case .int16: convert(values, to: vector.pointer(to: Int16.self))
        case .int32: convert(values, to: vector.pointer(to: Int32.self))
        case .int64: convert(values, to: vector.pointer(to: Int64.self))
        case .int128: convert(values, to: vector.pointer(to: Int128.self))
        default: preconditionFailure("an integer column was asked for as \(type)")
        }
        return vector
    }

    @inline(__always)
    private static func convert<Integer: FixedWidthInteger>(
        _ values: [Int64], to target: UnsafeMutablePointer<Integer>
    ) {
        for i in 0..<values.count { target[i] = Integer(truncatingIfNeeded: values[i]) }
    }
}

extension UnsafeMutableRawPointer {
    func copyMemory(from bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        copyMemory(from: start, byteCount: bytes.count)
    }
}
