// Segments whose directory is damaged, or whose file is gone or cut off. The database opens all the same; whoever
// reads such a segment gets the error, and REPAIR TABLE takes it out of the table.

import StarlingErrors
import StarlingTables
import StarlingVectors

extension Segment {
    /// Stands for the rows of several segments, one behind the other, that cannot be opened.
    package static func damaged(
        _ error: StarlingError, _ pieces: [SegmentPiece], at place: SegmentPlace,
        of table: NativeTable
    ) -> Segment {
        Segment(
            columns: table.columns.map { _ in SegmentColumn(damaged: error) },
            rowCount: pieces.reduce(0) { $0 + $1.rowCount }, pieces: pieces, place: place)
    }

    /// Counts the rows that a segment may have, where nobody knows any more how many it has.
    package static let unknownRowCount = rowCountMax + chunkCapacity

    /// Why the segment cannot be opened; nil where it can.
    package var damage: StarlingError? { columns.lazy.compactMap(\.damage).first }

    /// Says no where the segment cannot be opened.
    func checkOpen() throws(StarlingError) {
        if let damage { throw damage }
    }
}

extension DatabaseFolder {
    /// Tells whether an error in opening a segment is one of what lies on the disk, which will be the
    /// same the next time.
    package func isDamage(_ error: StarlingError, at place: SegmentPlace) -> Bool {
        guard case .file(let number, let offset, let byteCount) = place else { return false }
        guard error.kind != .data, let known = self.byteCount(ofFile: number) else { return true }
        return known < offset + byteCount
    }
}
