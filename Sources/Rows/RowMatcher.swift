// Compares columns of a chunk with rows: does row `pairs[i].probe` of the chunk have the same key
// as the stored row at `addresses[i]`? The answer is a byte a pair, and every column is ANDed to
// it, so that no loop but that of strings branches on data.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Compares the first columns of rows with columns of chunks.
package struct RowMatcher: Sendable {
    /// Describes a key: the column of the row it is compared with, and whether NULL equals NULL.
    package struct Key: Sendable {
        package var column: RowColumn
        package var isNullSafe: Bool

        package init(column: RowColumn, isNullSafe: Bool) {
            self.column = column
            self.isNullSafe = isNullSafe
        }
    }

    package let keys: [Key]

    package init(_ keys: [Key]) { self.keys = keys }

    /// Sets `isMatch[i]` to 1 where the pair's keys are equal, else to 0.
    ///
    /// The probe columns have the physical types of the row's columns, in any encoding. Keys that
    /// are not null-safe must not be NULL on either side.
    package func match(
        _ columns: [Vector], probeRows: UnsafePointer<UInt16>,
        addresses: UnsafePointer<RowAddress>, count: Int, isMatch: UnsafeMutablePointer<UInt8>
    ) {
        isMatch.update(repeating: 1, count: count)
        for position in keys.indices {
            let key = keys[position]
            let vector = columns[position]
            precondition(vector.physicalType == key.column.physicalType)
            if key.isNullSafe {
                matchNulls(vector, key.column, probeRows, addresses, count, isMatch)
            }
            visitRowElement(
                key.column.physicalType,
                MatchValues(
                    view: DecodedVector(vector), probeRows: probeRows, addresses: addresses,
                    offset: key.column.offset, count: count, isMatch: isMatch))
            if key.isNullSafe {
                for pair in 0..<count { isMatch[pair] = isMatch[pair] == 0 ? 0 : 1 }
            }
        }
    }

    /// Marks pairs of two NULLs with 2, which the comparison of values leaves alone, and drops
    /// pairs with one NULL.
    private func matchNulls(
        _ vector: Vector, _ column: RowColumn, _ probeRows: UnsafePointer<UInt16>,
        _ addresses: UnsafePointer<RowAddress>, _ count: Int,
        _ isMatch: UnsafeMutablePointer<UInt8>
    ) {
        let view = DecodedVector(vector)
        for pair in 0..<count where isMatch[pair] != 0 {
            let byte = addresses[pair].load(fromByteOffset: column.nullOffset, as: UInt8.self)
            let isRowNull = byte & column.nullMask != 0
            let isProbeNull = !view.isValid(Int(probeRows[pair]))
            if isRowNull != isProbeNull {
                isMatch[pair] = 0
            } else if isRowNull {
                isMatch[pair] = 2
            }
        }
    }
}

/// Compares values of one type.
private struct MatchValues: RowElementVisitor {
    let view: DecodedVector
    let probeRows: UnsafePointer<UInt16>
    let addresses: UnsafePointer<RowAddress>
    let offset: Int
    let count: Int
    let isMatch: UnsafeMutablePointer<UInt8>

    @inline(__always)
    func visit<Element: RowElement>(_ type: Element.Type) {
        let values = view.values.assumingMemoryBound(to: Element.self)
        let probeRows = probeRows
        let addresses = addresses
        let offset = offset
        let isMatch = isMatch
        if let codes = view.codes {
            for pair in 0..<count where isMatch[pair] == 1 {
                let row = (addresses[pair] + offset).assumingMemoryBound(to: Element.self).pointee
                let value = values[Int(codes[Int(probeRows[pair])])]
                isMatch[pair] = Element.areEqual(value, row) ? 1 : 0
            }
        } else if Element.self == StringReference.self || view.isConstant {
            let rowMask = view.isConstant ? 0 : Int.max
            for pair in 0..<count where isMatch[pair] == 1 {
                let row = (addresses[pair] + offset).assumingMemoryBound(to: Element.self).pointee
                let value = values[Int(probeRows[pair]) & rowMask]
                isMatch[pair] = Element.areEqual(value, row) ? 1 : 0
            }
        } else {
            // A pair of NULLs (2) has equal zeros or not; either way it must stay a match.
            for pair in 0..<count {
                let row = (addresses[pair] + offset).assumingMemoryBound(to: Element.self).pointee
                let isEqual: UInt8 = Element.areEqual(values[Int(probeRows[pair])], row) ? 1 : 0
                isMatch[pair] &= isEqual | 2
            }
        }
    }
}
