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
}

extension DatabaseFolder {
    /// Verifies all that a segment has on the disk.
    package func check(
        _ segment: Segment, of table: NativeTable, named name: TableName
    ) -> [DamageFinding] {
        guard let place = segment.place else { return segment.check(table) }
        let stored = stored(segment.numbers.first ?? 0, at: place, name)
        do throws(StarlingError) {
            let (rowCount, entries) = try SegmentImage.entries(of: stored, table)
            var findings: [DamageFinding] = []
            if rowCount != segment.rowCount, segment.damage == nil {
                findings.append(
                    stored.finding("it has \(rowCount) rows in place of \(segment.rowCount)"))
            }
            for entry in entries { findings += check(entry, stored) }
            return findings
        } catch {
            return [stored.finding(error.message)]
        }
    }

    private func check(_ entry: SegmentImage.Entry, _ stored: StoredSegment) -> [DamageFinding] {
        var findings: [DamageFinding] = []
        do throws(StarlingError) {
            let block = try entry.place.read()
            if let wrong = try entry.summary.contradiction(to: block, entry.place.column) {
                findings.append(
                    stored.finding(
                        "block \(entry.place.number) \(wrong)", entry.place.column,
                        at: entry.place.offset))
            }
        } catch {
            findings.append(
                stored.finding(error.message, entry.place.column, at: entry.place.offset))
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
        _ message: String, _ column: TableColumn? = nil, at place: Int = 0
    ) -> DamageFinding {
        DamageFinding(
            segment: number, column: column?.name, file: source.path, place: offset + place,
            message: message)
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
