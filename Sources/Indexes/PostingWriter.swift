// Writes the rows of terms, and where these stand in texts, in the blocks that PostingBlock reads.

import StarlingMemory

/// Collects the lists of an index.
struct PostingWriter {
    let isCounted: Bool
    let hasPositions: Bool
    let lists = ByteWriter()
    let positions = ByteWriter()
    private let blocks = ByteWriter()
    private let skips = ByteWriter()
    private var numbers: [UInt32] = []

    init(isCounted: Bool, hasPositions: Bool) {
        self.isCounted = isCounted
        self.hasPositions = hasPositions
    }

    /// Writes the rows of a term, more than one, and in its entry where they are. `lengths` tells how
    /// many terms each row has, `places` the positions, row after row.
    mutating func write(
        _ rows: [UInt32], counts: [UInt32], lengths: [UInt32], places: ArraySlice<UInt32>,
        to entry: ByteWriter
    ) {
        if rows.count <= PostingBlock.rowCount {
            let start = lists.count
            writeDifferences(of: rows[...], from: 0, to: lists)
            if isCounted { writeCounts(counts[...], to: lists) }
            Self.note(lists, from: start, in: entry)
            guard hasPositions else { return }
            let positionStart = positions.count
            write(places, counts[...])
            Self.note(positions, from: positionStart, in: entry)
            return
        }
        let positionStart = positions.count
        writeBlocks(rows, counts, lengths, places)
        entry.appendVarint(UInt64(skips.count))
        entry.appendVarint(UInt64(blocks.count))
        entry.append(UInt32(truncatingIfNeeded: XXHash64.hash(skips.bytes)))
        if hasPositions { entry.appendVarint(UInt64(positions.count - positionStart)) }
        lists.append(skips.bytes)
        lists.append(blocks.bytes)
        skips.removeAll()
        blocks.removeAll()
    }

    private mutating func writeBlocks(
        _ rows: [UInt32], _ counts: [UInt32], _ lengths: [UInt32], _ places: ArraySlice<UInt32>
    ) {
        var next: UInt32 = 0
        var place = places.startIndex
        for start in stride(from: 0, to: rows.count, by: PostingBlock.rowCount) {
            let own = start..<min(start + PostingBlock.rowCount, rows.count)
            let (first, last) = (rows[own.lowerBound], rows[own.upperBound - 1])
            skips.appendVarint(UInt64(first - next))
            skips.appendVarint(UInt64(Int(last - first) + 1 - own.count))
            next = last + 1
            let blockStart = blocks.count
            let hasBits = writeRows(rows[own], from: first, to: blocks)
            if isCounted { writeCounts(counts[own], to: blocks) }
            let bytes = UnsafeRawBufferPointer(rebasing: blocks.bytes[blockStart...])
            skips.appendVarint(UInt64(bytes.count * 2 + (hasBits ? 1 : 0)))
            skips.append(UInt32(truncatingIfNeeded: XXHash64.hash(bytes)))
            if isCounted {
                skips.appendVarint(UInt64((counts[own].max() ?? 1) - 1))
                skips.appendVarint(UInt64(rows[own].map { lengths[Int($0)] }.min() ?? 0))
            }
            guard hasPositions else { continue }
            let positionStart = positions.count
            let placeCount = counts[own].reduce(0) { $0 + Int($1) }
            write(places[place..<(place + placeCount)], counts[own])
            place += placeCount
            Self.note(positions, from: positionStart, in: skips)
        }
    }

    /// Writes rows as differences or, where that is fewer bytes, as bits; true for these.
    private mutating func writeRows(
        _ rows: ArraySlice<UInt32>, from first: UInt32, to writer: ByteWriter
    ) -> Bool {
        let start = writer.count
        let next = writeDifferences(of: rows, from: first, to: writer)
        let bitByteCount = (Int(next - first) + 7) / 8
        guard bitByteCount < writer.count - start else { return false }
        writer.removeLast(downTo: start)
        var bits = [UInt8](repeating: 0, count: bitByteCount)
        for row in rows { bits[Int(row - first) / 8] |= 1 << UInt8((row - first) % 8) }
        writer.append(bits)
        return true
    }

    /// Returns the row behind the last one.
    @discardableResult
    private mutating func writeDifferences(
        of rows: ArraySlice<UInt32>, from first: UInt32, to writer: ByteWriter
    ) -> UInt32 {
        numbers.removeAll(keepingCapacity: true)
        var next = first
        for row in rows {
            numbers.append(row - next)
            next = row + 1
        }
        writer.appendPacked(numbers)
        return next
    }

    private mutating func writeCounts(_ counts: ArraySlice<UInt32>, to writer: ByteWriter) {
        numbers.removeAll(keepingCapacity: true)
        for count in counts { numbers.append(count - 1) }
        writer.appendPacked(numbers)
    }

    /// Writes positions: of each row the first and then differences, packed together.
    private mutating func write(_ places: ArraySlice<UInt32>, _ counts: ArraySlice<UInt32>) {
        numbers.removeAll(keepingCapacity: true)
        var next = places.startIndex
        for count in counts {
            var before: UInt32 = 0
            for _ in 0..<count {
                numbers.append(places[next] - before)
                before = places[next]
                next += 1
            }
        }
        positions.appendPacked(numbers)
    }

    /// Writes how many bytes stand behind a place, and their checksum.
    private static func note(_ bytes: ByteWriter, from start: Int, in writer: ByteWriter) {
        let bytes = UnsafeRawBufferPointer(rebasing: bytes.bytes[start...])
        writer.appendVarint(UInt64(bytes.count))
        writer.append(UInt32(truncatingIfNeeded: XXHash64.hash(bytes)))
    }
}

extension ByteWriter {
    /// Appends numbers that are as wide as the largest, behind their width.
    func appendPacked(_ numbers: [UInt32]) {
        numbers.withUnsafeBufferPointer { all in
            guard let base = all.baseAddress else { return append(UInt8(0)) }
            var every: UInt32 = 0
            for number in all { every |= number }
            let width = 32 - every.leadingZeroBitCount
            append(UInt8(width))
            appendPacked(base, count: all.count, width: width)
        }
    }
}
