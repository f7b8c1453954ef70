// Which branch of several each row of a chunk takes: the first whose condition is true of it.

import StarlingMemory
import StarlingVectors

/// Holds the number of each row's branch.
package struct BranchNumbers {
    private let count: Int
    private let buffer: Buffer
    private let branches: UnsafeMutablePointer<UInt16>

    /// No row has a branch yet.
    package init(count: Int) {
        self.count = count
        buffer = Buffer(byteCount: max(2, count * 2))
        branches = buffer.pointer(to: UInt16.self)
        branches.update(repeating: Self.none, count: count)
    }

    private static let none = UInt16.max

    /// Gives a branch to those of some rows, all where these are nil, of which its condition is true
    /// and which have none, and counts them.
    package func take(_ branch: Int, where condition: Vector, among rows: Selection?) -> Int {
        let number = UInt16(truncatingIfNeeded: branch)
        let truth = condition.decodedForLoops()
        let values = truth.pointer(to: UInt8.self)
        if truth.isConstant {
            guard truth.isValid(0), values[0] & 1 != 0 else { return 0 }
            return take(number, rows) { _ in true }
        }
        defer { withExtendedLifetime(truth) {} }
        guard let validity = truth.validity else {
            return take(number, rows) { values[$0] & 1 != 0 }
        }
        return take(number, rows) { values[$0] & 1 != 0 && validity.isValid($0) }
    }

    @inline(__always)
    private func take(_ branch: UInt16, _ rows: Selection?, _ isTrue: (Int) -> Bool) -> Int {
        let branches = branches
        var taken = 0
        guard let rows else {
            for row in 0..<count {
                let takes = isTrue(row) && branches[row] == Self.none
                branches[row] = takes ? branch : branches[row]
                taken &+= takes ? 1 : 0
            }
            return taken
        }
        let places = rows.rows
        for row in 0..<rows.count {
            let place = Int(places[row])
            let takes = isTrue(row) && branches[place] == Self.none
            branches[place] = takes ? branch : branches[place]
            taken &+= takes ? 1 : 0
        }
        withExtendedLifetime(rows) {}
        return taken
    }

    /// Selects those of some rows, by their places among these, that have no branch.
    package func undecided(among rows: Selection?) -> Selection {
        var left = Selection()
        let target = left.rows
        var found = 0
        for row in 0..<(rows?.count ?? count) {
            let place = rows.map { Int($0.rows[row]) } ?? row
            target[found] = UInt16(truncatingIfNeeded: row)
            found &+= branches[place] == Self.none ? 1 : 0
        }
        left.count = found
        return left
    }

    /// The rows of each of so many branches, and at last those of none.
    package func rows(ofBranches branchCount: Int) -> [Selection] {
        var counts = Array(repeating: 0, count: branchCount + 1)
        for row in 0..<count { counts[min(Int(branches[row]), branchCount)] += 1 }
        let noRows = Selection()
        var result = counts.map { $0 > 0 ? Selection() : noRows }
        for row in 0..<count {
            let branch = min(Int(branches[row]), branchCount)
            result[branch].rows[result[branch].count] = UInt16(truncatingIfNeeded: row)
            result[branch].count += 1
        }
        return result
    }
}
