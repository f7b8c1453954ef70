// An index whose terms are the values of a column: which rows have some of them, or lie between two.

import StarlingErrors
import StarlingTables

extension InvertedIndex {
    /// Finds the rows that have one of some values, those of some ranges at least; nil where more than
    /// `countMax` have them.
    package func rows(
        having values: [[UInt8]], within ranges: RowRanges? = nil, countMax: Int
    ) throws(StarlingError) -> [UInt32]? {
        var found: [TermEntry] = []
        var count = 0
        for value in Set(values) {
            guard let entry = try entry(of: value) else { continue }
            count += entry.rowCount
            if count > countMax { return nil }
            found.append(entry)
        }
        return try TermUnion(self, found).rows(within: ranges)
    }

    /// Finds the rows that have a value which is none of some, where a row has one at most; nil where more
    /// than `countMax` have.
    package func rows(
        notHaving values: [[UInt8]], within ranges: RowRanges? = nil, countMax: Int
    ) throws(StarlingError) -> [UInt32]? {
        let count = rowCount - nulls.count - Int(try expectedRowCount(having: values))
        if count > countMax { return nil }
        let values = Set(values)
        var found: [TermEntry] = []
        try forEachEntry(from: []) { (entry) throws(StarlingError) in
            if !values.contains(entry.term) { found.append(entry) }
            return true
        }
        return try TermUnion(self, found).rows(within: ranges)
    }

    /// Finds the rows whose values lie from one to another; nil where these are more than `countMax`.
    package func rows(
        from low: [UInt8]?, to high: [UInt8]?, isLowIncluded: Bool = true,
        isHighIncluded: Bool = true, within ranges: RowRanges? = nil, countMax: Int
    ) throws(StarlingError) -> [UInt32]? {
        var found: [TermEntry] = []
        var count = 0
        var isTooMany = false
        try forEachEntry(
            from: low, to: high, isLowIncluded: isLowIncluded, isHighIncluded: isHighIncluded
        ) { (entry) throws(StarlingError) in
            count += entry.rowCount
            isTooMany = count > countMax
            found.append(entry)
            return !isTooMany
        }
        return isTooMany ? nil : try TermUnion(self, found).rows(within: ranges)
    }

    /// Finds the rows whose values begin with some bytes and match; nil where these are more than
    /// `countMax`.
    package func rows(
        matching prefix: [UInt8], within ranges: RowRanges? = nil, countMax: Int,
        _ matches: (UnsafeRawBufferPointer) -> Bool
    ) throws(StarlingError) -> [UInt32]? {
        var found: [TermEntry] = []
        var count = 0
        try forEachEntry(from: prefix) { (entry) throws(StarlingError) in
            guard entry.term.starts(with: prefix) else { return false }
            guard entry.term.withUnsafeBytes(matches) else { return true }
            count += entry.rowCount
            found.append(entry)
            return count <= countMax
        }
        return count > countMax ? nil : try TermUnion(self, found).rows(within: ranges)
    }

    /// Lists the rows of some ranges that have a value and are not among some.
    package func others(than rows: [UInt32], within ranges: RowRanges? = nil) -> [UInt32] {
        RowLists.complement(
            of: rows, and: nulls, within: ranges ?? RowRanges(0..<rowCount))
    }
}
