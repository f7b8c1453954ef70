// Orders the elements of lists within each list.

import StarlingMemory
import StarlingTypes
import StarlingVectors

extension ListElements {
    /// Lists the places of the elements in the order of `keys` within each list, NULL first; equal
    /// keys keep their order.
    package func sortedPlaces(by keys: Vector, descending: Bool = false) -> Buffer {
        let texts = packed(keys.flattened(), asKey: true)
        let references = texts.pointer(to: StringReference.self)
        let buffer = Buffer(byteCount: max(4, count * 4))
        let order = buffer.pointer(to: UInt32.self)
        for element in 0..<count { order[element] = UInt32(truncatingIfNeeded: element) }
        for row in 0..<lists.count where ranges[row].count > 1 {
            var places = UnsafeMutableBufferPointer(
                start: order + Int(ranges[row].offset), count: Int(ranges[row].count))
            places.sort { left, right in
                let (first, second) = descending ? (right, left) : (left, right)
                let (isFirst, isSecond) = (texts.isValid(Int(first)), texts.isValid(Int(second)))
                if !isFirst || !isSecond {
                    if isFirst != isSecond { return isSecond }
                    return left < right
                }
                let (a, b) = (references[Int(first)], references[Int(second)])
                if a == b { return left < right }
                return a < b
            }
        }
        withExtendedLifetime(texts) {}
        return buffer
    }
}
