// One dictionary for a whole column where it is small. The parts of a file (row groups, stripes) have
// dictionaries of their own, often in the order in which values appeared; sorted they are mostly the
// same, and then vectors of different parts can be compared, grouped and joined by code.

import StarlingMemory
import Synchronization

/// Shares the sorted dictionaries of one column between parts.
package final class DictionaryPool: Sendable {
    package static let valueCountMax = 512
    private static let dictionaryCountMax = 8

    private let shared = Mutex<[VectorDictionary]>([])

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

    /// Finds or makes the sorted dictionary with all of `values`, and the code there of each of
    /// them; nil where a value occurs twice.
    package func share(_ values: Vector) -> (VectorDictionary, Buffer)? {
        let strings = values.pointer(to: StringReference.self)
        let order = (0..<values.count).sorted { strings[$0] < strings[$1] }
        for (left, right) in zip(order, order.dropFirst()) where strings[left] == strings[right] {
            return nil
        }
        return shared.withLock { all in
            for dictionary in all {
                if let map = Self.map(strings, order, to: dictionary) { return (dictionary, map) }
            }
            let sorted = Vector(uninitialized: .string, count: values.count)
            var owned = sorted
            owned.owner = values.owner
            let target = sorted.pointer(to: StringReference.self)
            for (code, index) in order.enumerated() { target[code] = strings[index] }
            let dictionary = VectorDictionary(values: owned, isSorted: true)
            if all.count < Self.dictionaryCountMax { all.append(dictionary) }
            let map = Self.map(strings, order, to: dictionary)
            return map.map { (dictionary, $0) }
        }
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
