// A column's part of the schema as values see it: lists, maps, structures and leaves, with the
// levels at which each of them is there. The groups that only carry repetition are gone.

import StarlingFormats
import StarlingTypes

/// Is a value in the tree of a nested column.
final class SchemaNode: Sendable {
    enum Kind: Sendable {
        case leaf(ColumnSource)
        case list(SchemaNode)
        case map(key: SchemaNode, value: SchemaNode)
        case structure([SchemaNode])
        /// A structure of metadata and values that is read as JSON.
        case variant(SchemaNode)
    }

    let kind: Kind
    let name: String
    let type: LogicalType
    /// From this definition level on there is a value; below it is NULL.
    let definitionLevel: Int
    /// The lists around it.
    let depth: Int
    /// For values in a VARIANT: whether a timestamp is one in UTC, and whether it is a number of
    /// nanoseconds, which no type of SQL holds.
    let isInstant: Bool
    let isNanoseconds: Bool
    /// For lists and maps: from this definition level on there is an element.
    var elementLevel: Int { definitionLevel + 1 }

    init(
        _ kind: Kind, name: String, type: LogicalType, definitionLevel: Int, depth: Int,
        isInstant: Bool = false, isNanoseconds: Bool = false
    ) {
        self.kind = kind
        self.name = name
        self.type = type
        self.definitionLevel = definitionLevel
        self.depth = depth
        self.isInstant = isInstant
        self.isNanoseconds = isNanoseconds
    }

    /// The values inside of it, those of a list's elements included.
    var children: [SchemaNode] {
        switch kind {
        case .leaf: []
        case .list(let element): [element]
        case .map(let key, let value): [key, value]
        case .structure(let fields): fields
        case .variant(let group): [group]
        }
    }

    /// The first leaf below, whose levels tell the shape; nil for structures without fields.
    var firstLeaf: SchemaNode? {
        if case .leaf = kind { return self }
        for child in children { if let leaf = child.firstLeaf { return leaf } }
        return nil
    }

    /// Where the values of a leaf come from.
    var source: ColumnSource? {
        if case .leaf(let source) = kind { source } else { nil }
    }

    /// All leaves below.
    var leaves: [SchemaNode] {
        if case .leaf = kind { return [self] }
        return children.flatMap(\.leaves)
    }

    /// Where in it instants lie.
    var instants: InstantPlaces {
        switch kind {
        case .leaf(let source):
            type == .datetime && (isInstant || source.carrier == .int96) ? .value : .none
        case .variant: .none
        default: InstantPlaces(parts: children.map(\.instants))
        }
    }

    /// Returns a structure of some fields, or of what lies in them, in the place of this one.
    func structure(of fields: [SchemaNode]) -> SchemaNode {
        SchemaNode(
            .structure(fields), name: name,
            type: .structure(fields.map { StructureField(name: $0.name, type: $0.type) }),
            definitionLevel: definitionLevel, depth: depth)
    }

    /// The value that a path of fields leads to.
    func field(_ path: some Sequence<Int>) -> SchemaNode? {
        var node = self
        for position in path {
            guard case .structure(let fields) = node.kind, fields.indices.contains(position) else {
                return nil
            }
            node = fields[position]
        }
        return node
    }
}
