// The rows of a part that indexes have left over: only these are read, and of the conditions only those
// that indexes did not prove are evaluated on them.

import StarlingErrors
import StarlingTables
import StarlingVectors

/// Holds what the indexes of a part say of the conditions of a scan.
struct IndexedRows: Sendable {
    /// Ascending.
    private var rows: [UInt32]
    /// The numbers of the conjuncts that hold for all of the rows.
    let proven: Set<Int>
    let reason: PruningReason

    /// Where so many of ten rows are left, indexes say nothing that is worth it.
    private static let keptTenthsMax = 8

    /// Asks for each condition in some ranges of rows; nil where no index knows anything of them.
    init?(
        of part: any TablePart, passing conditions: [IndexCondition], within ranges: RowRanges,
        _ context: ScanContext
    ) throws(StarlingError) {
        var rows: [UInt32]?
        var proven: Set<Int> = []
        // Two ends of a range are asked for as one.
        var asked: [IndexCondition: Bool] = [:]
        var uses: Set<IndexUse> = []
        let rowCount = ranges.rowCount
        for (number, condition) in conditions.enumerated() where condition.isKnown {
            if rows?.isEmpty ?? false { break }
            if let isProven = asked[condition] {
                if isProven { proven.insert(number) }
                continue
            }
            guard let answer = try part.rows(passing: condition, within: ranges, context: context)
            else {
                continue
            }
            let isMost = answer.rows.count * 10 > rowCount * Self.keptTenthsMax
            guard answer.isExact || !isMost else { continue }
            rows = rows.map { Self.intersection($0, answer.rows) } ?? answer.rows
            if answer.isExact { proven.insert(number) }
            asked[condition] = answer.isExact
            uses.formUnion(answer.uses)
        }
        guard let rows else { return nil }
        self.rows = rows
        self.proven = proven
        reason =
            uses.contains(.terms) ? .textIndex : uses.contains(.values) ? .valueIndex : .gramIndex
    }

    /// Takes rows that were left over by something else than conditions.
    init(_ rows: [UInt32]) {
        self.rows = rows
        proven = []
        reason = .textIndex
    }

    /// Leaves those rows that are among others.
    mutating func formIntersection(_ others: [UInt32]) {
        rows = Self.intersection(rows, others)
    }

    private static func intersection(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var result: [UInt32] = []
        var place = 0
        for row in left {
            while place < right.count, right[place] < row { place += 1 }
            if place == right.count { break }
            if right[place] == row { result.append(row) }
        }
        return result
    }

    /// The stretches in which the rows lie.
    var ranges: RowRanges {
        var ranges = RowRanges()
        for row in rows {
            ranges.append(Int(row)..<(Int(row) + 1), bridging: RowRanges.windowGapMax)
        }
        return ranges
    }

    /// Counts the rows in some ranges.
    func count(in ranges: RowRanges) -> Int {
        ranges.ranges.reduce(0) { $0 + place(of: $1.upperBound) - place(of: $1.lowerBound) }
    }

    /// Selects the rows of a window, or those of them that are selected.
    func narrow(_ selection: Selection?, in window: Range<Int>) -> Selection {
        var result = Selection()
        let target = result.rows
        var count = 0
        var place = place(of: window.lowerBound)
        var next = 0
        while place < rows.count, Int(rows[place]) < window.upperBound {
            let row = UInt16(truncatingIfNeeded: Int(rows[place]) - window.lowerBound)
            place += 1
            if let selection {
                while next < selection.count, selection.rows[next] < row { next += 1 }
                if next == selection.count { break }
                if selection.rows[next] != row { continue }
            }
            target[count] = row
            count += 1
        }
        result.count = count
        return result
    }

    /// Counts the rows below one.
    private func place(of row: Int) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(rows[middle]) < row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
