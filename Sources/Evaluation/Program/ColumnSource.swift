// Where evaluation takes columns from. Asking is lazy: a column that nothing needs is never read,
// and one that is needed late is read for the rows that are left.

import StarlingErrors
import StarlingKernels
import StarlingTables
import StarlingVectors

/// Gives the columns of a window of rows.
package protocol ColumnSource {
    /// Returns a column for all rows, or dense for the selected ones.
    func column(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector
}

/// Gives the columns of a chunk.
package struct ChunkColumns: ColumnSource {
    package let chunk: Chunk

    package init(_ chunk: Chunk) { self.chunk = chunk }

    package func column(
        _ position: Int, selection: Selection?
    ) throws(StarlingError) -> Vector {
        let column = chunk.columns[position]
        return selection.map { column.gathered(by: $0) } ?? column
    }
}

/// Gives the columns of a reader's window, each read at most once, for the rows first asked for;
/// later requests ask for some of those rows.
package final class WindowColumns: ColumnSource {
    private let reader: any PartReader
    private let claims: [ColumnClaim?]
    private var kept: [Kept?]

    private struct Kept {
        var vector: Vector
        var selection: Selection?
    }

    /// Takes a claim for each column, nil where there is none to check.
    package init(_ reader: any PartReader, claims: [ColumnClaim?]) {
        self.reader = reader
        self.claims = claims
        kept = Array(repeating: nil, count: claims.count)
    }

    /// Moves the reader, and forgets what was read of the window before.
    package func moveWindow(to row: Int, count: Int) throws(StarlingError) {
        for position in kept.indices { kept[position] = nil }
        try reader.moveWindow(to: row, count: count)
    }

    /// Moves the reader of a part that is not counted; returns the number of rows, 0 at the end.
    package func moveToNextWindow(countMax: Int) throws(StarlingError) -> Int {
        for position in kept.indices { kept[position] = nil }
        return try reader.moveToNextWindow(countMax: countMax)
    }

    package func column(
        _ position: Int, selection: Selection?
    ) throws(StarlingError) -> Vector {
        guard let known = kept[position] else {
            let vector = try reader.read(position, selection: selection)
            try claims[position]?.check(vector)
            kept[position] = Kept(vector: vector, selection: selection)
            return vector
        }
        guard let have = known.selection else {
            return selection.map { known.vector.gathered(by: $0) } ?? known.vector
        }
        guard let selection else {
            throw StarlingError(.internal, "a column is read for more rows than before")
        }
        if have.buffer === selection.buffer, have.count == selection.count { return known.vector }
        return known.vector.gathered(by: selection.positions(within: have))
    }
}

extension Selection {
    /// Finds the places of these rows in a selection that contains them all.
    func positions(within outer: Selection) -> Selection {
        var result = Selection()
        let (wanted, have, target) = (rows, outer.rows, result.rows)
        var place = 0
        for i in 0..<count {
            while place < outer.count, have[place] != wanted[i] { place &+= 1 }
            precondition(place < outer.count, "rows are asked for that were not read")
            target[i] = UInt16(truncatingIfNeeded: place)
        }
        result.count = count
        return result
    }
}
