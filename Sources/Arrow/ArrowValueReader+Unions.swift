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
        let window = ArrowWindow(
            start: rows.lowerBound, count: count, selection: selection, validity: nil)
        let kinds = try buffer(0, atLeast: node.rowCount).pointer(to: Int8.self)
        let known = Set(codes)
        for position in 0..<count where !known.contains(kinds[window.row(position)]) {
            throw source.damage("a row of a union is of a type that there is none of")
        }
        var fields: [Vector] = []
        for (number, child) in children.enumerated() {
            fields.append(
                isDense
                    ? try denseField(child, codes[number], window)
                    : try sparseField(child, codes[number], rows, window))
        }
        var result = Vector(.structure, count: count, buffer: Buffer(byteCount: 8))
        result.children = NestedVectors(fields)
        return result
    }

    /// Every type has a value for each row, of which those of other rows mean nothing.
    private func sparseField(
        _ child: ArrowValueReader, _ code: Int8, _ rows: Range<Int>, _ window: ArrowWindow
    ) throws(StarlingError) -> Vector {
        let kinds = try buffer(0, atLeast: node.rowCount).pointer(to: Int8.self)
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
        _ child: ArrowValueReader, _ code: Int8, _ window: ArrowWindow
    ) throws(StarlingError) -> Vector {
        let kinds = try buffer(0, atLeast: node.rowCount).pointer(to: Int8.self)
        let offsets = try buffer(1, atLeast: node.rowCount * 4).pointer(to: Int32.self)
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
