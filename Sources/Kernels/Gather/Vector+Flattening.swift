// Turns encodings into one value a row.

import StarlingMemory
import StarlingTypes
import StarlingVectors

extension Vector {
    /// Returns the same rows with one stored value each.
    package func flattened() -> Vector {
        switch encoding {
        case .flat: return self
        case .constant: return flattenedConstant()
        case .dictionary(let dictionary):
            var result = dictionary.values.gathered(by: UnsafePointer(codes), count: count)
            result.validity = validity
            result.clearStringsUnderNulls()
            return result
        }
    }

    private func flattenedConstant() -> Vector {
        var result = self
        result.encoding = .flat
        result.byteOffset = 0
        if let validity {
            result.validity =
                validity.isValid(0) ? nil : Validity(count: count, allValid: false)
        }
        if physicalType == .structure {
            let zeros = Buffer.zeroed(byteCount: count * 4)
            result.children = children.map { nested in
                NestedVectors(nested.vectors.map { $0.gathered(by: zeros.pointer(), count: count) })
            }
            return result
        }
        result.buffer = Buffer(byteCount: count * physicalType.byteWidth)
        visitWidth(
            physicalType.byteWidth,
            RepeatValue(
                source: UnsafeRawPointer(pointer(to: UInt8.self)),
                target: result.buffer.baseAddress, count: count))
        result.clearStringsUnderNulls()
        return result
    }

    /// Makes strings (and lists) of NULL rows empty, so that no kernel follows a stray address.
    package func clearStringsUnderNulls() {
        guard let validity, isFlat, physicalType == .string || physicalType == .list else { return }
        let words = validity.words
        let isString = physicalType == .string
        for word in 0..<Validity.wordCount(for: count) {
            var nulls = ~words[word]
            while nulls != 0 {
                let row = word &* 64 &+ nulls.trailingZeroBitCount
                nulls &= nulls &- 1
                guard row < count else { break }
                if isString {
                    pointer(to: StringReference.self)[row] = .empty
                } else {
                    pointer(to: UInt64.self)[row] = 0
                }
            }
        }
    }
}

/// Writes one value to every row.
private struct RepeatValue: WidthVisitor {
    let source: UnsafeRawPointer
    let target: UnsafeMutableRawPointer
    let count: Int

    @inline(__always)
    func visit<Element: BitwiseCopyable>(_ type: Element.Type) {
        let value = source.loadUnaligned(as: Element.self)
        target.assumingMemoryBound(to: Element.self).update(repeating: value, count: count)
    }
}
