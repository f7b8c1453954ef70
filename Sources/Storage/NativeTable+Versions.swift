// Earlier versions of a table, and what changed between two of them.

import StarlingErrors
import StarlingTables

extension NativeTable {
    /// Finds a version by its number.
    package func version(_ number: Int) throws(StarlingError) -> NativeTable {
        if number == history.number { return committed }
        guard let version = history.past.first(where: { $0.number == number }) else {
            let first = history.past.first?.number ?? history.number
            let known =
                first == history.number
                ? "version \(first) only" : "versions \(first) to \(history.number)"
            throw StarlingError(
                .binding, "there is no version \(number) of '\(name)'; it has \(known)")
        }
        return try version.table().named(name)
    }

    /// Finds the version that was there at a time.
    package func version(at microseconds: Int64) throws(StarlingError) -> NativeTable {
        if microseconds >= history.microseconds { return committed }
        guard let version = history.past.last(where: { $0.microseconds <= microseconds }) else {
            throw StarlingError(.binding, "no version of '\(name)' is that old any more")
        }
        return try version.table().named(name)
    }

    /// Lists the rows that a later version has more and those that it has no more, as segments with
    /// all others hidden. Whatever both have is not looked at.
    package func changes(
        to later: NativeTable
    ) -> (added: [Segment], removed: [Segment]) {
        // The columns are those of the later version.
        let earlier = having(
            columns: later.columns, later.identities, lastColumnNumber: later.lastColumnNumber)
        return (
            later.visible.compactMap { $0.rows(notIn: earlier.pieces) },
            earlier.visible.compactMap { $0.rows(notIn: later.pieces) }
        )
    }

    /// The rows that are gone of each piece that is there.
    private var pieces: [UInt64: RowSet] {
        var pieces: [UInt64: RowSet] = [:]
        for segment in visible {
            for (piece, range) in segment.pieceRanges {
                pieces[piece.number] = segment.hidden?.part(range) ?? RowSet()
            }
        }
        return pieces
    }
}

extension Segment {
    /// Hides all rows that are in a snapshot, too, given what is hidden there of its pieces; nil
    /// where none are left.
    fileprivate func rows(notIn others: [UInt64: RowSet]) -> Segment? {
        var hidden = hidden ?? RowSet()
        for (piece, range) in pieceRanges {
            guard let other = others[piece.number] else { continue }
            guard !other.isEmpty else {
                hidden.formUnion(RowSet(range))
                continue
            }
            for row in range where !other.contains(row - range.lowerBound) {
                _ = hidden.insert(row)
            }
        }
        return hidden.count < rowCount ? hiding(hidden) : nil
    }
}
