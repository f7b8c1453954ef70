// The paths that become columns, laid out for the walk over each document: the children of a node lie
// side by side, ascending by their keys.

import StarlingDocuments
import StarlingMemory
import StarlingTypes

/// Finds the column of a path, key by key.
struct ColumnPaths {
    struct Node: BitwiseCopyable {
        /// Where the key lies among `keys`.
        var keyStart = 0
        var keyCount = 0
        var firstChild = 0
        var childCount = 0
        /// The column of the values here; -1 for none.
        var column = -1
        /// Stands for the keys from the root to here.
        var hash: UInt64 = 0
    }

    private(set) var nodes = [Node()]
    private(set) var keys: [UInt8] = []
    private(set) var paths: [ShreddedPath] = []

    init(_ tree: PathTree, _ choices: [PathTree.Choice]) {
        var needed: Set<Int> = [0]
        for choice in choices {
            var node = choice.node
            while node >= 0, needed.insert(node).inserted { node = tree.nodes[node].parent }
        }
        var columns: [Int: Int] = [:]
        for (column, choice) in choices.enumerated() {
            columns[choice.node] = column
            var keys: [[UInt8]] = []
            var node = choice.node
            while node > 0 {
                keys.append(plainKey(tree.key(of: node)))
                node = tree.nodes[node].parent
            }
            paths.append(ShreddedPath(keys: keys.reversed(), type: choice.type))
        }
        var sources = [0]
        var next = 0
        while next < sources.count {
            let source = sources[next]
            nodes[next].firstChild = nodes.count
            for child in tree.nodes[source].children where needed.contains(child) {
                let key = tree.key(of: child)
                nodes.append(
                    Node(
                        keyStart: keys.count, keyCount: key.count,
                        column: columns[child] ?? -1,
                        hash: hashOfKey(key, below: nodes[next].hash)))
                keys += key
                sources.append(child)
                nodes[next].childCount += 1
            }
            next += 1
        }
    }

    /// Gives a column another type.
    mutating func retype(_ column: Int, as type: ShreddedType) { paths[column].type = type }
}

/// Replaces the escapes of a key.
func plainKey(_ key: [UInt8]) -> [UInt8] {
    guard key.contains(UInt8(ascii: "\\")) else { return key }
    var plain: [UInt8] = []
    let quoted = [UInt8(ascii: "\"")] + key + [UInt8(ascii: "\"")]
    quoted.withUnsafeBytes { DocumentValue($0)?.appendContent(to: &plain) }
    return plain
}

/// Hashes a key, as canonical JSON has it, behind those above it.
@inline(__always)
func hashOfKey(_ key: UnsafeRawBufferPointer, below parent: UInt64) -> UInt64 {
    XXHash64.hash(key, seed: parent)
}

func hashOfKey(_ key: [UInt8], below parent: UInt64) -> UInt64 {
    key.withUnsafeBytes { hashOfKey($0, below: parent) }
}

/// Hashes keys without escapes, one a level: of the first, of the first two, and so on.
package func hashesOfPath(_ keys: [[UInt8]]) -> [UInt64] {
    var hash: UInt64 = 0
    return keys.map { key in
        var escaped: [UInt8] = []
        key.withUnsafeBytes { appendEscaped($0, to: &escaped) }
        hash = hashOfKey(escaped, below: hash)
        return hash
    }
}
