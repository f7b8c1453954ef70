// An index whose terms are the values of a column: which rows have some of them, or lie between two.

import StarlingErrors
import StarlingTables

/// Says up to where listing rows takes less than reading all values does.
package struct ListingLimit: Sendable {
    package var rowCount: Int
    /// So many lists are read; a value with one row needs none.
    package var listCount: Int

    package init(rowCount: Int, listCount: Int) {
        self.rowCount = rowCount
        self.listCount = listCount
    }

    package func allows(rowCount: Int, listCount: Int) -> Bool {
        rowCount <= self.rowCount && listCount <= self.listCount
    }

    /// Tells whether so many values with so many rows are likely to be few enough.
    package func allows(rowCount: Int, termCount: Int) -> Bool {
        allows(rowCount: rowCount, listCount: min(termCount, max(0, rowCount - termCount)))
    }
}

/// Collects the entries whose rows are to be listed, until these are too many.
private struct ListedEntries {
    let limit: ListingLimit
    private(set) var entries: [TermEntry] = []
    private var rowCount = 0
    private var listCount = 0

    init(limit: ListingLimit) { self.limit = limit }

    var areTooMany: Bool { !limit.allows(rowCount: rowCount, listCount: listCount) }

    mutating func add(_ entry: TermEntry) {
        entries.append(entry)
        rowCount += entry.rowCount
        if entry.single == nil { listCount += 1 }
    }

    func rows(
        of index: InvertedIndex, within ranges: RowRanges?
    ) throws(StarlingError) -> [UInt32]? {
        areTooMany ? nil : try TermUnion(index, entries).rows(within: ranges)
    }
}

extension InvertedIndex {
    /// Finds the rows that have one of some values, those of some ranges at least; nil where these are
    /// too many.
    package func rows(
        having values: [[UInt8]], within ranges: RowRanges? = nil, limit: ListingLimit
    ) throws(StarlingError) -> [UInt32]? {
        let values = Set(values)
        guard values.count <= limit.listCount else { return nil }
        var found = ListedEntries(limit: limit)
        for value in values where !found.areTooMany {
            if let entry = try entry(of: value) { found.add(entry) }
        }
        return try found.rows(of: self, within: ranges)
    }

    /// Finds the rows that have a value which is none of some, where a row has one at most; nil where
    /// these are too many.
    package func rows(
        notHaving values: [[UInt8]], within ranges: RowRanges? = nil, limit: ListingLimit
    ) throws(StarlingError) -> [UInt32]? {
        let count = rowCount - nulls.count - Int(try expectedRowCount(having: values))
        guard count <= limit.rowCount else { return nil }
        let values = Set(values)
        var found = ListedEntries(limit: limit)
        try forEachEntry(from: []) { (entry) throws(StarlingError) in
            if !values.contains(entry.term) { found.add(entry) }
            return !found.areTooMany
        }
        return try found.rows(of: self, within: ranges)
    }

    /// Finds the rows whose values lie from one to another; nil where these are too many.
    package func rows(
        from low: [UInt8]?, to high: [UInt8]?, isLowIncluded: Bool = true,
        isHighIncluded: Bool = true, within ranges: RowRanges? = nil, limit: ListingLimit
    ) throws(StarlingError) -> [UInt32]? {
        var found = ListedEntries(limit: limit)
        try forEachEntry(
            from: low, to: high, isLowIncluded: isLowIncluded, isHighIncluded: isHighIncluded
        ) { (entry) throws(StarlingError) in
            found.add(entry)
            return !found.areTooMany
        }
        return try found.rows(of: self, within: ranges)
    }

    /// Finds the rows whose values begin with some bytes and match; nil where these are too
    /// many.
    package func rows(
        matching prefix: [UInt8], within ranges: RowRanges? = nil, limit: ListingLimit,
        _ matches: (UnsafeRawBufferPointer) -> Bool
    ) throws(StarlingError) -> [UInt32]? {
        var found = ListedEntries(limit: limit)
        try forEachEntry(from: prefix) { (entry) throws(StarlingError) in
            guard entry.term.starts(with: prefix) else { return false }
            if entry.term.withUnsafeBytes(matches) { found.add(entry) }
            return !found.areTooMany
        }
        return try found.rows(of: self, within: ranges)
    }

    /// Lists the rows of some ranges that have a value and are not among some.
    package func others(than rows: [UInt32], within ranges: RowRanges? = nil) -> [UInt32] {
        RowLists.complement(
            of: rows, and: nulls, within: ranges ?? RowRanges(0..<rowCount))
    }
}
