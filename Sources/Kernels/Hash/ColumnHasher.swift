// Hashes columns, a chunk at a time. A dictionary is hashed once, and its hashes are kept for the
// next chunk with the same dictionary.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Hashes the rows of one or several columns; belongs to one worker.
package final class ColumnHasher {
    private struct KeptHashes {
        var dictionary: VectorDictionary
        var hashes: Buffer
    }

    private var kept: [KeptHashes?] = []
    private let isZero: Bool

    /// Makes a hasher; where `isZero`, each hash is 0, so that every path of collisions runs.
    package init(isZero: Bool = false) { self.isZero = isZero }

    /// Writes the hash of each row's values, taken together, to `hashes`.
    package func hash(
        _ columns: [Vector], count: Int, into hashes: UnsafeMutablePointer<UInt64>
    ) {
        if columns.isEmpty || isZero {
            hashes.update(repeating: 0, count: count)
            return
        }
        while kept.count < columns.count { kept.append(nil) }
        for (position, column) in columns.enumerated() {
            let scratch = position == 0 ? hashes : scratchHashes(count)
            hashValues(of: column, at: position, count: count, into: scratch)
            if position > 0 {
                for row in 0..<count { hashes[row] = combinedHash(hashes[row], scratch[row]) }
            }
        }
    }

    private var scratch = Buffer(byteCount: chunkCapacity * 8)

    private func scratchHashes(_ count: Int) -> UnsafeMutablePointer<UInt64> {
        if scratch.byteCount < count * 8 { scratch = Buffer(byteCount: count * 8) }
        return scratch.pointer()
    }

    private func hashValues(
        of column: Vector, at position: Int, count: Int,
        into hashes: UnsafeMutablePointer<UInt64>
    ) {
        guard let dictionary = column.dictionary else {
            hashStoredValues(of: column, count: count, into: hashes)
            return
        }
        let codes = UnsafePointer(column.codes)
        if dictionary.count > 4 * count, kept[position]?.dictionary !== dictionary {
            // More distinct values than rows to come, perhaps: hash what the rows have.
            var dense = column.flattened()
            dense.validity = column.validity
            hashStoredValues(of: dense, count: count, into: hashes)
            return
        }
        let values = keptHashes(of: dictionary, at: position)
        if dictionary.count > 0 {
            for row in 0..<count { hashes[row] = values[Int(codes[row])] }
        }
        markNulls(of: column, count: count, in: hashes)
    }

    private func keptHashes(
        of dictionary: VectorDictionary, at position: Int
    ) -> UnsafePointer<UInt64> {
        if let current = kept[position], current.dictionary === dictionary {
            return UnsafePointer(current.hashes.pointer(to: UInt64.self))
        }
        let buffer = Buffer(byteCount: dictionary.count * 8)
        hashStoredValues(of: dictionary.values, count: dictionary.count, into: buffer.pointer())
        kept[position] = KeptHashes(dictionary: dictionary, hashes: buffer)
        return UnsafePointer(buffer.pointer(to: UInt64.self))
    }
}

/// Hashes a flat or constant vector.
package func hashStoredValues(
    of vector: Vector, count: Int, into hashes: UnsafeMutablePointer<UInt64>
) {
    if vector.isConstant {
        var one = vector
        one.encoding = .flat
        one.count = 1
        hashStoredValues(of: one, count: 1, into: hashes)
        hashes.update(repeating: hashes[0], count: count)
        return
    }
    switch vector.physicalType {
    case .int8, .int16, .int32, .int64, .int128:
        vector.physicalType.visitInteger(
            HashIntegers(vector: vector, count: count, hashes: hashes))
    case .float32, .float64:
        vector.physicalType.visitFloat(HashFloats(vector: vector, count: count, hashes: hashes))
    case .string: hashStrings(vector, count: count, into: hashes)
    case .list, .structure: hashNested(vector, count: count, into: hashes)
    }
    markNulls(of: vector, count: count, in: hashes)
}

private struct HashIntegers: IntegerVisitor {
    let vector: Vector
    let count: Int
    let hashes: UnsafeMutablePointer<UInt64>

    @inline(__always)
    func visit<Element: KernelInteger>(_ type: Element.Type) {
        let values = vector.pointer(to: Element.self)
        let hashes = hashes
        for row in 0..<count { hashes[row] = hashValue(ofInteger: values[row]) }
    }
}

private struct HashFloats: FloatVisitor {
    let vector: Vector
    let count: Int
    let hashes: UnsafeMutablePointer<UInt64>

    @inline(__always)
    func visit<Element: KernelFloat>(_ type: Element.Type) {
        let values = vector.pointer(to: Element.self)
        let hashes = hashes
        for row in 0..<count { hashes[row] = hashValue(ofFloat: values[row]) }
    }
}

private func hashStrings(
    _ vector: Vector, count: Int, into hashes: UnsafeMutablePointer<UInt64>
) {
    let values = vector.pointer(to: StringReference.self)
    guard let validity = vector.validity else {
        for row in 0..<count { hashes[row] = hashValue(of: values[row]) }
        return
    }
    for row in 0..<count where validity.isValid(row) { hashes[row] = hashValue(of: values[row]) }
}

/// Hashes lists by their elements and structures by their fields, row by row.
private func hashNested(
    _ vector: Vector, count: Int, into hashes: UnsafeMutablePointer<UInt64>
) {
    guard let children = vector.children?.vectors else {
        hashes.update(repeating: 0, count: count)
        return
    }
    let hasher = ColumnHasher()
    if vector.physicalType == .structure {
        hasher.hash(children, count: count, into: hashes)
        return
    }
    let elements = Buffer(byteCount: children[0].count * 8)
    let elementHashes = elements.pointer(to: UInt64.self)
    // Keys and values of a MAP count as one element.
    hasher.hash(children, count: children[0].count, into: elementHashes)
    let ranges = vector.pointer(to: ListRange.self)
    for row in 0..<count {
        var hash = mixedBits(UInt64(ranges[row].count))
        guard vector.isValid(row) else { continue }
        for element in 0..<Int(ranges[row].count) {
            hash = combinedHash(hash, elementHashes[Int(ranges[row].offset) + element])
        }
        hashes[row] = hash
    }
}

/// Overwrites the hashes of NULL rows.
private func markNulls(
    of vector: Vector, count: Int, in hashes: UnsafeMutablePointer<UInt64>
) {
    guard let validity = vector.validity else { return }
    let words = validity.words
    for word in 0..<Validity.wordCount(for: count) {
        var nulls = ~words[word]
        while nulls != 0 {
            let row = word &* 64 &+ nulls.trailingZeroBitCount
            nulls &= nulls &- 1
            guard row < count else { break }
            hashes[row] = hashOfNull
        }
    }
}
