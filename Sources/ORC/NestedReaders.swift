// Structures, lists, maps and unions. The streams of a node below have the values of rows that are
// there: fields only for structures that are, elements one list after the other.

import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Reads STRUCT.
final class StructureReader: ValueReader {
    private let fields: [ValueReader]

    init(_ node: ORCNode, presence: ByteStream?, _ fields: [ValueReader]) {
        self.fields = fields
        super.init(node, .structure, presence: presence)
    }

    override var children: [ValueReader] { fields }

    override func readValues(
        _ count: Int, _ spread: ValueSpread, _ selection: Selection?
    ) throws(ORCDamage) -> Vector {
        let indexes = spread.validity == nil ? nil : spread.indexes()
        var vectors: [Vector] = []
        for field in fields {
            let vector = try field.read(count, selection: nil)
            vectors.append(
                indexes.map {
                    vector.gatheredOrNull(by: $0.pointer(), count: spread.count)
                } ?? vector)
        }
        let result = Vector(
            .structure, count: spread.count, buffer: Buffer(byteCount: 8),
            validity: spread.validity, children: NestedVectors(vectors))
        return selection.map { result.gathered(by: $0) } ?? result
    }

    override func skipValues(_ count: Int) throws(ORCDamage) {
        for field in fields { try field.skip(count) }
    }
}

/// Reads STRUCT without fields, which has no streams but that of which rows have one.
final class EmptyStructureReader: ValueReader {
    override func readValues(
        _ count: Int, _ spread: ValueSpread, _ selection: Selection?
    ) throws(ORCDamage) -> Vector {
        let result = Vector.emptyObjects(count: spread.count, validity: spread.validity)
        return selection.map { result.gathered(by: $0) } ?? result
    }
}

/// Reads LIST and MAP.
final class ListReader: ValueReader {
    private let lengths: IntegerDecoder
    private let elements: [ValueReader]
    private let scratch = Buffer(byteCount: chunkCapacity * 8)

    /// `elements` are one, or of a map keys and values.
    init(
        _ node: ORCNode, presence: ByteStream?, lengths: IntegerDecoder, _ elements: [ValueReader]
    ) {
        self.lengths = lengths
        self.elements = elements
        super.init(node, .list, presence: presence)
    }

    override var children: [ValueReader] { elements }

    /// Decodes lengths and adds them up.
    private func decodeLengths(_ count: Int, _ total: inout Int) throws(ORCDamage) {
        try lengths.decode(count, into: scratch.baseAddress)
        let found = scratch.pointer(to: Int64.self)
        for index in 0..<count {
            guard found[index] >= 0, found[index] <= Int64(Self.elementCountMax - total) else {
                throw ORCDamage("lists have an impossible number of elements")
            }
            total += Int(found[index])
        }
    }

    override func readValues(
        _ count: Int, _ spread: ValueSpread, _ selection: Selection?
    ) throws(ORCDamage) -> Vector {
        var result = Vector(uninitialized: .list, count: spread.count)
        result.validity = spread.validity
        let ranges = result.pointer(to: ListRange.self)
        let found = scratch.pointer(to: Int64.self)
        var total = 0
        for block in spread.blocks {
            var offset = UInt32(total)
            try decodeLengths(spread.valueCount(of: block), &total)
            var next = 0
            for row in block {
                guard spread.validity?.isValid(row) ?? true else {
                    ranges[row] = ListRange(offset: 0, count: 0)
                    continue
                }
                let length = UInt32(truncatingIfNeeded: found[next])
                ranges[row] = ListRange(offset: offset, count: length)
                offset &+= length
                next &+= 1
            }
        }
        var vectors: [Vector] = []
        for element in elements { vectors.append(try element.read(total, selection: nil)) }
        result.children = NestedVectors(vectors)
        return selection.map { result.gathered(by: $0) } ?? result
    }

    override func skipValues(_ count: Int) throws(ORCDamage) {
        var left = count
        while left > 0 {
            let step = min(left, chunkCapacity)
            var total = 0
            try decodeLengths(step, &total)
            for element in elements { try element.skip(total) }
            left -= step
        }
    }

    override func seekValues(_ positions: inout StreamPositions) throws(ORCDamage) {
        try lengths.seek(&positions)
    }
}

/// Reads UNION as a structure of the number of the alternative that there is, and all of them, of
/// which the others are NULL.
final class UnionReader: ValueReader {
    private var tags: ByteRunDecoder
    private let alternatives: [ValueReader]

    init(
        _ node: ORCNode, presence: ByteStream?, tags: ByteStream, _ alternatives: [ValueReader]
    ) {
        self.tags = ByteRunDecoder(tags)
        self.alternatives = alternatives
        super.init(node, .structure, presence: presence)
    }

    override var children: [ValueReader] { alternatives }

    /// Decodes tags and counts the values of each alternative.
    private func decodeTags(
        _ count: Int, into target: UnsafeMutablePointer<UInt8>
    ) throws(ORCDamage) -> [Int] {
        try tags.decode(count, into: target)
        var counts = [Int](repeating: 0, count: 256)
        for index in 0..<count { counts[Int(target[index])] += 1 }
        guard counts[alternatives.count...].allSatisfy({ $0 == 0 }) else {
            throw ORCDamage("a union has an alternative that its type doesn't have")
        }
        return counts
    }

    override func readValues(
        _ count: Int, _ spread: ValueSpread, _ selection: Selection?
    ) throws(ORCDamage) -> Vector {
        let stored = Buffer(byteCount: max(1, count))
        let tags = stored.pointer(to: UInt8.self)
        let counts = try decodeTags(count, into: tags)
        let places = spread.indexes()
        let place = places.pointer(to: UInt32.self)
        let tagVector = Vector(.int8, count: count, buffer: stored)
        var vectors = [tagVector.gatheredOrNull(by: place, count: spread.count)]
        for (number, alternative) in alternatives.enumerated() {
            let values = try alternative.read(counts[number], selection: nil)
            let indexes = Buffer(byteCount: max(1, spread.count) * 4)
            let target = indexes.pointer(to: UInt32.self)
            var next: UInt32 = 0
            for row in 0..<spread.count {
                let isThere =
                    place[row] != missingIndex && Int(tags[Int(place[row])]) == number
                target[row] = isThere ? next : missingIndex
                next &+= isThere ? 1 : 0
            }
            vectors.append(values.gatheredOrNull(by: target, count: spread.count))
        }
        withExtendedLifetime(places) {}
        let result = Vector(
            .structure, count: spread.count, buffer: Buffer(byteCount: 8),
            validity: spread.validity, children: NestedVectors(vectors))
        return selection.map { result.gathered(by: $0) } ?? result
    }

    override func skipValues(_ count: Int) throws(ORCDamage) {
        var left = count
        let stored = Buffer(byteCount: chunkCapacity)
        while left > 0 {
            let step = min(left, chunkCapacity)
            let counts = try decodeTags(step, into: stored.pointer())
            for (number, alternative) in alternatives.enumerated() {
                try alternative.skip(counts[number])
            }
            left -= step
        }
    }

    override func seekValues(_ positions: inout StreamPositions) throws(ORCDamage) {
        try tags.seek(&positions)
    }
}
