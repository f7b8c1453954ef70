// Unions: a structure with a field for each type, of which the one that the row has is not NULL.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingVectors

extension ArrowValueReader {
    func union(
        _ rows: Range<Int>, _ selection: Selection?, isDense: Bool, codes: [Int8]
    ) throws(StarlingError) -> Vector {
        let count = selection?.count ?? rows.count
        // Behind the validity that old files have.
        let first = node.buffers.count - (isDense ? 2 : 1)
        guard first == 0 || node.nullCount == 0 else {
            throw StarlingError(
                .unsupported,
                "\(source.place) is a union of before Arrow 1.0 with NULLs of its own, which can't "
                    + "be read; leave it out of the query")
        }
        let window = ArrowWindow(
            start: rows.lowerBound, count: count, selection: selection, validity: nil)
        let kinds = try buffer(first, atLeast: node.rowCount).pointer(to: Int8.self)
        let known = Set(codes)
        for position in 0..<count where !known.contains(kinds[window.row(position)]) {
            throw source.damage("a row of a union is of a type that there is none of")
        }
        let offsets =
            isDense
            ? try buffer(first + 1, atLeast: node.rowCount * 4).pointer(to: Int32.self) : nil
        var fields: [Vector] = []
        for (number, child) in children.enumerated() {
            let field =
                if let offsets {
                    try denseField(child, codes[number], kinds, offsets, window)
                } else {
                    try sparseField(child, codes[number], kinds, rows, window)
                }
            fields.append(field)
        }
        var result = Vector(.structure, count: count, buffer: Buffer(byteCount: 8))
        result.children = NestedVectors(fields)
        return result
    }

    /// Every type has a value for each row, of which those of other rows mean nothing.
    private func sparseField(
        _ child: ArrowValueReader, _ code: Int8, _ kinds: UnsafePointer<Int8>, _ rows: Range<Int>,
        _ window: ArrowWindow
    ) throws(StarlingError) -> Vector {
        let mask = Validity(count: window.count, allValid: true)
        for position in 0..<window.count where kinds[window.row(position)] != code {
            mask.setNull(position)
        }
        var vector = try child.read(rows, selection: window.selection)
        if vector.isConstant { vector = vector.flattened() }
        vector.validity = Validity.intersection(vector.validity, mask, count: window.count)
        vector.clearStringsUnderNulls()
        return vector
    }

    /// Each type has the values of its own rows.
    private func denseField(
        _ child: ArrowValueReader, _ code: Int8, _ kinds: UnsafePointer<Int8>,
        _ offsets: UnsafePointer<Int32>, _ window: ArrowWindow
    ) throws(StarlingError) -> Vector {
        var (low, high) = (Int.max, 0)
        for position in 0..<window.count {
            let row = window.row(position)
            guard kinds[row] == code else { continue }
            let offset = Int(offsets[row])
            guard offset >= 0, offset < child.node.rowCount else {
                throw source.damage("a row of a union lies outside of its values")
            }
            low = min(low, offset)
            high = max(high, offset + 1)
        }
        guard low < high else {
            return .allNull(
                as: child.node.field.type, child.node.field.type.widestPhysicalType,
                count: window.count)
        }
        let indexes = Buffer(byteCount: window.count * 4)
        let target = indexes.pointer(to: UInt32.self)
        for position in 0..<window.count {
            let row = window.row(position)
            target[position] =
                kinds[row] == code
                ? UInt32(truncatingIfNeeded: Int(offsets[row]) - low) : missingIndex
        }
        defer { withExtendedLifetime(indexes) {} }
        return try child.read(low..<high)
            .gatheredOrNull(by: UnsafePointer(target), count: window.count)
    }
}
