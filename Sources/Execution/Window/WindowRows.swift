// The rows that window functions are computed for at a time: a batch of whole partitions, or a
// block of one that lies in a spill file.

import StarlingErrors
import StarlingMemory
import StarlingVectors

/// Stands for no row.
let missingPosition = UInt32.max

/// Views consecutive rows among those that their functions look at.
struct WindowRows {
    let storage: any WindowStorage
    /// The position of the first row to compute for.
    let first: Int
    let count: Int

    /// The rows of a column that are computed for.
    func column(_ position: Int) throws(StarlingError) -> Vector {
        try storage.columns([position], from: first, count: count)[0]
    }

    /// Gathers a column's values at `positions`, one for each row; `missingPosition` gives NULL.
    func pick(
        _ column: Int, at positions: UnsafePointer<UInt32>
    ) throws(StarlingError) -> Vector {
        let picked = Buffer(byteCount: count * 4)
        let places = picked.pointer(to: UInt32.self)
        var missingCount = 0
        for row in 0..<count {
            let isMissing = positions[row] == missingPosition
            places[row] = isMissing ? UInt32(first) : positions[row]
            missingCount &+= isMissing ? 1 : 0
        }
        var vector = try storage.gather(column, at: places, count: count)
        guard missingCount > 0 else { return vector }
        let validity = vector.validity ?? Validity(count: count, allValid: true)
        for row in 0..<count where positions[row] == missingPosition { validity.setNull(row) }
        vector.validity = validity
        return vector
    }
}
