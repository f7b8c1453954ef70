// Which paths documents have, how often, and what is there: learned from documents in canonical form.
//
// Documents may have any number of keys. When the tree is full, paths go that were rare so far; if
// that doesn't help, no new ones are learned.

import StarlingDocuments

/// Counts the paths of documents.
struct PathTree {
    /// Is a path, and what was there.
    struct Node {
        /// Where the last key lies among `keys`, as canonical JSON has it.
        var keyStart: Int
        var keyCount: Int
        var parent: Int
        /// Ascending by their keys.
        var children: [Int] = []
        /// What is there, but for objects.
        var values = ValueTally()
        /// Counts objects and values.
        var hitCount = 0
    }

    static let nodeCountMax = 8_192

    private(set) var nodes = [Node(keyStart: 0, keyCount: 0, parent: -1)]
    private(set) var keys: [UInt8] = []
    /// Counts the documents that were looked at, whatever they are.
    private(set) var documentCount = 0
    private var liveCount = 1
    private let sparsityFactor: Double

    init(sparsityFactor: Double) { self.sparsityFactor = sparsityFactor }

    /// Counts a document that is no object.
    mutating func addOther() { documentCount += 1 }

    /// Learns from an object in canonical form.
    mutating func add(_ object: UnsafeRawBufferPointer) {
        documentCount += 1
        var reader = CanonicalReader(object)
        learn(&reader, 0)
    }

    private mutating func learn(_ reader: inout CanonicalReader, _ node: Int) {
        nodes[node].hitCount += 1
        guard reader.open() else { return }
        var place = 0
        repeat {
            let key = reader.key()
            guard let child = child(of: node, key, from: &place) else {
                _ = reader.value()
                continue
            }
            if reader.isAtObject {
                learn(&reader, child)
            } else {
                note(reader.value(), child)
            }
        } while reader.next()
    }

    private mutating func note(_ value: UnsafeRawBufferPointer, _ node: Int) {
        nodes[node].hitCount += 1
        nodes[node].values.add(value)
    }

    // MARK: Nodes

    /// Finds the child with a key, or makes it; nil where there is no room. `place` is where it may
    /// stand among the children, and then where the next one may.
    private mutating func child(
        of node: Int, _ key: UnsafeRawBufferPointer, from place: inout Int
    ) -> Int? {
        let siblings = nodes[node].children
        var (low, high) = (place, siblings.count)
        if low < high {
            let order = order(of: siblings[low], key)
            if order == 0 {
                place = low + 1
                return siblings[low]
            }
            if order > 0 { high = low } else { low += 1 }
        }
        while low < high {
            let middle = (low + high) / 2
            let order = order(of: siblings[middle], key)
            if order == 0 {
                place = middle + 1
                return siblings[middle]
            }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        if liveCount >= Self.nodeCountMax {
            // The places of those that are looked at may change, so this comes only between objects.
            place = low
            isFull = true
            return nil
        }
        place = low + 1
        liveCount += 1
        nodes.append(Node(keyStart: keys.count, keyCount: key.count, parent: node))
        keys += key
        nodes[node].children.insert(nodes.count - 1, at: low)
        return nodes.count - 1
    }

    /// Compares a node's key with another: below 0, 0 or above 0.
    private func order(of node: Int, _ key: UnsafeRawBufferPointer) -> Int {
        let own = nodes[node]
        return keys.withUnsafeBytes { keys in
            orderOfKeys(
                UnsafeRawBufferPointer(
                    rebasing: keys[own.keyStart..<(own.keyStart + own.keyCount)]), key)
        }
    }

    private(set) var isFull = false

    private var roomCount = 0
    private static let roomCountMax = 16

    /// Forgets paths that were in few documents so far, where there is no room for others.
    mutating func makeRoom() {
        guard isFull, roomCount < Self.roomCountMax else { return }
        isFull = false
        roomCount += 1
        let least = Int(Double(documentCount) * sparsityFactor / 2)
        var result = PathTree(sparsityFactor: sparsityFactor)
        result.documentCount = documentCount
        result.roomCount = roomCount
        result.nodes[0] = nodes[0]
        result.nodes[0].children = []
        copy(0, to: &result, 0, least: max(1, least))
        guard result.liveCount < Self.nodeCountMax * 3 / 4 else { return }
        self = result
    }

    private func copy(_ node: Int, to result: inout PathTree, _ target: Int, least: Int) {
        for child in nodes[node].children where nodes[child].hitCount > least {
            var copy = nodes[child]
            copy.children = []
            copy.parent = target
            copy.keyStart = result.keys.count
            result.keys += keys[nodes[child].keyStart..<(copy.keyCount + nodes[child].keyStart)]
            result.nodes.append(copy)
            result.liveCount += 1
            let place = result.nodes.count - 1
            result.nodes[target].children.append(place)
            self.copy(child, to: &result, place, least: least)
        }
    }

    /// The key of a node as canonical JSON has it.
    func key(of node: Int) -> [UInt8] {
        Array(keys[nodes[node].keyStart..<(nodes[node].keyStart + nodes[node].keyCount)])
    }
}

/// Compares keys as canonical JSON orders them: below 0, 0 or above 0.
@inline(__always)
func orderOfKeys(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let shared = min(left.count, right.count)
    var place = 0
    while place < shared {
        let (one, other) = (left[place], right[place])
        if one != other { return one < other ? -1 : 1 }
        place &+= 1
    }
    return left.count &- right.count
}
