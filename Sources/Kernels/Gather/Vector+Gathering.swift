// Picks rows of a vector by number. A constant stays constant and a dictionary-encoded vector
// stays encoded: only its codes are moved.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Stands for "no row" in indexes given to `gatheredOrNull`.
package let missingIndex = UInt32.max

extension Vector {
    /// Returns the selected rows, dense.
    package func gathered(by selection: Selection) -> Vector {
        // Ascending distinct rows, as many as there are: that is all of them.
        if selection.count == count { return self }
        return gatherRows(UnsafePointer(selection.rows), count: selection.count)
    }

    /// Returns the rows with the given numbers, in that order; a number may come twice.
    package func gathered(by indexes: UnsafePointer<UInt32>, count: Int) -> Vector {
        gatherRows(indexes, count: count)
    }

    /// Returns the rows with the given numbers and NULL for `missingIndex`.
    package func gatheredOrNull(by indexes: UnsafePointer<UInt32>, count: Int) -> Vector {
        let validity = Validity(count: count, allValid: true)
        var missingCount = 0
        let safe = Buffer(byteCount: count * 4)
        let safeIndexes = safe.pointer(to: UInt32.self)
        for i in 0..<count {
            let isMissing = indexes[i] == missingIndex
            safeIndexes[i] = isMissing ? 0 : indexes[i]
            missingCount &+= isMissing ? 1 : 0
        }
        if missingCount == 0 { return gatherRows(indexes, count: count) }
        if missingCount == count { return Self.allNull(physicalType, like: self, count: count) }
        clearBits(of: validity, where: indexes, equal: missingIndex, count: count)
        var result = gatherRows(UnsafePointer(safeIndexes), count: count)
        if result.isConstant { result = result.flattened() }
        result.validity = Validity.intersection(result.validity, validity, count: count)
        result.clearStringsUnderNulls()
        return result
    }

    /// Makes a vector of NULLs with the children that the physical type needs.
    package static func allNull(
        _ physicalType: PhysicalType, like model: Vector? = nil, count: Int
    ) -> Vector {
        var vector = Vector(
            physicalType, .constant, count: count, buffer: .zeroed(byteCount: 16),
            validity: Validity(count: 1, allValid: false))
        if let children = model?.children {
            vector.children =
                physicalType == .structure
                ? NestedVectors(
                    children.vectors.map {
                        .allNull($0.physicalType, like: $0, count: 1)
                    })
                : children
        }
        return vector
    }

    private func gatherRows<Index: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ rows: UnsafePointer<Index>, count: Int
    ) -> Vector {
        var result = self
        result.count = count
        if isConstant { return result }
        let width = dictionary == nil ? physicalType.byteWidth : 4
        result.buffer = Buffer(byteCount: count * width)
        result.byteOffset = 0
        if physicalType == .structure {
            result.children = children.map { nested in
                NestedVectors(nested.vectors.map { $0.gatherRows(rows, count: count) })
            }
        } else {
            visitWidth(
                width,
                GatherValues(
                    source: UnsafeRawPointer(pointer(to: UInt8.self)),
                    target: result.buffer.baseAddress, rows: rows, count: count))
        }
        result.validity = validity.flatMap { gatherValidity($0, rows, count: count) }
        return result
    }
}

/// Moves values of one width.
private struct GatherValues<Index: FixedWidthInteger & BitwiseCopyable>: WidthVisitor {
    let source: UnsafeRawPointer
    let target: UnsafeMutableRawPointer
    let rows: UnsafePointer<Index>
    let count: Int

    @inline(__always)
    func visit<Element: BitwiseCopyable>(_ type: Element.Type) {
        let source = source.assumingMemoryBound(to: Element.self)
        let target = target.assumingMemoryBound(to: Element.self)
        let rows = rows
        for i in 0..<count { target[i] = source[Int(truncatingIfNeeded: rows[i])] }
    }
}

extension Validity {
    /// Returns the selected rows; nil where all of them are valid.
    package func gathered(by selection: Selection) -> Validity? {
        gatherValidity(self, UnsafePointer(selection.rows), count: selection.count)
    }
}

/// Picks bits; returns nil where all of them are set.
func gatherValidity<Index: FixedWidthInteger & BitwiseCopyable>(
    _ validity: Validity, _ rows: UnsafePointer<Index>, count: Int
) -> Validity? {
    let result = Validity(count: count, allValid: true)
    let source = validity.words
    let target = result.words
    var allSet = UInt64.max
    var start = 0
    while start < count {
        let end = min(start &+ 64, count)
        var word = UInt64.max
        for i in start..<end {
            let row = Int(truncatingIfNeeded: rows[i])
            let isNull = ~(source[row &>> 6] &>> UInt64(truncatingIfNeeded: row & 63)) & 1
            word ^= isNull &<< UInt64(truncatingIfNeeded: i &- start)
        }
        target[start &>> 6] = word
        allSet &= word
        start = end
    }
    return allSet == .max ? nil : result
}

/// Clears the bits of the rows whose index equals `value`.
private func clearBits(
    of validity: Validity, where indexes: UnsafePointer<UInt32>, equal value: UInt32, count: Int
) {
    let words = validity.words
    for i in 0..<count where indexes[i] == value {
        words[i &>> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: i & 63))
    }
}
