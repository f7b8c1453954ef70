// Reads a column of a segment, whatever it is stored as.

import StarlingBlocks
import StarlingErrors
import StarlingShredding
import StarlingTypes
import StarlingVectors

/// Holds the blocks of a column, from when they are asked for, as long as it is read.
package final class SegmentColumnReader {
    private let column: SegmentColumn
    private let shredded: ShreddedBlocks?
    private var ownBlock: ColumnBlock?
    private var blocks: [ColumnBlock?]

    package init(_ column: SegmentColumn) {
        self.column = column
        shredded = column.shredded
        blocks = Array(repeating: nil, count: column.shredded?.columns.count ?? 0)
    }

    /// The values, or what is left of documents.
    private func block() throws(StarlingError) -> ColumnBlock {
        if let ownBlock { return ownBlock }
        let block = try column.block()
        ownBlock = block
        return block
    }

    var dictionary: VectorDictionary? {
        get throws(StarlingError) { shredded == nil ? try block().dictionary : nil }
    }

    /// Reads rows, all or the selected ones, integers in the layout `type`.
    package func read(
        _ rows: Range<Int>, _ selection: Selection? = nil, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        guard shredded != nil else { return try block().read(rows, selection, as: type) }
        let remainder = try remainder(rows, selection)
        let assembly = try assembly(rows, selection) { _ in true }
        let view = DecodedVector(remainder)
        let heap = StringHeap()
        var result = Vector(uninitialized: .string, count: remainder.count)
        let target = result.pointer(to: StringReference.self)
        var bytes: [UInt8] = []
        for row in 0..<remainder.count {
            guard view.isValid(row) else {
                target[row] = .empty
                continue
            }
            bytes.removeAll(keepingCapacity: true)
            try assembly.append(view.value(row), row: row, to: &bytes)
            target[row] = heap.add(bytes)
        }
        withExtendedLifetime(remainder) {}
        result.validity = remainder.isConstant ? nil : remainder.validity
        result.owner = heap
        return result
    }

    /// Reads what is left of documents.
    func remainder(
        _ rows: Range<Int>, _ selection: Selection?
    ) throws(StarlingError) -> Vector {
        try block().read(rows, selection, as: .string)
    }

    /// Reads the columns that are wanted, to put documents of rows, or parts of them, together.
    func assembly(
        _ rows: Range<Int>, _ selection: Selection?, _ isWanted: (ShreddedPath) -> Bool
    ) throws(StarlingError) -> DocumentAssembly {
        var columns: [Vector?] = []
        for (place, path) in (shredded?.paths ?? []).enumerated() {
            columns.append(isWanted(path) ? try values(place, rows, selection) : nil)
        }
        return DocumentAssembly(shredded?.paths ?? [], columns)
    }

    /// Opens the block of a path.
    func block(of place: Int) throws(StarlingError) -> ColumnBlock? {
        guard let shredded, blocks.indices.contains(place) else { return nil }
        if let known = blocks[place] { return known }
        let block = try shredded.columns[place].block()
        blocks[place] = block
        return block
    }

    /// Reads the values of a path in the layout of its type.
    func values(
        _ place: Int, _ rows: Range<Int>, _ selection: Selection?
    ) throws(StarlingError) -> Vector? {
        guard let shredded else { return nil }
        return try block(of: place)?.read(
            rows, selection,
            as: shredded.paths[place].type.logicalType.widestPhysicalType)
    }
}

extension SegmentColumn {
    /// Reads rows, all or the selected ones, integers in the layout `type`.
    package func read(
        _ rows: Range<Int>, _ selection: Selection? = nil, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        try SegmentColumnReader(self).read(rows, selection, as: type)
    }

    /// The bytes of all blocks of the column.
    package func byteCount() throws(StarlingError) -> Int {
        var byteCount = try block().byteCount
        for column in shredded?.columns ?? [] { byteCount += try column.block().byteCount }
        return byteCount
    }
}
