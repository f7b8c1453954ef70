// The primitive values of a VARIANT, and how each is written in JSON.

import StarlingTypes

/// Names the kinds of values without parts, by their numbers in the format.
enum VariantPrimitive: Int {
    case null, isTrue, isFalse, int8, int16, int32, int64, double
    case decimal4, decimal8, decimal16
    case date, timestamp, localTimestamp, float, binary, string, time
    case nanoTimestamp, localNanoTimestamp, uuid

    /// The bytes of a value; 0 for those that tell their own.
    var byteCount: Int {
        switch self {
        case .null, .isTrue, .isFalse, .binary, .string: 0
        case .int8: 1
        case .int16: 2
        case .int32, .date, .float: 4
        case .int64, .double, .timestamp, .localTimestamp, .time, .nanoTimestamp,
            .localNanoTimestamp:
            8
        case .decimal4: 5
        case .decimal8: 9
        case .decimal16: 17
        case .uuid: 16
        }
    }

    /// Appends a value of just that many bytes; false where it is none.
    func append(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) -> Bool {
        func signed(from start: Int = 0) -> Int128 {
            var number: Int128 = 0
            for (index, byte) in bytes[start...].enumerated() {
                number |= Int128(byte) << Int128(8 * index)
            }
            let bitCount = Int128(8 * (bytes.count - start))
            return bitCount == 128 ? number : (number << (128 - bitCount)) >> (128 - bitCount)
        }
        switch self {
        case .null: text += Array("null".utf8)
        case .isTrue: text += Array("true".utf8)
        case .isFalse: text += Array("false".utf8)
        case .int8, .int16, .int32, .int64: appendInteger(signed(), to: &text)
        case .double:
            LosslessJSON.append(bytes.loadUnaligned(as: Double.self), to: &text)
        case .float:
            LosslessJSON.append(bytes.loadUnaligned(as: Float.self), to: &text)
        case .decimal4, .decimal8, .decimal16:
            guard bytes[0] <= 38 else { return false }
            appendDecimal(signed(from: 1), scale: Int(bytes[0]), to: &text)
        case .date: return LosslessJSON.append(signed(), as: .date, to: &text)
        case .time: return LosslessJSON.append(signed(), as: .time, to: &text)
        case .timestamp, .localTimestamp:
            return LosslessJSON.append(
                signed(), as: .datetime, isInstant: self == .timestamp, to: &text)
        case .nanoTimestamp, .localNanoTimestamp:
            return LosslessJSON.append(
                nanoseconds: Int64(truncatingIfNeeded: signed()),
                isInstant: self == .nanoTimestamp, to: &text)
        case .binary: Value.bytes(Array(bytes)).appendJSON(as: .varbinary, to: &text)
        case .string: appendJSONString(bytes, to: &text)
        case .uuid: appendJSONString(FixedText.uuid(Array(bytes)), to: &text)
        }
        return true
    }
}
