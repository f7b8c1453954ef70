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

    /// Finds the version that was there at a time; nil where none that can be read is as old.
    package func version(at microseconds: Int64) throws(StarlingError) -> NativeTable? {
        if microseconds >= history.microseconds { return committed }
        return try history.past.last { $0.microseconds <= microseconds }?.table().named(name)
    }

    /// Lists the versions between two that only packed rows anew, each with the one before it, on the
    /// way from one to the other.
    package func repackings(
        from start: NativeTable, to end: NativeTable
    ) throws(StarlingError) -> [(before: NativeTable, after: NativeTable)] {
        let isForward = start.history.number <= end.history.number
        let first = min(start.history.number, end.history.number)
        let last = max(start.history.number, end.history.number)
        var numbers = history.past.filter(\.isRepacked).map(\.number)
        if history.isRepacked { numbers.append(history.number) }
        var repackings: [(before: NativeTable, after: NativeTable)] = []
        for number in numbers where first < number && number <= last {
            let (old, new) = (try version(number - 1), try version(number).committed)
            repackings.append(isForward ? (old, new) : (new, old))
        }
        return isForward ? repackings : repackings.reversed()
    }

    /// Lists the rows that a later version has more and those that it has no more, as segments with
    /// all others hidden. Whatever both have is not looked at.
    func changes(
        to later: NativeTable, columnsOf last: NativeTable
    ) -> (added: [Segment], removed: [Segment]) {
        let earlier = having(columnsOf: last).visible
        let later = later.having(columnsOf: last).visible
        // Most segments are the same ones; what is in them is nowhere else.
        let (before, after) = (earlier.without(later), later.without(earlier))
        let (earlierPieces, laterPieces) = (before.hiddenByPiece, after.hiddenByPiece)
        return (
            after.compactMap { $0.rows(notIn: earlierPieces) },
            before.compactMap { $0.rows(notIn: laterPieces) }
        )
    }

    private func having(columnsOf other: NativeTable) -> NativeTable {
        guard !hasSameColumns(as: other) else { return self }
        return having(
            columns: other.columns, other.identities, lastColumnNumber: other.lastColumnNumber)
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

extension [Segment] {
    /// The segments that are not among others.
    fileprivate func without(_ others: [Segment]) -> [Segment] {
        let known = Set(others.map(ObjectIdentifier.init))
        return filter { !known.contains(ObjectIdentifier($0)) }
    }

    /// The rows that are gone of each piece that is there.
    var hiddenByPiece: [UInt64: RowSet] {
        var pieces: [UInt64: RowSet] = [:]
        for segment in self {
            for (piece, range) in segment.pieceRanges {
                pieces[piece.number] = segment.hidden?.part(range) ?? RowSet()
            }
        }
        return pieces
    }
}
