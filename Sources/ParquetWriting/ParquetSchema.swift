// The columns of a file as a tree: scalar columns are leaves, lists, maps and structures the groups
// above them, in the three-level form that the format prescribes.

import StarlingErrors
import StarlingTables
import StarlingTypes

/// Holds a column, a field, or the elements of a list.
indirect enum SchemaNode: Sendable {
    case leaf(SchemaLeaf)
    case structure(name: String, isNullable: Bool, fields: [SchemaNode])
    case list(name: String, isNullable: Bool, element: SchemaNode)
    case map(name: String, isNullable: Bool, key: SchemaNode, value: SchemaNode)
}

extension SchemaNode {
    /// The layout of the node's vectors, where none is there to tell.
    var physicalType: PhysicalType {
        switch self {
        case .leaf(let leaf): leaf.type.logicalType.widestPhysicalType
        case .structure: .structure
        case .list, .map: .list
        }
    }
}

/// Holds what the values of one kind in a file are.
struct SchemaLeaf: Sendable {
    var type: ParquetType
    /// The place in the file's leaves.
    var position: Int
    var path: [String]
    var isNullable: Bool
    /// The levels of a value that is there.
    var definitionLevel: Int
    var repetitionLevel: Int

    var isNested: Bool { path.count > 1 }
}

/// Holds the trees of all columns.
struct ParquetSchema: Sendable {
    private(set) var columns: [SchemaNode] = []
    private(set) var leaves: [SchemaLeaf] = []

    init(_ columns: [TableColumn]) throws(StarlingError) {
        for column in columns {
            var maker = Maker(column: column.name, leaves: leaves)
            self.columns.append(
                try maker.node(
                    column.type, name: column.name, isNullable: column.isNullable, path: [],
                    definitionLevel: 0, repetitionLevel: 0))
            leaves = maker.leaves
        }
    }

    /// The leaf that is a whole column; nil for columns of nested types.
    func leaf(ofColumn position: Int) -> SchemaLeaf? {
        if case .leaf(let leaf) = columns[position] { leaf } else { nil }
    }

    private struct Maker {
        let column: String
        var leaves: [SchemaLeaf]

        mutating func node(
            _ type: LogicalType, name: String, isNullable: Bool, path: [String],
            definitionLevel: Int, repetitionLevel: Int
        ) throws(StarlingError) -> SchemaNode {
            let path = path + [name]
            let level = definitionLevel + (isNullable ? 1 : 0)
            guard level < 250 else {
                throw StarlingError(.unsupported, "column '\(column)' is nested too deeply")
            }
            switch type {
            case .structure(let fields):
                guard !fields.isEmpty else {
                    throw StarlingError(
                        .unsupported, "column '\(column)' has a STRUCT without fields")
                }
                var nodes: [SchemaNode] = []
                for field in fields {
                    nodes.append(
                        try node(
                            field.type, name: field.name, isNullable: true, path: path,
                            definitionLevel: level, repetitionLevel: repetitionLevel))
                }
                return .structure(name: name, isNullable: isNullable, fields: nodes)
            case .array(let element):
                let node = try node(
                    element, name: "element", isNullable: true, path: path + ["list"],
                    definitionLevel: level + 1, repetitionLevel: repetitionLevel + 1)
                return .list(name: name, isNullable: isNullable, element: node)
            case .map(let key, let value):
                let keys = try node(
                    key, name: "key", isNullable: false, path: path + ["key_value"],
                    definitionLevel: level + 1, repetitionLevel: repetitionLevel + 1)
                let values = try node(
                    value, name: "value", isNullable: true, path: path + ["key_value"],
                    definitionLevel: level + 1, repetitionLevel: repetitionLevel + 1)
                return .map(name: name, isNullable: isNullable, key: keys, value: values)
            default:
                let leaf = SchemaLeaf(
                    type: try ParquetType(type, column: column), position: leaves.count,
                    path: path, isNullable: isNullable, definitionLevel: level,
                    repetitionLevel: repetitionLevel)
                leaves.append(leaf)
                return .leaf(leaf)
            }
        }
    }
}

// MARK: In the footer

extension ParquetSchema {
    /// The schema elements, depth first, the root before all others.
    func write(to writer: inout ThriftWriter, field: Int) {
        var elements: [(inout ThriftWriter) -> Void] = []
        let count = columns.count
        elements.append { element in
            element.write(4, text: "schema")
            element.write(5, int32: count)
        }
        for column in columns { column.addElements(to: &elements) }
        writer.write(field, structures: elements) { write, element in write(&element) }
    }
}

extension SchemaNode {
    fileprivate func addElements(to elements: inout [(inout ThriftWriter) -> Void]) {
        /// A group; `kind` is the older annotation and the number of the newer one.
        func add(
            _ name: String, repetition: Int, children: Int, _ kind: (Int, Int)? = nil
        ) {
            elements.append { element in
                element.write(3, int32: repetition)
                element.write(4, text: name)
                element.write(5, int32: children)
                guard let kind else { return }
                element.write(6, int32: kind.0)
                element.write(10) { $0.write(kind.1) { _ in } }
            }
        }
        switch self {
        case .leaf(let leaf):
            elements.append { element in
                leaf.type.write(
                    to: &element, name: leaf.path.last ?? "", isNullable: leaf.isNullable)
            }
        case .structure(let name, let isNullable, let fields):
            add(name, repetition: isNullable ? 1 : 0, children: fields.count)
            for field in fields { field.addElements(to: &elements) }
        case .list(let name, let isNullable, let node):
            add(name, repetition: isNullable ? 1 : 0, children: 1, (3, 3))
            add("list", repetition: 2, children: 1)
            node.addElements(to: &elements)
        case .map(let name, let isNullable, let key, let value):
            add(name, repetition: isNullable ? 1 : 0, children: 1, (1, 2))
            add("key_value", repetition: 2, children: 2)
            key.addElements(to: &elements)
            value.addElements(to: &elements)
        }
    }
}
