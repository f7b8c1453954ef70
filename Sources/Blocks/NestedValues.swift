import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds lists: of each the count of elements, which lie one behind the other in blocks.
///
///   lists := extents of the counts, count of blocks (8 bytes), of each its byte count (8) and it
///
/// `@unchecked Sendable`: the bytes are never written again.
final class ListValues: BlockValues, @unchecked Sendable {
    private let extents: Extents
    private let children: [ColumnBlock]

    var decodedByteCount: Int { children.reduce(0) { $0 + $1.decodedByteCount } }

    init(_ bytes: BlockBytes) throws(StarlingError) {
        extents = try Extents(bytes.body)
        guard bytes.physicalType == .list, extents.count == bytes.rowCount else {
            throw blockDamage("its lists are cut off")
        }
        children = try childBlocks(bytes, at: extents.byteCount)
        guard children.allSatisfy({ $0.rowCount == extents.total }) else {
            throw blockDamage("its lists have not the elements that they count")
        }
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) throws(StarlingError) -> Vector {
        var vector = Vector(uninitialized: .list, count: rows.count)
        let ranges = vector.pointer(to: ListRange.self)
        let counts = Buffer(byteCount: rows.count * 4)
        let lengths = counts.pointer(to: UInt32.self)
        extents.lengths.read(rows, into: lengths)
        var offset: UInt32 = 0
        for row in 0..<rows.count {
            ranges[row] = ListRange(offset: offset, count: lengths[row])
            offset += lengths[row]
        }
        let first = elementsBefore(rows.lowerBound)
        var elements: [Vector] = []
        for child in children {
            elements.append(
                try child.read(first..<(first + Int(offset)), as: child.physicalType))
        }
        vector.children = NestedVectors(elements)
        return vector
    }

    private init(_ lists: ListValues, of child: ColumnBlock) {
        extents = lists.extents
        children = [child]
    }

    func lists(ofField field: Int) -> (any BlockValues)? {
        guard children.count == 1, let values = children[0].field(field) else { return nil }
        return ListValues(self, of: values)
    }

    private func elementsBefore(_ row: Int) -> Int {
        let (run, place) = row.quotientAndRemainder(dividingBy: packedCount)
        guard place > 0 else { return Int(extents.starts[run]) }
        let counts = Buffer(byteCount: place * 4)
        extents.lengths.read((row - place)..<row, into: counts.pointer(to: UInt32.self))
        var sum = Int(extents.starts[run])
        for earlier in 0..<place { sum += Int(counts.pointer(to: UInt32.self)[earlier]) }
        return sum
    }
}

/// Holds structures: a block a field.
///
///   structures := count of blocks (8 bytes), of each its byte count (8) and it
final class StructureValues: BlockValues {
    let fields: [ColumnBlock]

    var decodedByteCount: Int { fields.reduce(0) { $0 + $1.decodedByteCount } }

    init(_ bytes: BlockBytes) throws(StarlingError) {
        fields = try childBlocks(bytes, at: 0)
        guard bytes.physicalType == .structure,
            fields.allSatisfy({ $0.rowCount == bytes.rowCount })
        else { throw blockDamage("its fields have not a value a row") }
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) throws(StarlingError) -> Vector {
        var vector = Vector(uninitialized: .structure, count: rows.count)
        var children: [Vector] = []
        for field in fields {
            children.append(try field.read(rows, as: field.physicalType))
        }
        vector.children = NestedVectors(children)
        return vector
    }
}

private func childBlocks(
    _ bytes: BlockBytes, at offset: Int
) throws(StarlingError) -> [ColumnBlock] {
    guard bytes.body.count >= offset + 8, let address = bytes.body.baseAddress else {
        throw blockDamage("its blocks are cut off")
    }
    let count = address.load(fromByteOffset: offset, as: UInt64.self)
    guard count <= 65_536 else { throw blockDamage("it has \(count) blocks within") }
    var blocks: [ColumnBlock] = []
    var place = offset + 8
    for _ in 0..<count {
        let block = try nestedBlock(bytes, at: place)
        blocks.append(block)
        place += 8 + block.byteCount
    }
    return blocks
}
