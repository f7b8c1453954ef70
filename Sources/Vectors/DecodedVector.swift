// One shape for all encodings, so that kernels are written once: `value(row)` is
// `values[index(row)]`. Kernels that matter have a separate loop where `codes` is nil.

import StarlingTypes

/// Views a vector as values and an optional indirection; valid while the vector lives.
package struct DecodedVector {
    package let physicalType: PhysicalType
    package let count: Int
    package let values: UnsafeRawPointer
    /// The index of each row's value; nil where row i has value i, or where all rows share one.
    package let codes: UnsafePointer<UInt32>?
    package let isConstant: Bool
    /// One bit a row, or for a constant one bit in all.
    package let validityWords: UnsafePointer<UInt64>?

    package init(_ vector: borrowing Vector) {
        physicalType = vector.physicalType
        count = vector.count
        isConstant = vector.isConstant
        validityWords = vector.validity.map { UnsafePointer($0.words) }
        if case .dictionary(let dictionary) = vector.encoding {
            values = UnsafeRawPointer(dictionary.values.pointer(to: UInt8.self))
            codes = UnsafePointer(vector.codes)
        } else {
            values = UnsafeRawPointer(vector.pointer(to: UInt8.self))
            codes = nil
        }
    }

    @inline(always)
    package func index(_ row: Int) -> Int {
        if let codes { return Int(codes[row]) }
        return isConstant ? 0 : row
    }

    @inline(always)
    package func isValid(_ row: Int) -> Bool {
        guard let validityWords else { return true }
        let bit = isConstant ? 0 : row
        return (validityWords[bit &>> 6] &>> UInt64(bit & 63)) & 1 != 0
    }

    @inline(always)
    package func value<Element: BitwiseCopyable>(
        _ row: Int, as type: Element.Type = Element.self
    ) -> Element {
        values.assumingMemoryBound(to: Element.self)[index(row)]
    }
}
