// Which branch of a CASE each row takes. Conditions that cannot fail are asked of rows that have their
// branch already, too, until these are most: looking at a row costs less than finding it.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingVectors

/// Finds the first condition that is true of each row.
struct BranchChoice {
    private let conditions: [Int]
    private let count: Int
    /// The number of each row's branch; the count of conditions where none is true.
    private let buffer: Buffer
    private let branches: UnsafeMutablePointer<UInt16>

    static let conditionCountMax = 1_024

    init(_ conditions: [Int], _ frame: EvaluationFrame) throws(StarlingError) {
        self.conditions = conditions
        count = frame.count
        buffer = Buffer(byteCount: max(2, count * 2))
        branches = buffer.pointer(to: UInt16.self)
        branches.update(repeating: Self.none, count: count)
        try choose(frame)
    }

    private static let none = UInt16.max

    private func choose(_ frame: EvaluationFrame) throws(StarlingError) {
        var current = frame
        // The rows that the current frame stands for; nil for all.
        var rows: Selection?
        var undecided = count
        for (position, condition) in conditions.enumerated() where undecided > 0 {
            let value = try current.value(condition)
            let truth = value.isConstant ? value : value.flattened()
            undecided -= take(UInt16(position), truth, rows)
            if undecided * 2 < current.count, undecided > 0 {
                let left = undecidedRows(of: current.count, rows)
                current = current.narrowed(to: left)
                rows = left.composed(within: rows)
            }
        }
    }

    /// Gives a branch to the rows of which its condition is true and which have none, and counts them.
    private func take(_ branch: UInt16, _ truth: Vector, _ rows: Selection?) -> Int {
        let values = truth.pointer(to: UInt8.self)
        let count = rows?.count ?? count
        if truth.isConstant {
            guard truth.isValid(0), values[0] & 1 != 0 else { return 0 }
            return take(branch, count: count, rows) { _ in true }
        }
        defer { withExtendedLifetime(truth) {} }
        guard let validity = truth.validity else {
            return take(branch, count: count, rows) { values[$0] & 1 != 0 }
        }
        return take(branch, count: count, rows) { values[$0] & 1 != 0 && validity.isValid($0) }
    }

    @inline(__always)
    private func take(
        _ branch: UInt16, count: Int, _ rows: Selection?, _ isTrue: (Int) -> Bool
    ) -> Int {
        let branches = branches
        var taken = 0
        guard let places = rows?.rows else {
            for row in 0..<count {
                let takes = isTrue(row) && branches[row] == Self.none
                branches[row] = takes ? branch : branches[row]
                taken &+= takes ? 1 : 0
            }
            return taken
        }
        for row in 0..<count {
            let place = Int(places[row])
            let takes = isTrue(row) && branches[place] == Self.none
            branches[place] = takes ? branch : branches[place]
            taken &+= takes ? 1 : 0
        }
        return taken
    }

    private func undecidedRows(of count: Int, _ rows: Selection?) -> Selection {
        var left = Selection()
        let target = left.rows
        var found = 0
        for row in 0..<count {
            let place = rows.map { Int($0.rows[row]) } ?? row
            target[found] = UInt16(truncatingIfNeeded: row)
            found &+= branches[place] == Self.none ? 1 : 0
        }
        left.count = found
        return left
    }

    /// The rows of each branch, and at last those of none.
    var rowsOfBranches: [Selection] {
        let none = conditions.count
        var counts = Array(repeating: 0, count: none + 1)
        for row in 0..<count { counts[min(Int(branches[row]), none)] += 1 }
        let noRows = Selection()
        var result = counts.map { $0 > 0 ? Selection() : noRows }
        for row in 0..<count {
            let branch = min(Int(branches[row]), none)
            result[branch].rows[result[branch].count] = UInt16(truncatingIfNeeded: row)
            result[branch].count += 1
        }
        return result
    }
}
