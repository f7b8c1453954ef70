// Puts a vector together from dense pieces that belong to disjoint sets of rows: the branches of
// a CASE, each computed for its own rows only.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Collects pieces into a flat vector; rows that no piece covers are NULL.
package struct VectorMerger {
    private var result: Vector
    private let validity: Validity
    /// Nested pieces are put one behind the other, and the rows are taken from there.
    private var nested: NestedMerger?

    package init(_ physicalType: PhysicalType, count: Int) {
        result = Vector(
            physicalType, count: count,
            buffer: .zeroed(byteCount: count * physicalType.byteWidth))
        validity = Validity(count: count, allValid: false)
        if physicalType == .list || physicalType == .structure {
            nested = NestedMerger(physicalType, count: count)
        }
    }

    /// Writes row i of `piece` to row `rows[i]`.
    package mutating func add(_ piece: Vector, at rows: Selection) {
        precondition(piece.physicalType == result.physicalType && piece.count == rows.count)
        if nested != nil {
            nested!.add(piece, at: rows)
            return
        }
        if piece.isConstantNull { return }
        let dense = piece.flattened()
        visitWidth(
            dense.physicalType.byteWidth,
            ScatterValues(
                source: dense.pointer(to: UInt8.self),
                target: result.buffer.baseAddress, rows: rows.rows, count: rows.count))
        let words = validity.words
        for i in 0..<rows.count {
            let row = Int(rows.rows[i])
            let bit: UInt64 = dense.validity.map { $0.isValid(i) } ?? true ? 1 : 0
            words[row &>> 6] |= bit &<< UInt64(truncatingIfNeeded: row & 63)
        }
        result.owner = OwnerList.joining(result.owner, dense.owner)
        withExtendedLifetime((dense, rows)) {}
    }

    package func finish() -> Vector {
        if let nested { return nested.finish() }
        var vector = result
        if validity.validCount(of: vector.count) < vector.count {
            vector.validity = validity
            vector.clearStringsUnderNulls()
        }
        return vector
    }
}

private struct ScatterValues: WidthVisitor {
    let source: UnsafeRawPointer
    let target: UnsafeMutableRawPointer
    let rows: UnsafePointer<UInt16>
    let count: Int

    @inline(__always)
    func visit<Element: BitwiseCopyable>(_ type: Element.Type) {
        let source = source.assumingMemoryBound(to: Element.self)
        let target = target.assumingMemoryBound(to: Element.self)
        let rows = rows
        for i in 0..<count { target[Int(rows[i])] = source[i] }
    }
}

/// Takes each row from `first` where `mask` is true, else from `second`; all of one type.
package func blend(_ mask: Vector, _ first: Vector, _ second: Vector) -> Vector {
    let count = mask.count
    let mask = mask.flattened()
    let choice = mask.truthBits()
    var result = Vector(uninitialized: first.physicalType, count: count)
    let (left, right) = (first.decodedForLoops(), second.decodedForLoops())
    let bytes = Buffer(byteCount: count)
    let flags = bytes.pointer(to: UInt8.self)
    let masked = mask.pointer(to: UInt8.self)
    if mask.validity == nil {
        for row in 0..<count { flags[row] = masked[row] & 1 }
    } else {
        for row in 0..<count { flags[row] = choice.isValid(row) ? 1 : 0 }
    }
    visitWidth(
        first.physicalType.byteWidth,
        BlendValues(left: left, right: right, flags: flags, result: result))
    if left.validity != nil || right.validity != nil {
        let validity = Validity(count: count, allValid: true)
        let (a, b) = (left.rowValidity(), right.rowValidity())
        for word in 0..<Validity.wordCount(for: count) {
            let chosen = choice.words[word]
            validity.words[word] =
                (chosen & (a?.words[word] ?? .max)) | (~chosen & (b?.words[word] ?? .max))
        }
        result.validity = validity
    }
    result.owner = OwnerList.joining(left.owner, right.owner)
    withExtendedLifetime((left, right, bytes)) {}
    return result
}

private struct BlendValues: WidthVisitor {
    let left: Vector
    let right: Vector
    let flags: UnsafePointer<UInt8>
    let result: Vector

    @inline(__always)
    func visit<Element: BitwiseCopyable>(_ type: Element.Type) {
        let (a, b) = (left.pointer(to: Element.self), right.pointer(to: Element.self))
        let target = result.pointer(to: Element.self)
        let flags = flags
        let count = result.count
        if right.isConstant, !left.isConstant {
            let other = b[0]
            for row in 0..<count { target[row] = flags[row] != 0 ? a[row] : other }
        } else {
            let leftStep = left.isConstant ? 0 : 1
            let rightStep = right.isConstant ? 0 : 1
            for row in 0..<count {
                target[row] = flags[row] != 0 ? a[row &* leftStep] : b[row &* rightStep]
            }
        }
    }
}
