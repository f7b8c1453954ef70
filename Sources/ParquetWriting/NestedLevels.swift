// Nested columns as leaves with levels (Melnik et al., "Dremel", VLDB 2010): each entry of a leaf
// says how deep its path exists (definition) and which list on the path goes on (repetition). A
// column is taken apart from its root on, all rows of a chunk at a time.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingVectors

/// Holds the entries of one leaf: levels, and the values where there are some.
struct NestedLevels: Sendable {
    /// A byte an entry.
    private(set) var definitions: [UInt8] = []
    private(set) var repetitions: [UInt8] = []
    /// Where each row's entries begin, and at the end the end.
    private(set) var rowStarts: [Int] = [0]
    /// Vectors of the values that are there, none of them NULL.
    private(set) var values: [Vector] = []

    fileprivate mutating func append(_ entries: Entries, _ vector: Vector, definitionLevel: Int) {
        let deepest = UInt8(truncatingIfNeeded: definitionLevel)
        let indexes = Buffer(byteCount: entries.indexes.count * 4 + 64)
        let target = indexes.pointer(to: UInt32.self)
        var count = 0
        for place in entries.indexes.indices {
            if entries.repetitions[place] == 0, !definitions.isEmpty || place > 0 {
                rowStarts.append(definitions.count + place)
            }
            if entries.definitions[place] == deepest {
                target[count] = UInt32(truncatingIfNeeded: entries.indexes[place])
                count += 1
            }
        }
        definitions += entries.definitions
        repetitions += entries.repetitions
        values.append(vector.gathered(by: target, count: count))
        withExtendedLifetime(indexes) {}
    }

    /// Ends the last row.
    fileprivate mutating func finish() {
        if !definitions.isEmpty { rowStarts.append(definitions.count) }
    }
}

/// Holds the way down to some node: for each entry levels and the place in the node's vector,
/// which is -1 where the path ended above.
private struct Entries {
    var definitions: [UInt8] = []
    var repetitions: [UInt8] = []
    var indexes: [Int] = []

    mutating func append(_ definition: UInt8, _ repetition: UInt8, _ index: Int) {
        definitions.append(definition)
        repetitions.append(repetition)
        indexes.append(index)
    }

    mutating func reserve(_ count: Int) {
        definitions.reserveCapacity(count)
        repetitions.reserveCapacity(count)
        indexes.reserveCapacity(count)
    }
}

/// Takes a column apart into the entries of its leaves.
struct ColumnShredder {
    private let root: SchemaNode
    /// By the leaf's position.
    private(set) var leaves: [Int: NestedLevels] = [:]

    init(_ root: SchemaNode, _ vectors: [Vector]) {
        self.root = root
        for vector in vectors where vector.count > 0 {
            var entries = Entries()
            entries.reserve(vector.count)
            for row in 0..<vector.count { entries.append(0, 0, row) }
            shred(root, vector, entries, definition: 0, repetition: 0)
        }
        for position in leaves.keys { leaves[position]!.finish() }
    }

    /// Adds a level where a node may be NULL, and ends the entries where it is.
    private func descending(
        _ entries: Entries, _ vector: Vector, isNullable: Bool, definition: Int
    ) -> Entries {
        guard isNullable else { return entries }
        var result = entries
        for place in entries.indexes.indices where entries.indexes[place] >= 0 {
            if vector.isValid(entries.indexes[place]) {
                result.definitions[place] = UInt8(truncatingIfNeeded: definition + 1)
            } else {
                result.indexes[place] = -1
            }
        }
        return result
    }

    private mutating func shred(
        _ node: SchemaNode, _ vector: Vector, _ entries: Entries, definition: Int,
        repetition: Int
    ) {
        switch node {
        case .leaf(let leaf):
            let own = descending(
                entries, vector, isNullable: leaf.isNullable, definition: definition)
            leaves[leaf.position, default: NestedLevels()].append(
                own, vector, definitionLevel: leaf.definitionLevel)
        case .structure(_, let isNullable, let fields):
            var own = descending(entries, vector, isNullable: isNullable, definition: definition)
            let view = DecodedVector(vector)
            for place in own.indexes.indices where own.indexes[place] >= 0 {
                own.indexes[place] = view.index(own.indexes[place])
            }
            for (place, field) in fields.enumerated() {
                shred(
                    field, Self.child(place, of: vector, for: field), own,
                    definition: definition + (isNullable ? 1 : 0),
                    repetition: repetition)
            }
        case .list(_, let isNullable, let element):
            let own = descending(entries, vector, isNullable: isNullable, definition: definition)
            let level = definition + (isNullable ? 1 : 0)
            let elements = elements(of: vector, own, definition: level, repetition: repetition)
            shred(
                element, Self.child(0, of: vector, for: element), elements,
                definition: level + 1, repetition: repetition + 1)
        case .map(_, let isNullable, let key, let value):
            let own = descending(entries, vector, isNullable: isNullable, definition: definition)
            let level = definition + (isNullable ? 1 : 0)
            let elements = elements(of: vector, own, definition: level, repetition: repetition)
            for (place, node) in [key, value].enumerated() {
                shred(
                    node, Self.child(place, of: vector, for: node), elements,
                    definition: level + 1, repetition: repetition + 1)
            }
        }
    }

    /// Finds a vector below another one, which lies in the dictionary where there are codes. NULLs
    /// may have nothing below them.
    private static func child(
        _ place: Int, of vector: Vector, for node: SchemaNode
    ) -> Vector {
        let children = vector.children ?? vector.dictionary?.values.children
        if let children, place < children.vectors.count { return children.vectors[place] }
        return Vector(uninitialized: node.physicalType, count: 0)
    }

    /// Goes from lists to their elements: an entry an element, or one for a list without any.
    private func elements(
        of vector: Vector, _ entries: Entries, definition: Int, repetition: Int
    ) -> Entries {
        let view = DecodedVector(vector)
        let inner = UInt8(truncatingIfNeeded: definition + 1)
        let again = UInt8(truncatingIfNeeded: repetition + 1)
        var result = Entries()
        result.reserve(entries.indexes.count * 2)
        for place in entries.indexes.indices {
            let index = entries.indexes[place]
            guard index >= 0 else {
                result.append(entries.definitions[place], entries.repetitions[place], -1)
                continue
            }
            let range = view.value(index, as: ListRange.self)
            guard range.count > 0 else {
                result.append(UInt8(truncatingIfNeeded: definition), entries.repetitions[place], -1)
                continue
            }
            for element in 0..<Int(range.count) {
                result.append(
                    inner, element == 0 ? entries.repetitions[place] : again,
                    Int(range.offset) + element)
            }
        }
        return result
    }
}
