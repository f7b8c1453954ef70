// CHECK TABLE: everything that a segment has on the disk is read and verified, whatever is in memory
// of it: the directory, each block with each of its rows, bloom filters, and that what is known of
// the values without reading them is true.

import StarlingBlocks
import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is something that is wrong in a table.
package struct DamageFinding: Sendable, Equatable {
    package var segment: UInt64
    package var column: String?
    /// The file, and the byte in it where what is damaged begins; nil for what is only in memory.
    package var file: String?
    package var place: Int?
    package var message: String
    /// True where rows are read as they were, only without an index.
    package var isOfIndex = false
}

extension DatabaseFolder {
    /// Verifies all that a segment has on the disk.
    package func check(
        _ segment: Segment, of table: NativeTable, named name: TableName
    ) -> [DamageFinding] {
        guard let place = segment.place else { return segment.check(table) }
        let stored = stored(segment.numbers.first ?? 0, at: place, name)
        do throws(StarlingError) {
            let known = try SegmentImage.entries(of: stored, table)
            var findings: [DamageFinding] = []
            if known.rowCount != segment.rowCount, segment.damage == nil {
                findings.append(
                    stored.finding(
                        "it has \(known.rowCount) rows in place of \(segment.rowCount)"))
            }
            for entry in known.entries {
                let base = known.entries.first { $0.number == entry.base }
                findings += check(entry, beside: base?.place, stored)
            }
            if let index = known.index, findings.isEmpty {
                findings += check(index, of: segment, table, stored)
            }
            return findings
        } catch {
            return [stored.finding(error.message)]
        }
    }

    /// Compares an index of keys with one that is made of the key's columns.
    private func check(
        _ index: StoredIndex, of segment: Segment, _ table: NativeTable, _ stored: StoredSegment
    ) -> [DamageFinding] {
        do throws(StarlingError) {
            let read = try index.read()
            guard let key = table.keyColumns, key.numbers == index.key,
                segment.rowCount == index.rowCount
            else { return [] }
            let made = try key.rows(of: segment).makeIndex()
            guard !read.bytes.elementsEqual(made.bytes) else { return [] }
            return [stored.finding("the index has other keys than the rows", at: index.offset)]
        } catch {
            return [stored.finding(error.message, at: index.offset)]
        }
    }

    private func check(
        _ entry: SegmentImage.Entry, as values: IndexedValues? = nil,
        beside base: StoredBlock? = nil, _ stored: StoredSegment
    ) -> [DamageFinding] {
        var findings: [DamageFinding] = []
        // Where they cannot be read, that is found below, or of another path.
        let isIndexed = entry.paths.contains { !$0.indexes.isEmpty }
        let documents = isIndexed ? try? entry.column([], cache: nil, isKept: true) : nil
        for (place, path) in entry.paths.enumerated() {
            let values = documents.flatMap { documents in
                documents.shredded.map { IndexedValues(at: place, of: documents, $0) }
            }
            let found = SegmentImage.Entry(
                number: entry.number, place: path.place, summary: path.summary,
                filter: path.filter, indexes: values == nil ? [] : path.indexes,
                isKnown: entry.isKnown)
            findings += check(found, as: values, stored)
        }
        var block: ColumnBlock?
        do throws(StarlingError) {
            let read = try entry.place.read(beside: try base?.read())
            block = read
            if let wrong = try entry.summary.contradiction(to: read, entry.place.column) {
                findings.append(
                    stored.finding(
                        "block \(entry.place.number) \(wrong)", entry.place.column,
                        at: entry.place.offset))
            }
            if entry.shredding != nil, findings.isEmpty {
                let column = try entry.column([], cache: nil, isKept: true)
                _ = try column.read(0..<read.rowCount, as: .string)
            }
        } catch {
            findings.append(
                stored.finding(error.message, entry.place.column, at: entry.place.offset))
        }
        for index in entry.indexes {
            do throws(StarlingError) {
                let read = try index.readAll()
                guard let block, let column = entry.place.column else { continue }
                let values =
                    values
                    ?? IndexedValues(
                        SegmentColumn(block, entry.summary, filter: nil), column.type)
                let piece = IndexedPiece(values: values, rows: 0..<block.rowCount)
                let made = try ColumnIndex.make(index.kind, index.scope, of: [piece], nil).bytes()
                guard !read.isEqual(to: made) else { continue }
                findings.append(
                    stored.finding(
                        "an index has other values than the rows", column, at: index.offset,
                        isOfIndex: true))
            } catch {
                findings.append(
                    stored.finding(
                        error.message, entry.place.column, at: index.offset, isOfIndex: true))
            }
        }
        guard let filter = entry.filter else { return findings }
        do throws(StarlingError) { _ = try filter.read() } catch {
            findings.append(
                stored.finding(error.message, entry.place.column, at: filter.offset))
        }
        return findings
    }
}

extension Segment {
    /// Verifies what is in memory.
    package func check(_ table: NativeTable) -> [DamageFinding] {
        var findings: [DamageFinding] = []
        for (column, known) in zip(columns, table.columns) {
            do throws(StarlingError) {
                _ = try column.read(0..<rowCount, as: known.type.widestPhysicalType)
                guard
                    let wrong = try column.summary.contradiction(to: try column.block(), known)
                else { continue }
                findings.append(
                    DamageFinding(
                        segment: numbers.first ?? 0, column: known.name, message: wrong))
            } catch {
                findings.append(
                    DamageFinding(
                        segment: numbers.first ?? 0, column: known.name, message: error.message))
            }
        }
        return findings
    }
}

extension StoredSegment {
    fileprivate func finding(
        _ message: String, _ column: TableColumn? = nil, at place: Int = 0,
        isOfIndex: Bool = false
    ) -> DamageFinding {
        DamageFinding(
            segment: number, column: column?.name, file: source.path, place: offset + place,
            message: message, isOfIndex: isOfIndex)
    }
}

extension ColumnSummary {
    /// Reads all rows of a block and says what is not true of them; nil where all is.
    fileprivate func contradiction(
        to block: ColumnBlock, _ column: TableColumn?
    ) throws(StarlingError) -> String? {
        let type = column?.type.widestPhysicalType ?? block.physicalType
        let vector = try block.read(0..<block.rowCount, as: type)
        guard let column else { return nil }
        let found = Self.describe(vector, column.type, block, isFiltered: false).summary
        let own = found.statistics
        if let count = statistics.nullCount, count != own.nullCount {
            return "has \(own.nullCount ?? 0) NULLs, not \(count)"
        }
        if let low = statistics.low, own.low.map({ $0.precedes(low) }) ?? false {
            return "has lower values than are known"
        }
        if let high = statistics.high, own.high.map({ high.precedes($0) }) ?? false {
            return "has higher values than are known"
        }
        if let sum = statistics.sum, let ownSum = own.sum, sum != ownSum {
            return "has another sum than is known"
        }
        return nil
    }
}
