// Applies the keys of a join to chunks. It watches itself: a filter that lets nearly everything pass
// is only tried now and then.

import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Filters the rows of one worker by the keys of a join.
package final class JoinKeyEvaluator: RuntimeFilterEvaluator {
    private let filter: JoinKeyFilter
    private let hasher: ColumnHasher
    private let hashes = Buffer(byteCount: chunkCapacity * 8)
    private let isPresent = Buffer(byteCount: chunkCapacity)
    private var tested = 0
    private var passed = 0
    private var chunksToSkip = 0
    /// Presence of each value of the last dictionary.
    private var dictionary: VectorDictionary?
    private var dictionaryPresence: Buffer?

    private static let sampleRowCount = 16_384
    private static let chunksBetweenSamples = 128

    package init(_ filter: JoinKeyFilter) {
        self.filter = filter
        hasher = ColumnHasher(isZero: filter.hashesAreZero)
    }

    /// Returns the rows of `vector`, of at most a chunk's length, that can match; all of them
    /// where asking is not worth it, which `Selection.count` shows.
    package func select(_ vector: Vector) -> Selection {
        if filter.isEmpty { return Selection() }
        if chunksToSkip > 0 {
            chunksToSkip -= 1
            return Selection(all: vector.count)
        }
        guard let presence = presence(of: vector) else { return Selection(all: vector.count) }
        let selection = Selection(trueRowsOf: presence, count: vector.count)
        note(tested: vector.count, passed: selection.count)
        return selection
    }

    package func narrow(_ selection: Selection?, by vector: Vector) -> Selection? {
        let passed = select(vector)
        if passed.count == vector.count { return selection }
        if let selection {
            let rows = passed.rows
            for place in 0..<passed.count { rows[place] = selection.rows[Int(rows[place])] }
        }
        return passed
    }

    package func mayMatch(_ dictionary: VectorDictionary) -> Bool {
        if filter.isEmpty { return false }
        guard let presence = presence(ofValuesIn: dictionary) else { return true }
        return (0..<dictionary.count).contains { presence[$0] != 0 }
    }

    private func note(tested: Int, passed: Int) {
        self.tested += tested
        self.passed += passed
        guard self.tested >= Self.sampleRowCount else { return }
        if self.passed > self.tested / 10 * 9 { chunksToSkip = Self.chunksBetweenSamples }
        self.tested = 0
        self.passed = 0
    }

    /// Returns a byte a row, 1 where the value may be among the keys; nil where nothing is known.
    private func presence(of vector: Vector) -> UnsafePointer<UInt8>? {
        let target = isPresent.pointer(to: UInt8.self)
        if let dictionary = vector.dictionary, dictionary.count <= 4 * chunkCapacity {
            guard let known = presence(ofValuesIn: dictionary) else { return nil }
            let codes = vector.codes
            if dictionary.count > 0 {
                for row in 0..<vector.count { target[row] = known[Int(codes[row])] }
            }
            if vector.validity != nil {
                for row in 0..<vector.count where !vector.isValid(row) { target[row] = 0 }
            }
            return UnsafePointer(target)
        }
        return write(vector.flattened(), into: target, hashes: hashes)
            ? UnsafePointer(target) : nil
    }

    /// Asks for the values of a dictionary once.
    private func presence(ofValuesIn dictionary: VectorDictionary) -> UnsafePointer<UInt8>? {
        if self.dictionary !== dictionary {
            self.dictionary = dictionary
            let presence = Buffer(byteCount: dictionary.count)
            let isKnown = write(
                dictionary.values, into: presence.pointer(),
                hashes: Buffer(byteCount: dictionary.count * 8))
            dictionaryPresence = isKnown ? presence : nil
        }
        return dictionaryPresence.map { UnsafePointer($0.pointer(to: UInt8.self)) }
    }

    /// Writes the presence of a flat vector's values; returns false where nothing is known.
    private func write(
        _ vector: Vector, into target: UnsafeMutablePointer<UInt8>, hashes: Buffer
    ) -> Bool {
        switch filter.membership {
        case .direct(let index):
            guard isIndexable(vector.physicalType) else { return false }
            index.findPresence(vector, count: vector.count, into: target)
            return true
        case .hashed(let index):
            guard canHash(vector.physicalType) else { return false }
            let hashes = hashes.pointer(to: UInt64.self)
            hasher.hash([vector], count: vector.count, into: hashes)
            index.findPresence(hashes, count: vector.count, into: target)
            if vector.validity != nil {
                for row in 0..<vector.count where !vector.isValid(row) { target[row] = 0 }
            }
            return true
        case .unknown: return false
        }
    }

    private func isIndexable(_ type: PhysicalType) -> Bool { type.isInteger && type != .int128 }

    /// Integers hash alike in all widths; other values only in the type of the key.
    private func canHash(_ type: PhysicalType) -> Bool {
        type == filter.keyType || (type.isInteger && filter.keyType.isInteger)
    }
}
