// Which paths become columns, and of which type.
//
// A path counts where a value is at its end; objects on the way are no values. Its type is the
// narrowest that nearly all of its values have (`ValueTally`); the few others stay in the remainder.
// Where there is no such type, the column is one of documents.

import StarlingTypes

extension PathTree {
    /// Is a path that becomes a column.
    struct Choice {
        var node: Int
        var type: ShreddedType
    }

    /// Chooses paths, in the order of the tree.
    func choose(_ rules: ShreddingRules) -> [Choice] {
        guard documentCount > 0 else { return [] }
        let least = max(1, Double(documentCount) * rules.sparsityFactor)
        var always: [Choice] = []
        var often: [(choice: Choice, valueCount: Int)] = []
        let wanted = Set(rules.wantedPaths.union(rules.filteredPaths).compactMap(node(at:)))
        forEach { node in
            let known = nodes[node]
            let isWanted = wanted.contains(node)
            let type = known.values.type(
                keepsTexts: isWanted, allowsRecords: rules.recordDepthMax > 0)
            guard let type else { return }
            let valueCount = known.values.valueCount
            let count = valueCount - (type == .document ? 0 : known.values.nullCount)
            guard Double(count) >= least || isWanted else { return }
            if valueCount == documentCount || isWanted {
                always.append(Choice(node: node, type: type))
            } else {
                often.append((Choice(node: node, type: type), count))
            }
        }
        let room = max(0, rules.columnMax - always.count)
        often.sort { $0.valueCount > $1.valueCount }
        let chosen = always + often.prefix(room).map(\.choice)
        var types: [Int: ShreddedType] = [:]
        for choice in chosen { types[choice.node] = choice.type }
        var result: [Choice] = []
        forEach { node in
            if let type = types[node] {
                result.append(Choice(node: node, type: type))
            }
        }
        return result
    }

    /// Finds the node that keys lead to.
    private func node(at keys: [[UInt8]]) -> Int? {
        var node = 0
        for key in keys {
            guard
                let next = nodes[node].children.first(where: { plainKey(self.key(of: $0)) == key })
            else { return nil }
            node = next
        }
        return node
    }

    /// Visits the paths in the order of their keys.
    private func forEach(_ visit: (Int) -> Void) { forEach(below: 0, visit) }

    private func forEach(below node: Int, _ visit: (Int) -> Void) {
        for child in nodes[node].children {
            visit(child)
            forEach(below: child, visit)
        }
    }
}
