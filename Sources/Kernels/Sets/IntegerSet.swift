// Constant sets of integers for IN: a few values are compared one after the other, dense ones lie
// in a table of bytes, others in an open-addressing table.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Answers for whole vectors which integers belong to a set.
package final class IntegerSet: Sendable {
    private enum Form: Sendable {
        case few([Int128])
        /// One byte for each value from `low` on.
        case dense(low: Int128, flags: Buffer, count: Int)
        case hashed(Set<Int128>, Bounds)
    }

    private let form: Form
    package let bounds: Bounds?

    private static let fewMax = 4
    private static let denseMax = 1 << 16

    package init(_ values: some Sequence<Int128>) {
        let distinct = Set(values)
        guard let low = distinct.min(), let high = distinct.max() else {
            form = .few([])
            bounds = nil
            return
        }
        let bounds = Bounds(low: low, high: high)
        self.bounds = bounds
        if distinct.count <= Self.fewMax {
            form = .few(distinct.sorted())
        } else if let width = bounds.width, width <= Self.denseMax {
            let flags = Buffer.zeroed(byteCount: width)
            for value in distinct { flags.pointer(to: UInt8.self)[Int(value - low)] = 1 }
            form = .dense(low: low, flags: flags, count: width)
        } else {
            form = .hashed(distinct, bounds)
        }
    }

    package func contains(_ value: Int128) -> Bool {
        switch form {
        case .few(let values): values.contains(value)
        case .dense(let low, let flags, let count):
            value >= low && value <= low + Int128(count - 1)
                && flags.pointer(to: UInt8.self)[Int(value - low)] != 0
        case .hashed(let values, _): values.contains(value)
        }
    }

    /// Tells for each row whether its value belongs to the set; NULL stays NULL.
    package func mask(_ vector: Vector) -> Vector {
        let source = vector.decodedForLoops()
        let result = Vector(uninitialized: .int8, count: source.storedCount)
        switch form {
        case .few(let values):
            source.physicalType.visitInteger(
                FewMask(source: source, values: values, mask: result.pointer()))
        case .dense(let low, let flags, let count):
            source.physicalType.visitInteger(
                DenseMask(
                    source: source, low: low, flags: flags.pointer(), width: count,
                    mask: result.pointer()))
        case .hashed(let values, let bounds):
            source.physicalType.visitInteger(
                HashedMask(source: source, values: values, bounds: bounds, mask: result.pointer()))
        }
        return result.withNullsAndEncoding(of: source)
    }
}

private struct FewMask: IntegerVisitor {
    let source: Vector
    let values: [Int128]
    let mask: UnsafeMutablePointer<UInt8>

    func visit<Element: KernelInteger>(_ type: Element.Type) {
        let count = source.storedCount
        let rows = source.pointer(to: Element.self)
        let mask = mask
        mask.update(repeating: 0, count: count)
        for value in values {
            guard let wanted = Element(exactly: value) else { continue }
            for row in 0..<count { mask[row] |= rows[row] == wanted ? 1 : 0 }
        }
    }
}

private struct DenseMask: IntegerVisitor {
    let source: Vector
    let low: Int128
    let flags: UnsafePointer<UInt8>
    let width: Int
    let mask: UnsafeMutablePointer<UInt8>

    func visit<Element: KernelInteger>(_ type: Element.Type) {
        let rows = source.pointer(to: Element.self)
        let (flags, mask, width, low) = (flags, mask, width, low)
        if Element.bitWidth == 128 || Int64(exactly: low) == nil {
            let high = low &+ Int128(width &- 1)
            for row in 0..<source.storedCount {
                let value = Int128(rows[row])
                let isInside = value >= low && value <= high
                mask[row] = isInside ? flags[Int(value &- low)] : 0
            }
            return
        }
        let start = UInt64(bitPattern: Int64(low))
        for row in 0..<source.storedCount {
            // Below the start it wraps round to a large number, whatever the signs.
            let distance = UInt64(bitPattern: Int64(truncatingIfNeeded: rows[row])) &- start
            mask[row] = distance < UInt64(width) ? flags[Int(truncatingIfNeeded: distance)] : 0
        }
    }
}

private struct HashedMask: IntegerVisitor {
    let source: Vector
    let values: Set<Int128>
    let bounds: Bounds
    let mask: UnsafeMutablePointer<UInt8>

    func visit<Element: KernelInteger>(_ type: Element.Type) {
        let rows = source.pointer(to: Element.self)
        for row in 0..<source.storedCount {
            let value = Int128(rows[row])
            mask[row] = bounds.contains(value) && values.contains(value) ? 1 : 0
        }
    }
}
