// Finds where keys change from one row to the next: there partitions and peers begin.

import StarlingTypes
import StarlingVectors

/// Sets `flags[row]` where a flat column differs from the row before; the first row is left alone.
///
/// NULL equals NULL, NaN equals NaN, and the zeros are equal.
func markChanges(of vector: Vector, in flags: UnsafeMutablePointer<UInt8>) {
    switch vector.physicalType {
    case .int8: mark(vector, flags, as: Int8.self, ==)
    case .int16: mark(vector, flags, as: Int16.self, ==)
    case .int32: mark(vector, flags, as: Int32.self, ==)
    case .int64: mark(vector, flags, as: Int64.self, ==)
    case .int128: mark(vector, flags, as: Int128.self, ==)
    case .float32: mark(vector, flags, as: Float.self, areSameNumber)
    case .float64: mark(vector, flags, as: Double.self, areSameNumber)
    case .string: mark(vector, flags, as: StringReference.self, ==)
    case .list, .structure: break
    }
}

@inline(__always)
private func areSameNumber<Element: BinaryFloatingPoint>(_ left: Element, _ right: Element) -> Bool
{
    left == right || (left != left && right != right)
}

@inline(__always)
private func mark<Element: BitwiseCopyable>(
    _ vector: Vector, _ flags: UnsafeMutablePointer<UInt8>, as type: Element.Type,
    _ areEqual: (Element, Element) -> Bool
) {
    guard vector.count > 1 else { return }
    let values = vector.pointer(to: Element.self)
    guard let validity = vector.validity else {
        for row in 1..<vector.count {
            flags[row] |= areEqual(values[row], values[row &- 1]) ? 0 : 1
        }
        return
    }
    for row in 1..<vector.count {
        let (isValid, wasValid) = (validity.isValid(row), validity.isValid(row &- 1))
        let isSame = isValid && wasValid ? areEqual(values[row], values[row &- 1]) : true
        flags[row] |= isValid == wasValid && isSame ? 0 : 1
    }
}
