// Where a worker of a sink gathers its rows: blocks that are only added, so that a row stays at its
// address, and a heap for the text of its strings. Strings of a dictionary are not copied; the
// dictionary is kept instead.

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Views the rows of one block of a store.
package struct RowStoreBlock: Sendable {
    package let buffer: Buffer
    package let capacity: Int
    package fileprivate(set) var rowCount: Int

    @inline(__always)
    package var baseAddress: RowAddress { buffer.baseAddress }
}

/// Holds rows of one layout.
///
/// `@unchecked Sendable`: one worker appends; others read after it has been handed on.
package final class RowStore: @unchecked Sendable {
    package let layout: RowLayout
    package let heap: StringHeap
    package private(set) var blocks: [RowStoreBlock] = []
    package private(set) var rowCount = 0

    private let reservation: Reservation
    private var blockByteCount = 0
    private let blockRowCountMaximum: Int
    private var nextBlockRowCount: Int
    private var keptDictionaries: [VectorDictionary] = []
    private var scratchIndexes: Buffer?
    private let ownAddresses = RowAddresses()

    /// Makes an empty store that reserves what it holds. No block has more than
    /// `blockRowCountMaximum` rows.
    package init(
        _ layout: RowLayout, reservation: Reservation, firstBlockRowCount: Int = 256,
        blockRowCountMaximum: Int = RowStore.defaultBlockRowCount
    ) {
        self.layout = layout
        self.reservation = reservation
        self.blockRowCountMaximum = blockRowCountMaximum
        nextBlockRowCount = min(firstBlockRowCount, blockRowCountMaximum)
        heap = StringHeap(firstBlockByteCount: 4_096)
    }

    package static let defaultBlockRowCount = 8_192

    /// What a store takes whose first block was made for all of its rows, but for the text of
    /// strings.
    package static func byteCount(
        _ layout: RowLayout, expecting rowCount: Int,
        blockRowCountMaximum: Int = RowStore.defaultBlockRowCount
    ) -> Int {
        let blockRowCount = max(1, min(rowCount, blockRowCountMaximum))
        let blockCount = (rowCount + blockRowCount - 1) / blockRowCount
        return blockCount * blockRowCount * layout.rowByteCount
    }

    /// What a store that grew to `rowCount` rows takes at most, but for the text of strings: each
    /// block is up to four times as large as the one before, and the last may have but one row.
    package static func byteCount(_ layout: RowLayout, grownTo rowCount: Int) -> Int {
        let unused = min(3 * rowCount + 256, defaultBlockRowCount)
        return rowCount == 0 ? 0 : (rowCount + unused) * layout.rowByteCount
    }

    /// The bytes held: blocks and the text of strings.
    package var byteCount: Int { blockByteCount + heap.byteCount }

    /// The bytes of the block that comes when the last one is full.
    package var nextBlockByteCount: Int { nextBlockRowCount * layout.rowByteCount }

    /// Makes room for `count` rows (at most a chunk's) and writes their addresses. Null bits and
    /// states are zero, values undefined.
    package func allocate(
        _ count: Int, into rows: UnsafeMutablePointer<RowAddress>
    ) throws(StarlingError) {
        let width = layout.rowByteCount
        var done = 0
        while done < count {
            if blocks.isEmpty
                || blocks[blocks.count - 1].rowCount == blocks[blocks.count - 1].capacity
            {
                try addBlock(atLeast: count - done)
            }
            let last = blocks.count - 1
            let taken = min(count - done, blocks[last].capacity - blocks[last].rowCount)
            var address = blocks[last].baseAddress + blocks[last].rowCount * width
            for row in done..<(done + taken) {
                rows[row] = address
                address += width
            }
            blocks[last].rowCount += taken
            done += taken
        }
        rowCount += count
        clearNullsAndState(rows, count: count)
    }

    /// Appends the rows of `columns`, or those that `selected` lists, and writes their addresses
    /// to `rows` where given.
    package func append(
        _ columns: [Vector], selected: UnsafePointer<UInt16>? = nil, count: Int,
        into rows: UnsafeMutablePointer<RowAddress>? = nil
    ) throws(StarlingError) {
        let rows = rows ?? ownAddresses.pointer
        try allocate(count, into: rows)
        for position in columns.indices {
            scatter(columns[position], to: position, selected: selected, rows: rows, count: count)
        }
        try reserveWhatIsHeld()
    }

    /// Brings the reservation up to what the store holds; for owners that add to `heap`.
    package func reserveWhatIsHeld() throws(StarlingError) {
        if byteCount > reservation.byteCount { try reservation.resize(to: byteCount) }
    }

    /// Frees the rows, which have been copied, and keeps what their strings point to.
    package func dropRows() {
        blocks = []
        blockByteCount = 0
        _ = reservation.tryResize(to: byteCount)
    }

    private func addBlock(atLeast count: Int) throws(StarlingError) {
        let capacity = min(max(nextBlockRowCount, count), blockRowCountMaximum)
        nextBlockRowCount = min(capacity * 4, blockRowCountMaximum)
        let byteCount = capacity * layout.rowByteCount
        try reservation.resize(to: max(reservation.byteCount, self.byteCount + byteCount))
        blocks.append(
            RowStoreBlock(buffer: Buffer(byteCount: byteCount), capacity: capacity, rowCount: 0))
        blockByteCount += byteCount
    }

    private func clearNullsAndState(_ rows: UnsafeMutablePointer<RowAddress>, count: Int) {
        let start = layout.nullOffset
        let stateWordCount = (layout.rowByteCount - layout.stateOffset) / 8
        if layout.nullByteCount == 1, stateWordCount == 0 {
            for row in 0..<count {
                rows[row].storeBytes(of: 0, toByteOffset: start, as: UInt8.self)
            }
            return
        }
        if layout.nullByteCount == 2, stateWordCount == 0 {
            for row in 0..<count {
                rows[row].storeBytes(of: 0, toByteOffset: start, as: UInt16.self)
            }
            return
        }
        let byteCount = layout.rowByteCount - start
        for row in 0..<count {
            (rows[row] + start).initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        }
    }

    /// Keeps a dictionary alive as long as the store.
    private func keep(_ dictionary: VectorDictionary) {
        if keptDictionaries.contains(where: { $0 === dictionary }) { return }
        keptDictionaries.append(dictionary)
    }

    /// Writes a column into the rows at `rows`. The vector may have any encoding.
    package func scatter(
        _ vector: Vector, to position: Int, selected: UnsafePointer<UInt16>?,
        rows: UnsafePointer<RowAddress>, count: Int
    ) {
        let column = layout.columns[position]
        precondition(vector.physicalType == column.physicalType)
        if vector.validity != nil {
            setNullBits(vector, column, selected: selected, rows: rows, count: count)
        }
        if let dictionary = vector.dictionary, column.physicalType == .string { keep(dictionary) }
        let indexes = sourceIndexes(of: vector, selected: selected, count: count)
        let view = DecodedVector(vector)
        if column.physicalType == .string, vector.dictionary == nil {
            copyStrings(view, vector, indexes: indexes, column, rows, count: count)
        } else {
            visitRowWidth(
                column.physicalType,
                ScatterValues(
                    values: view.values, indexes: indexes, rows: rows, offset: column.offset,
                    count: count))
        }
    }

    /// Returns where each row's value lies among the stored values; nil where row i has value i.
    private func sourceIndexes(
        of vector: Vector, selected: UnsafePointer<UInt16>?, count: Int
    ) -> UnsafePointer<UInt32>? {
        if vector.isFlat, selected == nil { return nil }
        if let dictionary = vector.dictionary, selected == nil {
            return dictionary.count > 0 ? UnsafePointer(vector.codes) : zeroIndexes(count)
        }
        if vector.isConstant { return zeroIndexes(count) }
        guard let selected else { return nil }
        let indexes = scratch(count)
        if let dictionary = vector.dictionary {
            guard dictionary.count > 0 else { return zeroIndexes(count) }
            let codes = vector.codes
            for row in 0..<count { indexes[row] = codes[Int(selected[row])] }
        } else {
            for row in 0..<count { indexes[row] = UInt32(selected[row]) }
        }
        return UnsafePointer(indexes)
    }

    private func zeroIndexes(_ count: Int) -> UnsafePointer<UInt32> {
        let indexes = scratch(count)
        indexes.update(repeating: 0, count: count)
        return UnsafePointer(indexes)
    }

    private func scratch(_ count: Int) -> UnsafeMutablePointer<UInt32> {
        if let scratchIndexes, scratchIndexes.byteCount >= count * 4 {
            return scratchIndexes.pointer()
        }
        let buffer = Buffer(byteCount: max(count, chunkCapacity) * 4)
        scratchIndexes = buffer
        return buffer.pointer()
    }

    private func setNullBits(
        _ vector: Vector, _ column: RowColumn, selected: UnsafePointer<UInt16>?,
        rows: UnsafePointer<RowAddress>, count: Int
    ) {
        for row in 0..<count {
            guard !vector.isValid(selected.map { Int($0[row]) } ?? row) else { continue }
            let byte = (rows[row] + column.nullOffset).assumingMemoryBound(to: UInt8.self)
            byte.pointee |= column.nullMask
        }
    }

    private func copyStrings(
        _ view: DecodedVector, _ vector: Vector, indexes: UnsafePointer<UInt32>?,
        _ column: RowColumn, _ rows: UnsafePointer<RowAddress>, count: Int
    ) {
        let values = view.values.assumingMemoryBound(to: StringReference.self)
        let heap = heap
        let mask = column.nullMask
        for row in 0..<count {
            let address = rows[row]
            let isNull = address.load(fromByteOffset: column.nullOffset, as: UInt8.self) & mask != 0
            let index = indexes.map { Int($0[row]) } ?? row
            let copy = isNull ? StringReference.empty : heap.add(values[index])
            address.storeBytes(of: copy, toByteOffset: column.offset, as: StringReference.self)
        }
    }
}

/// Writes values of one width into rows.
private struct ScatterValues: RowWidthVisitor {
    let values: UnsafeRawPointer
    let indexes: UnsafePointer<UInt32>?
    let rows: UnsafePointer<RowAddress>
    let offset: Int
    let count: Int

    @inline(__always)
    func visit<Element: BitwiseCopyable>(_ type: Element.Type) {
        let values = values.assumingMemoryBound(to: Element.self)
        let rows = rows
        let offset = offset
        if let indexes {
            for row in 0..<count {
                (rows[row] + offset).assumingMemoryBound(to: Element.self).pointee =
                    values[Int(indexes[row])]
            }
        } else {
            for row in 0..<count {
                (rows[row] + offset).assumingMemoryBound(to: Element.self).pointee = values[row]
            }
        }
    }
}
