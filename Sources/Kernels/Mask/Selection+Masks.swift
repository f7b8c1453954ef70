// Boolean vectors (int8 of 0 and 1) as selections, and selections inside selections.

import CPlatform
import StarlingMemory
import StarlingTypes
import StarlingVectors

extension Selection {
    /// Selects the rows of a boolean vector that are true; NULL is not. At most a chunk's rows.
    package init(trueRowsOf mask: Vector) {
        precondition(mask.physicalType == .int8 && mask.count <= chunkCapacity)
        self.init()
        if mask.isConstant {
            let isTrue = mask.isValid(0) && mask.pointer(to: UInt8.self)[0] & 1 != 0
            if isTrue { self = Selection(all: mask.count) }
            return
        }
        let flat = mask.flattened()
        count = starling_rows_of_mask(
            flat.pointer(to: UInt8.self), flat.validity.map { UnsafePointer($0.words) },
            flat.count, rows)
        withExtendedLifetime(flat) {}
    }

    /// Selects the rows whose byte is 1 and not 0. At most a chunk's rows.
    package init(trueRowsOf mask: UnsafePointer<UInt8>, count: Int) {
        precondition(count <= chunkCapacity)
        self.init()
        self.count = starling_rows_of_mask(mask, nil, count, rows)
    }

    /// Renumbers a selection among the rows of `outer` to rows of the chunk.
    package func composed(within outer: Selection?) -> Selection {
        guard let outer else { return self }
        if count == outer.count { return outer }
        var result = Selection()
        result.count = count
        let (inner, outerRows, target) = (rows, outer.rows, result.rows)
        for i in 0..<count { target[i] = outerRows[Int(inner[i])] }
        withExtendedLifetime((self, outer)) {}
        return result
    }

    /// Joins two selections; both ascending.
    package func union(_ other: Selection) -> Selection {
        var result = Selection()
        let (left, right, target) = (rows, other.rows, result.rows)
        var (i, j, n) = (0, 0, 0)
        while i < count, j < other.count {
            let (a, b) = (left[i], right[j])
            target[n] = min(a, b)
            n &+= 1
            i &+= a <= b ? 1 : 0
            j &+= b <= a ? 1 : 0
        }
        while i < count {
            target[n] = left[i]
            n &+= 1
            i &+= 1
        }
        while j < other.count {
            target[n] = right[j]
            n &+= 1
            j &+= 1
        }
        result.count = n
        withExtendedLifetime((self, other)) {}
        return result
    }

    /// Selects the rows among the first `total` that are not selected here.
    package func complement(of total: Int) -> Selection {
        var result = Selection()
        let (excluded, target) = (rows, result.rows)
        var (next, n) = (0, 0)
        for row in 0..<total {
            let isExcluded = next < count && Int(excluded[next]) == row
            target[n] = UInt16(truncatingIfNeeded: row)
            n &+= isExcluded ? 0 : 1
            next &+= isExcluded ? 1 : 0
        }
        result.count = n
        withExtendedLifetime(self) {}
        return result
    }
}
