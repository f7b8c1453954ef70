// Puts a vector of nested values together from pieces: they are collected one behind the other,
// and each row is then taken from where its value went.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Collects pieces with nested values; rows that no piece covers are NULL.
struct NestedMerger {
    private var collector: ColumnCollector
    private let places: Buffer
    private let count: Int
    /// Any piece: it has the children that a NULL needs.
    private var model: Vector?

    init(_ physicalType: PhysicalType, count: Int) {
        self.count = count
        collector = ColumnCollector(physicalType)
        places = Buffer(byteCount: max(4, count * 4))
        places.pointer(to: UInt32.self).update(repeating: missingIndex, count: count)
    }

    mutating func add(_ piece: Vector, at rows: Selection) {
        model = piece
        let places = places.pointer(to: UInt32.self)
        for i in 0..<rows.count {
            places[Int(rows.rows[i])] = UInt32(truncatingIfNeeded: collector.count &+ i)
        }
        collector.append(piece)
    }

    func finish() -> Vector {
        let all = collector.finish()
        guard all.count > 0 else {
            return .allNull(all.physicalType, like: model, count: count)
        }
        return all.gatheredOrNull(by: UnsafePointer(places.pointer()), count: count)
    }
}
