// The groups of a shredded VARIANT that keys lead along (the format's VariantShredding.md). A document is a
// group of `value` and `typed_value`; where it is an object, `typed_value` has a group for each field
// that was taken out of it, and `value` has the others.

import StarlingTypes

/// Lists the groups on the way to a path, as far as there are any.
struct VariantWay {
    /// Is where a value lies: as it is, taken apart, or an object in both ways.
    struct Group {
        let node: SchemaNode
        /// The leaf of values as they are.
        let value: SchemaNode?
        let typed: SchemaNode?

        init?(_ node: SchemaNode) {
            guard case .structure(let fields) = node.kind else { return nil }
            self.node = node
            value = fields.first { $0.name == "value" }
            typed = fields.first { $0.name == "typed_value" }
            if let value {
                guard case .leaf(let source) = value.kind, source.isBytes else { return nil }
            }
        }

        /// The group of a field.
        func field(_ key: [UInt8]) -> SchemaNode? {
            guard let typed, case .structure(let fields) = typed.kind else { return nil }
            return fields.first { $0.name.utf8.elementsEqual(key) }
        }
    }

    /// The group of the documents, that of the first key, and so on.
    private(set) var groups: [Group] = []
    /// The names that fields have in values.
    let metadata: SchemaNode

    /// Looks for keys; nil in a column that is no VARIANT in which they could be looked for.
    init?(_ column: SchemaNode, _ keys: [[UInt8]]) {
        guard case .variant(let root) = column.kind, root.depth == 0,
            let first = Group(root), case .structure(let fields) = root.kind,
            let metadata = fields.first(where: { $0.name == "metadata" }),
            case .leaf(let source) = metadata.kind, source.isBytes
        else { return nil }
        self.metadata = metadata
        groups = [first]
        for key in keys {
            guard let next = groups[groups.count - 1].field(key) else { break }
            guard let group = Group(next) else { return nil }
            groups.append(group)
        }
    }

    /// Returns the documents with nothing in them but what lies on the way to a leaf of the group at
    /// `level`, or to that group: the structure of the document, that in its `typed_value`, and so on.
    func trunk(to end: SchemaNode, at level: Int) -> SchemaNode {
        var result = end
        for group in groups[..<level].reversed() {
            if let typed = group.typed { result = typed.structure(of: [result]) }
        }
        return groups[0].node.structure(of: [result])
    }
}
