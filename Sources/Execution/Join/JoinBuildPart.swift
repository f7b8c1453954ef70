// The build rows that one worker gathered, or those of one spilled partition.

import StarlingErrors
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors

/// Gathers the rows of a build side: keys first, then payload.
///
/// `@unchecked Sendable`: one worker appends; others read after it has been handed on.
final class JoinBuildPart: @unchecked Sendable {
    let store: RowStore
    /// Rows with a NULL in a key, where the join may have to give them.
    let unmatchable: RowStore
    let integerKeys: IntegerKeys?
    private(set) var hasNullKey = false
    private let shape: JoinShape
    private let matchable = Selection()
    private let rejected = Selection()

    /// Makes an empty part, with room for as many rows as are expected once the first one comes.
    init(_ shape: JoinShape, expecting rowCount: Int? = nil, _ budget: MemoryBudget) {
        self.shape = shape
        store = RowStore(
            shape.layout, reservation: Reservation(budget, purpose: "the rows of a join"),
            firstBlockRowCount: rowCount ?? 256,
            blockRowCountMaximum: RowPages.blockRowCountMaximum(
                rowByteCount: shape.layout.rowByteCount))
        unmatchable = RowStore(
            shape.layout, reservation: Reservation(budget, purpose: "the rows of a join"))
        integerKeys =
            shape.hasIntegerKey
            ? IntegerKeys(
                expecting: rowCount ?? 512,
                reservation: Reservation(budget, purpose: "the keys of a join")) : nil
    }

    /// What a part takes that expected all of its `rowCount` rows, but for the text of strings.
    static func byteCount(_ shape: JoinShape, expecting rowCount: Int) -> Int {
        let width = shape.layout.rowByteCount
        let rows = RowStore.byteCount(
            shape.layout, expecting: rowCount,
            blockRowCountMaximum: RowPages.blockRowCountMaximum(rowByteCount: width))
        return (shape.keepsKeysOnly ? 0 : rows) + (shape.hasIntegerKey ? 8 * rowCount : 0)
    }

    /// Counts the rows that can match.
    var matchableCount: Int { integerKeys?.count ?? store.rowCount }

    /// Appends rows: the keys in the types of the table, then the payload.
    func append(_ columns: [Vector], count: Int) throws(StarlingError) {
        guard let validity = shape.keyValidity(columns, count: count) else {
            return try appendMatchable(columns, selected: nil, count: count)
        }
        var matchableCount = 0
        var rejectedCount = 0
        for row in 0..<count {
            let isValid = validity.isValid(row)
            matchable.rows[matchableCount] = UInt16(truncatingIfNeeded: row)
            rejected.rows[rejectedCount] = UInt16(truncatingIfNeeded: row)
            matchableCount += isValid ? 1 : 0
            rejectedCount += isValid ? 0 : 1
        }
        if rejectedCount > 0 {
            hasNullKey = true
            if shape.marksBuildRows {
                try unmatchable.append(
                    columns, selected: UnsafePointer(rejected.rows), count: rejectedCount)
            }
        }
        try appendMatchable(
            columns, selected: UnsafePointer(matchable.rows), count: matchableCount)
    }

    private func appendMatchable(
        _ columns: [Vector], selected: UnsafePointer<UInt16>?, count: Int
    ) throws(StarlingError) {
        guard count > 0 else { return }
        try integerKeys?.append(columns[0], selected: selected, count: count)
        guard !shape.keepsKeysOnly else { return }
        try store.append(columns, selected: selected, count: count)
    }

    /// Hands all rows, in chunks, to `body`.
    func forEachChunk(
        _ body: (Chunk) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        if shape.keepsKeysOnly, let integerKeys {
            var row = 0
            while row < integerKeys.count {
                let count = min(chunkCapacity, integerKeys.count - row)
                let keys = integerKeys.vector(from: row, count: count, shape.keyTypes[0])
                try body(Chunk(columns: [keys], count: count))
                row += count
            }
        }
        for rows in [store, unmatchable] { try Self.forEachChunk(of: rows, body) }
    }

    private static func forEachChunk(
        of store: RowStore, _ body: (Chunk) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        let addresses = RowAddresses()
        for block in store.blocks {
            var row = 0
            while row < block.rowCount {
                let count = min(chunkCapacity, block.rowCount - row)
                for place in 0..<count {
                    addresses.pointer[place] =
                        block.baseAddress + (row + place) * store.layout.rowByteCount
                }
                let columns = store.layout.columns.indices.map {
                    store.layout.gather(
                        $0, rows: addresses.pointer, count: count, owner: store)
                }
                try body(Chunk(columns: columns, count: count))
                row += count
            }
        }
    }
}

extension JoinShape {
    /// Returns which rows' keys can match; nil stands for all. The keys come first in `columns`.
    func keyValidity(_ columns: [Vector], count: Int) -> Validity? {
        var result: Validity?
        for position in keyTypes.indices where !isNullSafe[position] {
            let key = columns[position]
            guard let validity = key.validity else { continue }
            let own =
                key.isConstant
                ? Validity(count: count, allValid: validity.isValid(0)) : validity
            result = Validity.intersection(result, own, count: count)
        }
        return result
    }
}
