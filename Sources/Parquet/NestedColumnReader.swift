// Puts nested columns together from their leaves, a level of the schema at a time: the levels of a
// leaf, walked once for each list or structure above it, give the ranges of the lists and what is
// NULL; no step looks at single values recursively.
//
// A list at depth d has a row for each entry that repeats at most at d, and an element for each
// that repeats at most at d + 1, of those whose definition levels reach that far down.

import StarlingErrors
import StarlingTables
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Reads a column of a row group in ascending windows.
protocol ColumnReading: AnyObject {
    func read(
        row: Int, count: Int, selection: Selection?, check: DomainCheck?
    ) throws(StarlingError) -> Vector

    /// Counts the values, since the last call, of which digits were cut off.
    func takeCutCount() -> Int

    /// Returns the dictionary that all values come from, where there is one.
    func dictionary() throws(StarlingError) -> VectorDictionary?

    /// Says in which rows windows will lie, and where the pages are.
    func expect(_ rows: RowRanges, _ layout: PageLayout, isLate: Bool)
}

extension ColumnReading {
    func expect(_ rows: RowRanges, _ layout: PageLayout, isLate: Bool) {}
}

/// Reads several leaves.
protocol LeavesReading: ColumnReading {
    /// Says in which rows windows will lie; `layout` tells where the pages of a leaf are.
    func expect(_ rows: RowRanges, layout: (_ leaf: Int) -> PageLayout?)
}

/// Reads a value of a nested column: the whole column, or a field of its structures.
final class NestedColumnReader: LeavesReading {
    private let root: SchemaNode
    private let physicalType: PhysicalType
    private let readers: [Int: LeafReader]
    private let place: String

    /// `readers` has one for each leaf below `root`, by its number.
    init(
        _ root: SchemaNode, physicalType: PhysicalType, readers: [Int: LeafReader], place: String
    ) {
        self.root = root
        self.physicalType = physicalType
        self.readers = readers
        self.place = place
    }

    func dictionary() throws(StarlingError) -> VectorDictionary? { nil }

    func takeCutCount() -> Int { readers.values.reduce(0) { $0 + $1.takeCutCount() } }

    func expect(_ rows: RowRanges, layout: (_ leaf: Int) -> PageLayout?) {
        for (leaf, reader) in readers {
            if let layout = layout(leaf) { reader.expect(rows, layout) }
        }
    }

    func read(
        row: Int, count: Int, selection: Selection?, check: DomainCheck?
    ) throws(StarlingError) -> Vector {
        let total = selection?.count ?? count
        if total == 0 {
            return root.type.isNested
                ? Vector([], as: root.type) : Vector(uninitialized: physicalType, count: 0)
        }
        do throws(ParquetDamage) {
            for reader in readers.values {
                try reader.collect(row: row, count: count, selection: selection)
            }
            return try build(root, depth: 0, elementLevel: 0, count: total)
        } catch {
            throw error.located(in: place)
        }
    }

    private func reader(of node: SchemaNode) throws(ParquetDamage) -> LeafReader {
        guard let leaf = node.firstLeaf, case .leaf(let source) = leaf.kind,
            let reader = readers[source.leaf]
        else { throw .unsupported("structures without fields can't be read") }
        return reader
    }

    /// Builds the vector of a value that lies in `depth` lists, the innermost of which has an
    /// element from `elementLevel` on.
    private func build(
        _ node: SchemaNode, depth: Int, elementLevel: Int, count: Int
    ) throws(ParquetDamage) -> Vector {
        switch node.kind {
        case .leaf:
            let values = try reader(of: node).decode(elementLevel: elementLevel, count: count)
            let check = DomainCheck(node.type, values.physicalType, known: nil)
            if values.isFlat { try check?.check(values) }
            return values
        case .structure(let fields):
            var vector = Vector(.structure, count: count, buffer: Buffer(byteCount: 8))
            vector.validity = try validity(
                of: node, depth: depth, elementLevel: elementLevel, count: count)
            var children: [Vector] = []
            for field in fields {
                children.append(
                    try build(field, depth: depth, elementLevel: elementLevel, count: count))
            }
            vector.children = NestedVectors(children)
            return vector
        case .list, .map:
            return try buildList(node, depth: depth, elementLevel: elementLevel, count: count)
        case .variant(let group):
            return try VariantGroup.documents(
                group,
                build(group, depth: depth, elementLevel: elementLevel, count: count))
        }
    }

    /// Tells which structures are there; nil where all are.
    private func validity(
        of node: SchemaNode, depth: Int, elementLevel: Int, count: Int
    ) throws(ParquetDamage) -> Validity? {
        let levels = try reader(of: node).levels
        guard node.definitionLevel > elementLevel,
            let definitions = levels.definitions?.pointer(to: UInt8.self)
        else { return nil }
        let repetitions = levels.repetitions?.pointer(to: UInt8.self)
        let result = Validity(count: count, allValid: false)
        let words = result.words
        let (low, own) = (UInt8(elementLevel), UInt8(node.definitionLevel))
        let deepest = UInt8(depth)
        var slot = 0
        var present = 0
        for index in 0..<levels.count {
            guard definitions[index] >= low, repetitions.map({ $0[index] <= deepest }) ?? true
            else { continue }
            guard slot < count else { throw LeafReader.contradiction }
            let bit: UInt64 = definitions[index] >= own ? 1 : 0
            words[slot &>> 6] |= bit &<< UInt64(slot & 63)
            present &+= Int(bit)
            slot &+= 1
        }
        withExtendedLifetime(levels) {}
        guard slot == count else { throw LeafReader.contradiction }
        return present == count ? nil : result
    }

    private func buildList(
        _ node: SchemaNode, depth: Int, elementLevel: Int, count: Int
    ) throws(ParquetDamage) -> Vector {
        let levels = try reader(of: node).levels
        guard let definitions = levels.definitions?.pointer(to: UInt8.self),
            let repetitions = levels.repetitions?.pointer(to: UInt8.self)
        else { throw LeafReader.contradiction }
        var vector = Vector(uninitialized: .list, count: count)
        let ranges = vector.pointer(to: ListRange.self)
        let bits = Validity(count: count, allValid: false)
        let words = bits.words
        let (low, own, inner) = (
            UInt8(elementLevel), UInt8(node.definitionLevel), UInt8(node.elementLevel)
        )
        let deepest = UInt8(depth)
        var slot = -1
        var total: UInt32 = 0
        var present = 0
        for index in 0..<levels.count {
            let (definition, repetition) = (definitions[index], repetitions[index])
            guard definition >= low else { continue }
            if repetition <= deepest {
                slot &+= 1
                guard slot < count else { throw LeafReader.contradiction }
                ranges[slot] = ListRange(offset: total, count: 0)
                let bit: UInt64 = definition >= own ? 1 : 0
                words[slot &>> 6] |= bit &<< UInt64(slot & 63)
                present &+= Int(bit)
            }
            if repetition <= deepest &+ 1, definition >= inner {
                guard slot >= 0 else { throw LeafReader.contradiction }
                ranges[slot].count &+= 1
                total &+= 1
            }
        }
        withExtendedLifetime(levels) {}
        guard slot == count - 1 else { throw LeafReader.contradiction }
        if present < count { vector.validity = bits }
        var children: [Vector] = []
        for child in node.children {
            children.append(
                try build(
                    child, depth: depth + 1, elementLevel: node.elementLevel, count: Int(total)))
        }
        vector.children = NestedVectors(children)
        return vector
    }
}
