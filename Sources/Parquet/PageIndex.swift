// The page index of a column chunk: where its data pages lie and what bounds they have. It is an
// aid, so one that doesn't fit the chunk is as good as none; that pages are where it says is
// checked when they are read.

import StarlingTables
import StarlingTypes

/// Says where a data page lies, header included.
struct PageLocation: Sendable, Hashable, ThriftStructure {
    var offset = 0
    var byteCount = 0
    var firstRow = 0

    mutating func read(
        _ field: ThriftReader.Field, from reader: inout ThriftReader
    ) throws(ParquetDamage) {
        switch field.id {
        case 1: offset = try reader.integer(field)
        case 2: byteCount = try reader.integer(field)
        case 3: firstRow = try reader.integer(field)
        default: try reader.skip(field)
        }
    }
}

/// Holds the structure OffsetIndex.
struct OffsetIndexMetadata: ThriftStructure {
    var locations: [PageLocation] = []

    mutating func read(
        _ field: ThriftReader.Field, from reader: inout ThriftReader
    ) throws(ParquetDamage) {
        switch field.id {
        case 1: locations = try reader.structures(field)
        default: try reader.skip(field)
        }
    }
}

/// Holds the structure ColumnIndex.
struct ColumnIndexMetadata: ThriftStructure {
    var areNull: [Bool] = []
    var minimums: [[UInt8]] = []
    var maximums: [[UInt8]] = []
    var nullCounts: [Int]?

    mutating func read(
        _ field: ThriftReader.Field, from reader: inout ThriftReader
    ) throws(ParquetDamage) {
        switch field.id {
        case 1: areNull = try reader.flags(field)
        case 2: minimums = try reader.binaries(field)
        case 3: maximums = try reader.binaries(field)
        case 5: nullCounts = try reader.integers(field)
        default: try reader.skip(field)
        }
    }

    /// Makes the zones of pages; nil where the index has not as many.
    func zones(_ layout: PageLayout, _ bounds: BoundReader) -> [Zone]? {
        let count = layout.locations.count
        guard areNull.count == count, minimums.count == count, maximums.count == count,
            nullCounts == nil || nullCounts!.count == count
        else { return nil }
        return (0..<count).map { page in
            let rows = layout.rows(ofPage: page)
            var statistics = ColumnStatistics()
            if areNull[page] {
                statistics.nullCount = rows.count
            } else {
                if let known = nullCounts?[page], (0...rows.count).contains(known) {
                    statistics.nullCount = known
                }
                if !bounds.source.isOptional { statistics.nullCount = 0 }
                bounds.read(
                    minimums[page], maximums[page], isMinimumExact: nil, isMaximumExact: nil,
                    into: &statistics)
            }
            return Zone(rows: rows, statistics: statistics)
        }
    }
}

/// Knows the data pages of a column chunk.
struct PageLayout: Sendable {
    let locations: [PageLocation]
    let rowCount: Int

    /// Takes locations; nil where they can't be those of the chunk.
    init?(_ locations: [PageLocation], rowCount: Int, chunk: Range<Int>) {
        guard let first = locations.first, first.firstRow == 0, first.offset >= chunk.lowerBound
        else { return nil }
        var (end, row) = (first.offset, -1)
        for location in locations {
            guard location.offset >= end, location.byteCount > 0, location.firstRow > row,
                location.byteCount <= chunk.upperBound - location.offset,
                location.firstRow < rowCount
            else { return nil }
            (end, row) = (location.offset + location.byteCount, location.firstRow)
        }
        self.locations = locations
        self.rowCount = rowCount
    }

    func rows(ofPage page: Int) -> Range<Int> {
        let end = page + 1 < locations.count ? locations[page + 1].firstRow : rowCount
        return locations[page].firstRow..<end
    }

    /// Finds the page that a row lies in.
    func page(ofRow row: Int) -> Int {
        var low = 0
        var high = locations.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if locations[middle].firstRow <= row { low = middle } else { high = middle }
        }
        return low
    }

    /// Lists the stretches of the file that the pages of `rows` lie in; near ones become one.
    func sections(of rows: RowRanges, joiningGapsOf gap: Int) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for (page, location) in locations.enumerated() where rows.overlaps(self.rows(ofPage: page))
        {
            let end = location.offset + location.byteCount
            if let last = result.last, location.offset - last.upperBound <= gap {
                result[result.count - 1] = last.lowerBound..<end
            } else {
                result.append(location.offset..<end)
            }
        }
        return result
    }
}
