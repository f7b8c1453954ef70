// One dictionary for a whole column where it is small. The parts of a table (segments, row groups,
// stripes) have dictionaries of their own; the column's has the values of all parts that were opened
// so far, ascending, so that rows of different parts can be compared, grouped and joined by code.
//
// It grows by being replaced: who has codes of an earlier one goes on with these, and asks for the
// newer one when it reads again.

import StarlingMemory
import Synchronization

/// Shares the sorted dictionary of one column between parts.
package final class DictionaryPool: Sendable {
    private static let valueCountMax = 4_096
    /// Sorting more values than these costs about as much as reading their codes.
    private static let unsortedCountMax = 512

    private let shared = Mutex<VectorDictionary?>(nil)
    /// Counts the replacements.
    private let generation = Atomic<Int>(0)
    private let parts = Mutex<[[[UInt8]]: DictionaryPool]>([:])

    package init() {}

    /// The pool of what lies in the values of the column at a path of keys.
    package func part(_ keys: [[UInt8]]) -> DictionaryPool {
        parts.withLock { parts in
            if let known = parts[keys] { return known }
            let pool = DictionaryPool()
            parts[keys] = pool
            return pool
        }
    }

    /// Is another number once the dictionary has been replaced.
    package var version: Int { generation.load(ordering: .acquiring) }

    /// Brings the values of a part into the column's dictionary, where there is room for them; nil
    /// where a value occurs twice.
    package func share(_ values: Vector) -> SharedDictionary? {
        guard values.count <= Self.valueCountMax else { return SharedDictionary(values) }
        let strings = values.pointer(to: StringReference.self)
        let isAscending = (1..<max(1, values.count)).allSatisfy { strings[$0 - 1] < strings[$0] }
        guard isAscending || values.count <= Self.unsortedCountMax else {
            return SharedDictionary(values)
        }
        let order = isAscending ? Array(0..<values.count) : Self.sorted(strings, values.count)
        for (left, right) in zip(order, order.dropFirst()) where strings[left] == strings[right] {
            return nil
        }
        return shared.withLock { shared in
            let all: VectorDictionary
            var codes = shared.flatMap { Self.map(strings, order, to: $0) }
            if let shared, codes != nil {
                all = shared
            } else if let union = Self.union(strings, order, with: shared) {
                all = union
                shared = union
                generation.add(1, ordering: .releasing)
                codes = Self.map(strings, order, to: union)
            } else {
                return SharedDictionary(values)
            }
            let isSame = all.count == values.count
            return SharedDictionary(
                own: isSame ? all : VectorDictionary(values: values, isSorted: isAscending),
                all: all, codes: isSame && isAscending ? nil : codes)
        }
    }

    /// Lists the places of strings in their order.
    private static func sorted(
        _ strings: UnsafeMutablePointer<StringReference>, _ count: Int
    ) -> [Int] {
        (0..<count).sorted { strings[$0] < strings[$1] }
    }

    /// Makes a dictionary of its own memory with the values of another and more; nil where these are
    /// too many.
    private static func union(
        _ strings: UnsafeMutablePointer<StringReference>, _ order: [Int],
        with other: VectorDictionary?
    ) -> VectorDictionary? {
        let heap = StringHeap(firstBlockByteCount: 1_024)
        var values: [StringReference] = []
        var code = 0
        let known = other?.values.pointer(to: StringReference.self)
        for index in order {
            let string = strings[index]
            while let known, let other, code < other.count, known[code] < string {
                values.append(heap.add(known[code]))
                code += 1
            }
            if let known, let other, code < other.count, known[code] == string { code += 1 }
            values.append(heap.add(string))
            guard values.count <= valueCountMax else { return nil }
        }
        while let known, let other, code < other.count {
            values.append(heap.add(known[code]))
            code += 1
        }
        guard values.count <= valueCountMax else { return nil }
        var vector = Vector(uninitialized: .string, count: values.count)
        let target = vector.pointer(to: StringReference.self)
        for (place, value) in values.enumerated() { target[place] = value }
        vector.owner = heap
        withExtendedLifetime(other) {}
        return VectorDictionary(values: vector, isSorted: true)
    }

    /// Lists the codes of values in a dictionary that has them all; nil where it lacks one.
    private static func map(
        _ strings: UnsafeMutablePointer<StringReference>, _ order: [Int],
        to dictionary: VectorDictionary
    ) -> Buffer? {
        guard order.count <= dictionary.count else { return nil }
        let known = dictionary.values.pointer(to: StringReference.self)
        let map = Buffer(byteCount: order.count * 4)
        let codes = map.pointer(to: UInt32.self)
        var code = 0
        for index in order {
            while code < dictionary.count, known[code] < strings[index] { code += 1 }
            guard code < dictionary.count, known[code] == strings[index] else { return nil }
            codes[index] = UInt32(code)
        }
        return map
    }
}
