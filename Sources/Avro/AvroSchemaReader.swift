// A schema from its JSON. Named types may be used again by their names, in full or from their own
// namespace; each use is a type of its own here. Within itself a type is a document, which is read as
// JSON by the type's definition.

import StarlingErrors
import StarlingFields
import StarlingTypes

/// Reads the types of one schema.
struct AvroSchemaReader {
    private let path: String
    /// By full names; nil while the type is being read.
    private var named: [String: AvroNode?] = [:]
    /// The full names of the types that contain themselves, by their numbers.
    private var recurring: [String] = []

    static func read(_ tree: JSONTree, path: String) throws(StarlingError) -> AvroSchema {
        var reader = AvroSchemaReader(path: path)
        let root = try reader.node(tree, namespace: "")
        return AvroSchema(
            root: root, definitions: reader.recurring.compactMap { reader.named[$0] ?? nil })
    }

    private init(path: String) { self.path = path }

    private func damage(_ what: String) -> StarlingError {
        StarlingError(.file, "\(path): the schema \(what)")
    }

    private mutating func node(
        _ tree: JSONTree, namespace: String
    ) throws(StarlingError) -> AvroNode {
        let result: AvroNode
        switch tree {
        case .string(let name): result = try reference(name, namespace)
        case .array(let branches): result = try union(branches, namespace)
        case .object:
            guard let kind = tree["type"] else { throw damage("has a type without a name") }
            if let name = kind.string {
                result = try node(named: name, tree, namespace)
            } else {
                result = try node(kind, namespace: namespace)
            }
        default: throw damage("has a type that is none")
        }
        guard result.nodeCount <= AvroNode.nodeCountMax, result.depth <= AvroNode.depthMax else {
            throw StarlingError(
                .unsupported,
                "\(path): the schema has more than \(AvroNode.nodeCountMax) fields or "
                    + "\(AvroNode.depthMax) levels")
        }
        return result
    }

    /// Finds the type of a name: a primitive one or one that was defined before.
    private mutating func reference(
        _ name: String, _ namespace: String
    ) throws(StarlingError) -> AvroNode {
        if let node = AvroNode(primitive: name) { return node }
        let names = [fullName(name, namespace), name]
        guard let known = names.first(where: { named[$0] != nil }) else {
            throw damage("has the type '\(name)', which is not defined before it")
        }
        if let node = named[known] ?? nil { return node }
        if !recurring.contains(known) { recurring.append(known) }
        return AvroNode(.document(definition: recurring.firstIndex(of: known)!), .json)
    }

    private func fullName(_ name: String, _ namespace: String) -> String {
        name.contains(".") || namespace.isEmpty ? name : "\(namespace).\(name)"
    }

    private mutating func node(
        named name: String, _ tree: JSONTree, _ namespace: String
    ) throws(StarlingError) -> AvroNode {
        switch name {
        case "record", "error", "enum", "fixed":
            return try definition(name, tree, namespace)
        case "array":
            guard let items = tree["items"] else { throw damage("has an array without items") }
            let element = try node(items, namespace: namespace)
            return AvroNode(.list, .array(element.type), children: [element])
        case "map":
            guard let values = tree["values"] else { throw damage("has a map without values") }
            let value = try node(values, namespace: namespace)
            let key = AvroNode(.bytes, .string)
            return AvroNode(
                .list, .map(key: .string, value: value.type), children: [key, value])
        default:
            return try reference(name, namespace).refined(by: tree)
        }
    }

    private mutating func definition(
        _ kind: String, _ tree: JSONTree, _ namespace: String
    ) throws(StarlingError) -> AvroNode {
        guard let name = tree["name"]?.string else { throw damage("has a \(kind) without a name") }
        let inner: String =
            if let dot = name.lastIndex(of: ".") {
                String(name[..<dot])
            } else {
                tree["namespace"]?.string ?? namespace
            }
        let full = fullName(name, inner)
        guard named[full] == nil else { throw damage("defines '\(full)' twice") }
        named[full] = .some(nil)
        let node: AvroNode
        switch kind {
        case "enum": node = try enumeration(tree, full)
        case "fixed":
            guard let count = tree["size"]?.integer, (0...(1 << 30)).contains(count) else {
                throw damage("has the type '\(full)' of an impossible size")
            }
            node = AvroNode(.fixed(byteCount: count), .varbinary).refined(by: tree)
        default: node = try record(tree, full, inner)
        }
        named[full] = .some(node)
        return node
    }

    private mutating func record(
        _ tree: JSONTree, _ full: String, _ namespace: String
    ) throws(StarlingError) -> AvroNode {
        guard let fields = tree["fields"]?.array else {
            throw damage("has the record '\(full)' without fields")
        }
        var names: [String] = []
        var children: [AvroNode] = []
        for field in fields {
            guard let name = field["name"]?.string, let type = field["type"] else {
                throw damage("has a field in '\(full)' without a name or type")
            }
            names.append(name)
            children.append(try node(type, namespace: namespace))
        }
        // SQL has no structures without fields.
        let type: LogicalType =
            children.isEmpty
            ? .json
            : .structure(zip(names, children).map { StructureField(name: $0, type: $1.type) })
        return AvroNode(.record, type, children: children, names: names)
    }

    private func enumeration(
        _ tree: JSONTree, _ full: String
    ) throws(StarlingError) -> AvroNode {
        let symbols = (tree["symbols"]?.array ?? []).compactMap(\.string)
        guard !symbols.isEmpty, Set(symbols).count == symbols.count else {
            throw damage("has the enum '\(full)' without symbols or with one twice")
        }
        return AvroNode(symbols: symbols)
    }

    /// Null and one other type are that type with NULLs. Of more types SQL makes a structure with a
    /// field for each, as Spark does: `member0`, `member1` and so on, of which one is not NULL.
    private mutating func union(
        _ branches: [JSONTree], _ namespace: String
    ) throws(StarlingError) -> AvroNode {
        var nodes: [AvroNode] = []
        for branch in branches { nodes.append(try node(branch, namespace: namespace)) }
        let nullBranch = nodes.firstIndex { if case .null = $0.form { true } else { false } }
        guard !nodes.isEmpty else { throw damage("has a union of nothing") }
        let isNested = nodes.contains { node in
            if case .union = node.form { true } else { node.nullBranch != nil }
        }
        guard !isNested else { throw damage("has a union in a union") }
        if let nullBranch {
            nodes.remove(at: nullBranch)
            // The number of the one branch is written all the same.
            if nodes.isEmpty { return AvroNode(.union(nullBranch: 0), .null) }
        }
        if nodes.count == 1 {
            // Where null is no branch, the number of the second one stands for it.
            nodes[0].makeNullable(nullBranch: nullBranch ?? 1)
            return nodes[0]
        }
        let fields = nodes.enumerated().map { StructureField(name: "member\($0)", type: $1.type) }
        return AvroNode(.union(nullBranch: nullBranch), .structure(fields), children: nodes)
    }
}
