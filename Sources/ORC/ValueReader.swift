// Reads the values of one node of the tree of types: a column, or what lies inside of one. A stream
// of bits says which rows have a value; only those are in the other streams, and in those of the
// nodes below.

import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Reads a node in order; subclasses know the types.
class ValueReader {
    let node: ORCNode
    let physicalType: PhysicalType
    private var presence: BitDecoder?

    init(_ node: ORCNode, _ physicalType: PhysicalType, presence: ByteStream?) {
        self.node = node
        self.physicalType = physicalType
        self.presence = presence.map { BitDecoder($0) }
    }

    /// More values of a list than this in one window are taken for damage.
    static let elementCountMax = 1 << 26

    /// Reads the next `count` rows, or those of them that are selected.
    final func read(_ count: Int, selection: Selection?) throws(ORCDamage) -> Vector {
        guard presence != nil else {
            return try readValues(count, ValueSpread(count: count), selection)
        }
        let validity = Validity(count: count, allValid: false)
        let valueCount = try presence!.decode(count, into: validity.words)
        if valueCount == 0, count > 0 {
            return .allNull(as: node.type, physicalType, count: selection?.count ?? count)
        }
        let spread = ValueSpread(count: count, validity: valueCount < count ? validity : nil)
        return try readValues(valueCount, spread, selection)
    }

    /// Passes over the next `count` rows.
    final func skip(_ count: Int) throws(ORCDamage) {
        var valueCount = count
        if presence != nil { valueCount = try presence!.skip(count) }
        if valueCount > 0 { try skipValues(valueCount) }
    }

    /// Goes to the beginning of a row group.
    final func seek(to group: Int, _ stripe: ORCStripe) throws(ORCDamage) {
        var positions = StreamPositions(try stripe.entry(group, ofColumn: node.column).positions)
        if presence != nil { try presence!.seek(&positions) }
        try seekValues(&positions)
        for child in children { try child.seek(to: group, stripe) }
    }

    // MARK: What subclasses do

    /// Counts, since the last call, values of which digits were cut off.
    func takeCutCount() -> Int { children.reduce(0) { $0 + $1.takeCutCount() } }

    /// The readers of the nodes below.
    var children: [ValueReader] { [] }

    /// Reads the next `count` values, spreads them over the rows, and selects among these.
    func readValues(
        _ count: Int, _ spread: ValueSpread, _ selection: Selection?
    ) throws(ORCDamage) -> Vector {
        throw ORCDamage("there is no reader")
    }

    func skipValues(_ count: Int) throws(ORCDamage) {}

    func seekValues(_ positions: inout StreamPositions) throws(ORCDamage) {}

    /// The node and those of the readers below.
    final var nodes: [ORCNode] { [node] + children.flatMap(\.nodes) }

    /// Returns the dictionary that all values come from, where there is one.
    func dictionary() throws(ORCDamage) -> VectorDictionary? { nil }
}

/// Says over which rows values are spread.
struct ValueSpread {
    let count: Int
    /// Nil where all rows have a value.
    var validity: Validity?

    /// Counts the values of rows from a multiple of 64 on.
    func valueCount(of rows: Range<Int>) -> Int {
        validity?.suffix(from: rows.lowerBound).validCount(of: rows.count) ?? rows.count
    }

    /// The rows in pieces of no more than a chunk's.
    var blocks: [Range<Int>] {
        stride(from: 0, to: count, by: chunkCapacity).map {
            $0..<min(count, $0 + chunkCapacity)
        }
    }

    /// The numbers of the values for the rows that have one, `missingIndex` for the others.
    func indexes() -> Buffer {
        let buffer = Buffer(byteCount: max(1, count) * 4)
        let indexes = buffer.pointer(to: UInt32.self)
        var value: UInt32 = 0
        for row in 0..<count {
            let isValid = validity?.isValid(row) ?? true
            indexes[row] = isValid ? value : missingIndex
            value &+= isValid ? 1 : 0
        }
        return buffer
    }
}
