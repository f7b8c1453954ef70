// Reads columns back out of rows.

import StarlingMemory
import StarlingTypes
import StarlingVectors

extension RowLayout {
    /// Reads a column of `count` rows into a flat vector; `owner` keeps the rows' strings alive.
    package func gather(
        _ position: Int, rows: UnsafePointer<RowAddress>, count: Int, owner: (any Owner)?
    ) -> Vector {
        let column = columns[position]
        var vector = Vector(uninitialized: column.physicalType, count: count)
        visitRowWidth(
            column.physicalType,
            GatherFromRows(
                rows: rows, target: vector.buffer.baseAddress, offset: column.offset, count: count))
        vector.validity = gatherValidity(column, rows: rows, count: count)
        if column.physicalType == .string { vector.owner = owner }
        return vector
    }

    /// Returns nil where none of the rows is NULL.
    private func gatherValidity(
        _ column: RowColumn, rows: UnsafePointer<RowAddress>, count: Int
    ) -> Validity? {
        let offset = column.nullOffset
        let mask = column.nullMask
        var anyNull: UInt8 = 0
        for row in 0..<count {
            anyNull |= rows[row].load(fromByteOffset: offset, as: UInt8.self)
        }
        if anyNull & mask == 0 { return nil }
        let validity = Validity(count: count, allValid: true)
        for row in 0..<count
        where rows[row].load(fromByteOffset: offset, as: UInt8.self) & mask != 0 {
            validity.setNull(row)
        }
        return validity
    }

    /// Makes a row whose values are all NULL (and zero), to stand for a row that does not exist.
    package func makeNullRow() -> Buffer {
        let buffer = Buffer.zeroed(byteCount: rowByteCount)
        for column in columns {
            (buffer.baseAddress + column.nullOffset).assumingMemoryBound(to: UInt8.self).pointee |=
                column.nullMask
        }
        return buffer
    }
}

/// Reads values of one width from rows.
private struct GatherFromRows: RowWidthVisitor {
    let rows: UnsafePointer<RowAddress>
    let target: UnsafeMutableRawPointer
    let offset: Int
    let count: Int

    @inline(__always)
    func visit<Element: BitwiseCopyable>(_ type: Element.Type) {
        let target = target.assumingMemoryBound(to: Element.self)
        let rows = rows
        let offset = offset
        for row in 0..<count {
            target[row] = (rows[row] + offset).assumingMemoryBound(to: Element.self).pointee
        }
    }
}
