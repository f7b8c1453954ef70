// Collects the chunks of a column into one long vector: the build side of a join, the rows of a
// sort, the values of a dictionary. As long as all chunks share a dictionary, codes are collected.

import CPlatform
import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Appends vectors of one physical type to a growing buffer.
package struct ColumnCollector {
    package let physicalType: PhysicalType
    package private(set) var count = 0

    private var dictionary: VectorDictionary?
    private var buffer: Buffer
    private var capacity: Int
    private var validity: Validity?
    private var owners: [any Owner] = []
    private let heap: StringHeap?
    private let copiesStrings: Bool
    private var borrowing: TextBorrowing?
    /// Larger dictionaries are not kept.
    private let dictionaryCountMax: Int
    private var childCollectors: [ColumnCollector] = []

    /// With `copiesStrings` the text is copied, and nothing of the chunks is kept alive but
    /// dictionaries of up to `dictionaryCountMax` values and, with `borrowsTexts`, memory that is
    /// hardly more than the texts in it.
    package init(
        _ physicalType: PhysicalType, copiesStrings: Bool = false, dictionaryCountMax: Int? = nil,
        borrowsTexts: Bool = false
    ) {
        self.physicalType = physicalType
        self.copiesStrings = copiesStrings
        self.dictionaryCountMax = dictionaryCountMax ?? (copiesStrings ? 0 : .max)
        heap = copiesStrings && physicalType == .string ? StringHeap() : nil
        borrowing = borrowsTexts && heap != nil ? TextBorrowing() : nil
        capacity = 0
        buffer = Buffer(byteCount: 0)
    }

    /// The bytes that the column holds by itself.
    package var byteCount: Int {
        buffer.byteCount + (heap?.byteCount ?? 0) + (validity?.buffer.byteCount ?? 0)
            + (borrowing?.byteCount ?? 0)
            + childCollectors.reduce(0) { $0 + $1.byteCount }
    }

    private var elementWidth: Int { dictionary == nil ? physicalType.byteWidth : 4 }

    /// Makes room for `count` rows in all, for who knows that they come.
    package mutating func reserveCapacity(_ count: Int) { reserve(count) }

    /// Adds all rows of `vector`.
    package mutating func append(_ vector: Vector) {
        precondition(vector.physicalType == physicalType)
        guard vector.count > 0 else { return makeChildCollectors(like: vector) }
        if count == 0, let shared = vector.dictionary, shared.count <= dictionaryCountMax {
            dictionary = shared
        }
        if dictionary != nil, vector.dictionary !== dictionary { decode() }
        if dictionary != nil || (vector.isFlat && physicalType != .list) {
            appendRows(of: vector)
        } else {
            // Only the elements that the rows refer to are collected.
            appendRows(of: vector.flattened().compacted())
        }
    }

    private mutating func appendRows(of source: Vector) {
        reserve(count + source.count)
        appendValidity(of: source)
        if physicalType == .list || physicalType == .structure {
            appendNested(source)
        } else if let heap, dictionary == nil {
            appendTexts(of: source, to: heap)
        } else {
            (buffer.baseAddress + count * elementWidth).copyMemory(
                from: source.pointer(to: UInt8.self), byteCount: source.count * elementWidth)
            // A dictionary keeps alive what its values lie in.
            if heap == nil { keep(source.owner) }
        }
        count += source.count
    }

    private mutating func appendTexts(of source: Vector, to heap: StringHeap) {
        let target = buffer.pointer(to: StringReference.self) + count
        let strings = source.pointer(to: StringReference.self)
        guard source.validity == nil else {
            borrowing?.settle(target, heap)
            for row in 0..<source.count {
                target[row] = source.isValid(row) ? heap.add(strings[row]) : .empty
            }
            return
        }
        if borrowing?.borrow(source, target, heap) ?? false { return }
        let byteCount = starling_count_text_bytes(strings, source.count).outside
        starling_copy_texts(strings, source.count, target, heap.allocatePadded(byteCount))
        withExtendedLifetime(source) {}
    }

    /// Returns what was collected; the collector may go on, the vector keeps its rows.
    package func finish() -> Vector {
        var owners = owners
        if let heap {
            var borrowing = borrowing
            borrowing?.settle(buffer.pointer(to: StringReference.self) + count, heap)
            owners += (borrowing?.kept ?? []) as [any Owner]
            owners.append(heap)
        }
        let owner: (any Owner)? = owners.count > 1 ? CollectedOwners(owners) : owners.first
        var vector: Vector
        if let dictionary {
            vector = Vector(codes: buffer, of: dictionary, count: count, validity: validity)
            vector.owner = owner
        } else {
            vector = Vector(
                physicalType, count: count, buffer: buffer, validity: validity, owner: owner)
        }
        if physicalType == .list || physicalType == .structure {
            vector.children = NestedVectors(childCollectors.map { $0.finish() })
        }
        return vector
    }

    private mutating func keep(_ owner: (any Owner)?) {
        guard let owner else { return }
        if let last = owners.last, last === owner { return }
        owners.append(owner)
    }

    private mutating func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        capacity = max(needed, capacity * 2, 256)
        let larger = Buffer(byteCount: capacity * elementWidth)
        larger.baseAddress.copyMemory(from: buffer.baseAddress, byteCount: count * elementWidth)
        buffer = larger
        if validity != nil { growValidity() }
    }

    private mutating func growValidity() {
        let larger = Validity(count: capacity, allValid: true)
        if let validity {
            larger.words.update(from: validity.words, count: Validity.wordCount(for: count))
        }
        validity = larger
    }

    private mutating func appendValidity(of source: Vector) {
        if validity == nil, source.validity != nil { growValidity() }
        validity?.copyRows(source.validity, to: count, count: source.count)
    }

    /// Replaces codes by values, because a chunk with another dictionary comes.
    private mutating func decode() {
        let decoded = finish().flattened()
        dictionary = nil
        owners = []
        buffer = decoded.buffer
        if let heap {
            let strings = buffer.pointer(to: StringReference.self)
            for row in 0..<count where decoded.isValid(row) {
                strings[row] = heap.add(strings[row])
            }
            withExtendedLifetime(decoded) {}
        } else {
            keep(decoded.owner)
        }
        capacity = count
        if validity != nil { growValidity() }
    }

    /// Makes what collects the parts of nested values, at every level: values without elements have
    /// parts all the same.
    private mutating func makeChildCollectors(like source: Vector) {
        let children = source.children?.vectors ?? []
        if childCollectors.isEmpty {
            childCollectors = children.map {
                ColumnCollector($0.physicalType, copiesStrings: copiesStrings)
            }
        }
        for position in children.indices {
            childCollectors[position].makeChildCollectors(like: children[position])
        }
    }

    private mutating func appendNested(_ source: Vector) {
        let children = source.children?.vectors ?? []
        if childCollectors.isEmpty { makeChildCollectors(like: source) }
        if physicalType == .list {
            let base = UInt32(truncatingIfNeeded: childCollectors.first?.count ?? 0)
            let target = buffer.pointer(to: ListRange.self) + count
            let ranges = source.pointer(to: ListRange.self)
            for row in 0..<source.count {
                target[row] = ListRange(
                    offset: ranges[row].offset &+ base, count: ranges[row].count)
            }
        }
        for position in children.indices { childCollectors[position].append(children[position]) }
    }
}

/// Keeps the owners of collected chunks.
private final class CollectedOwners: Sendable {
    let owners: [any Owner]

    init(_ owners: [any Owner]) { self.owners = owners }
}
