// A column of a chunk. The same rows can lie in memory in several ways (encodings); kernels see
// them through one shape, `DecodedVector`.
//
// The logical type is not part of a vector: the plan knows it for every column, and kernels know
// no SQL.

import StarlingMemory
import StarlingTypes

/// Counts the rows of a full chunk: many enough that what is done once a chunk costs little beside
/// what is done once a row, few enough that the vectors at work stay in the cache of a core.
package let chunkCapacity = 8_192

/// Keeps alive memory that the values of a vector point into.
package typealias Owner = AnyObject & Sendable

/// Holds up to a chunk's worth of values (or any number, in dictionaries and file pages) of one
/// physical type.
package struct Vector: Sendable {
    package enum Encoding: Sendable {
        /// One value a row.
        case flat
        /// One value for all rows.
        case constant
        /// A UInt32 code a row, an index into the values of the dictionary.
        case dictionary(VectorDictionary)
    }

    package var physicalType: PhysicalType
    package var encoding: Encoding
    package var count: Int
    /// Values, codes, or the one constant, beginning at `byteOffset`.
    package var buffer: Buffer
    package var byteOffset: Int
    /// Nil where no row is NULL. A constant has one bit. Dictionaries hold no NULLs, rows may.
    package var validity: Validity?
    /// Keeps alive what strings point to, outside of `buffer`.
    package var owner: (any Owner)?
    /// The elements of lists, the fields of structures.
    package var children: NestedVectors?

    package init(
        _ physicalType: PhysicalType, _ encoding: Encoding = .flat, count: Int, buffer: Buffer,
        byteOffset: Int = 0, validity: Validity? = nil, owner: (any Owner)? = nil,
        children: NestedVectors? = nil
    ) {
        self.physicalType = physicalType
        self.encoding = encoding
        self.count = count
        self.buffer = buffer
        self.byteOffset = byteOffset
        self.validity = validity
        self.owner = owner
        self.children = children
    }

    /// Makes a flat vector with room for `count` values that the caller writes.
    package init(uninitialized physicalType: PhysicalType, count: Int) {
        self.init(
            physicalType, count: count,
            buffer: Buffer(byteCount: count * physicalType.byteWidth))
    }

    /// Makes a dictionary-encoded vector; `codes` holds UInt32 below the dictionary's count.
    package init(codes: Buffer, of dictionary: VectorDictionary, count: Int, validity: Validity?) {
        self.init(
            dictionary.values.physicalType, .dictionary(dictionary), count: count, buffer: codes,
            validity: validity)
    }

    /// Views the stored elements: values of a flat vector, the value of a constant.
    @inline(always)
    package func pointer<Element: BitwiseCopyable>(
        to type: Element.Type = Element.self
    ) -> UnsafeMutablePointer<Element> {
        (buffer.baseAddress + byteOffset).assumingMemoryBound(to: Element.self)
    }

    /// Views the codes of a dictionary-encoded vector.
    @inline(always)
    package var codes: UnsafeMutablePointer<UInt32> { pointer(to: UInt32.self) }

    package var isFlat: Bool { if case .flat = encoding { true } else { false } }
    package var isConstant: Bool { if case .constant = encoding { true } else { false } }

    package var dictionary: VectorDictionary? {
        if case .dictionary(let dictionary) = encoding { dictionary } else { nil }
    }

    /// True for a constant NULL.
    package var isConstantNull: Bool { isConstant && validity.map { !$0.isValid(0) } ?? false }

    /// Tells whether `row` has a value, in any encoding.
    package func isValid(_ row: Int) -> Bool {
        validity?.isValid(isConstant ? 0 : row) ?? true
    }

    /// Returns `count` rows from `start`, a multiple of 64, sharing the memory.
    package func slice(from start: Int, count: Int) -> Vector {
        precondition(start % 64 == 0 && start + count <= self.count)
        var result = self
        result.count = count
        guard !isConstant else { return result }
        let width = dictionary == nil ? physicalType.byteWidth : 4
        result.byteOffset += start * width
        result.validity = validity?.suffix(from: start)
        if physicalType == .structure {
            result.children = children?.slice(from: start, count: count)
        }
        return result
    }
}
