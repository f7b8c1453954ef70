// Three-valued logic over boolean vectors: int8 of 0 and 1, NULL by validity. What lies under a
// NULL is 0 or 1 and else arbitrary.

import CPlatform
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Names the two ways to combine truth values.
package enum Connective: Sendable {
    case and
    case or
}

extension Vector {
    /// Combines two boolean vectors of the same count: NULL AND false is false, NULL OR true true.
    package func combined(_ connective: Connective, _ other: Vector) -> Vector {
        if isConstant, let result = other.combined(connective, withConstant: self) { return result }
        if other.isConstant, let result = combined(connective, withConstant: other) {
            return result
        }
        let (left, right) = (flattened(), other.flattened())
        var result = Vector(uninitialized: .int8, count: count)
        let (a, b, target) = (
            left.pointer(to: UInt8.self), right.pointer(to: UInt8.self),
            result.pointer(to: UInt8.self)
        )
        switch connective {
        case .and: for row in 0..<count { target[row] = a[row] & b[row] }
        case .or: for row in 0..<count { target[row] = a[row] | b[row] }
        }
        // `x & 0` is 0 and `x | 1` is 1 whatever lies under a NULL, so the values are right as soon
        // as the row is decided.
        if left.validity != nil || right.validity != nil {
            result.validity = decidedRows(connective, left, right)
        }
        withExtendedLifetime((left, right)) {}
        return result
    }

    /// Returns nil where the constant is NULL and the other side decides.
    private func combined(_ connective: Connective, withConstant constant: Vector) -> Vector? {
        guard constant.isValid(0) else { return nil }
        let isTrue = constant.pointer(to: UInt8.self)[0] & 1 != 0
        if isTrue == (connective == .and) { return self }
        return Vector(constant: .boolean(isTrue), .int8, count: count)
    }

    /// Sets the rows that are known: both sides are, or one of them alone decides.
    private func decidedRows(
        _ connective: Connective, _ left: Vector, _ right: Vector
    ) -> Validity {
        let result = Validity(count: count, allValid: true)
        let wordCount = Validity.wordCount(for: count)
        let bits = Buffer(byteCount: wordCount * 16)
        let leftBits = bits.pointer(to: UInt64.self)
        let rightBits = leftBits + wordCount
        starling_bits_of_mask(left.pointer(to: UInt8.self), count, leftBits)
        starling_bits_of_mask(right.pointer(to: UInt8.self), count, rightBits)
        // AND is decided by a false, OR by a true.
        let flip: UInt64 = connective == .and ? .max : 0
        let words = result.words
        for word in 0..<wordCount {
            let leftValid = left.validity?.words[word] ?? .max
            let rightValid = right.validity?.words[word] ?? .max
            words[word] =
                (leftValid & rightValid) | (leftValid & (leftBits[word] ^ flip))
                | (rightValid & (rightBits[word] ^ flip))
        }
        withExtendedLifetime(bits) {}
        return result
    }

    /// Negates a boolean vector; NULL stays NULL.
    package func negatedTruth() -> Vector {
        let source = dictionary == nil ? self : flattened()
        let count = isConstant ? 1 : self.count
        var result = Vector(uninitialized: .int8, count: count)
        let (input, target) = (source.pointer(to: UInt8.self), result.pointer(to: UInt8.self))
        for row in 0..<count { target[row] = ~input[row] & 1 }
        result.encoding = source.encoding
        result.count = self.count
        result.validity = validity
        withExtendedLifetime(source) {}
        return result
    }

    /// Tells for each row whether it is NULL.
    package func nullMask() -> Vector {
        guard let validity else { return Vector(constant: .boolean(false), .int8, count: count) }
        if isConstant {
            return Vector(constant: .boolean(!validity.isValid(0)), .int8, count: count)
        }
        let result = Vector(uninitialized: .int8, count: count)
        let target = result.pointer(to: UInt8.self)
        starling_mask_of_bits(validity.words, count, target)
        for row in 0..<count { target[row] ^= 1 }
        return result
    }

    /// The rows with a value, as a mask of as many bits; constants included.
    package func rowValidity() -> Validity? {
        guard isConstant, let validity else { return validity }
        return validity.isValid(0) ? nil : Validity(count: count, allValid: false)
    }

    /// Counts the rows of a boolean vector that are true.
    package func trueCount() -> Int {
        let flat = flattened()
        let wordCount = Validity.wordCount(for: count)
        let bits = Buffer(byteCount: max(8, wordCount * 8))
        let words = bits.pointer(to: UInt64.self)
        starling_bits_of_mask(flat.pointer(to: UInt8.self), count, words)
        var total = 0
        for word in 0..<wordCount {
            total += (words[word] & (flat.validity?.words[word] ?? .max)).nonzeroBitCount
        }
        return total
    }
}

extension Vector {
    /// Packs the rows of a boolean vector that are true into bits.
    package func truthBits() -> Validity {
        let flat = flattened()
        let wordCount = Validity.wordCount(for: count)
        let result = Validity(buffer: Buffer(byteCount: max(8, wordCount * 8)))
        starling_bits_of_mask(flat.pointer(to: UInt8.self), count, result.words)
        if let validity = flat.validity {
            for word in 0..<wordCount { result.words[word] &= validity.words[word] }
        }
        return result
    }
}
