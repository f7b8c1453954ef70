// From candidates to pairs.

import StarlingErrors
import StarlingRows
import StarlingVectors

/// Returns 1 for all numbers but 0, without a branch.
@inline(__always)
func isNotZero(_ number: UInt32) -> Int {
    Int(truncatingIfNeeded: (0 &- UInt64(number)) &>> 63)
}

extension JoinProbeWorker {
    /// Pairs every row with its first candidate, and keeps the rows that have more of them.
    ///
    /// Most rows have one; this way they are joined without a branch that depends on data.
    func takeFirstCandidates<Cursor: CandidateCursor>(
        _ cursor: Cursor, _ count: Int, _ chunk: Chunk, _ keys: [Vector]?
    ) throws(StarlingError) -> Int {
        pairs.rows.update(from: candidateRows, count: count)
        let addresses = pairs.addresses
        for candidate in 0..<count { addresses[candidate] = cursor.address(starts[candidate]) }
        pairs.count = count
        try verify(chunk, keys: keys)
        if !shape.givesPairs { pairs.removeAll() }
        var kept = 0
        for candidate in 0..<count {
            let position = cursor.next(starts[candidate])
            let end = ends[candidate]
            candidateRows[kept] = candidateRows[candidate]
            starts[kept] = position
            ends[kept] = end
            let difference = position ^ end
            kept &+= Int(truncatingIfNeeded: (difference | (0 &- difference)) &>> 63)
        }
        return kept
    }

    /// Pairs every row with all of its candidates and verifies them.
    func expandCandidates<Cursor: CandidateCursor>(
        _ cursor: Cursor, _ count: Int, _ chunk: Chunk, _ keys: [Vector]?
    ) throws(StarlingError) {
        let rows = pairs.rows
        let addresses = pairs.addresses
        var pairCount = pairs.count
        for candidate in 0..<count {
            let row = candidateRows[candidate]
            let end = ends[candidate]
            var position = starts[candidate]
            repeat {
                if pairCount == JoinPairs.capacity {
                    pairs.count = pairCount
                    try verifyFullPairs(chunk, keys: keys)
                    pairCount = pairs.count
                }
                rows[pairCount] = row
                addresses[pairCount] = cursor.address(position)
                pairCount &+= 1
                position = cursor.next(position)
            } while position != end
        }
        pairs.count = pairCount
        try verify(chunk, keys: keys)
        if !shape.givesPairs { pairs.removeAll() }
    }

    /// Makes room in full pairs: drops what does not match, and gives the rest if it is much.
    func verifyFullPairs(_ chunk: Chunk, keys: [Vector]?) throws(StarlingError) {
        try verify(chunk, keys: keys)
        if !shape.givesPairs {
            pairs.removeAll()
        } else if pairs.count > JoinPairs.capacity * 3 / 4 {
            try givePairs(chunk)
        }
    }

    /// Finds out which rows have a match, one candidate of every row a round.
    func findMatches<Cursor: CandidateCursor>(
        _ cursor: Cursor, _ count: Int, _ chunk: Chunk, _ keys: [Vector]?
    ) throws(StarlingError) {
        var active = count
        while active > 0 {
            for candidate in 0..<active {
                pairs.rows[candidate] = candidateRows[candidate]
                pairs.addresses[candidate] = cursor.address(starts[candidate])
            }
            pairs.count = active
            try verify(chunk, keys: keys)
            pairs.removeAll()
            var kept = 0
            for candidate in 0..<active {
                let row = candidateRows[candidate]
                let position = cursor.next(starts[candidate])
                let end = ends[candidate]
                candidateRows[kept] = row
                starts[kept] = position
                ends[kept] = end
                kept &+= isMatched[Int(row)] == 0 && position != end ? 1 : 0
            }
            active = kept
        }
    }

    /// Joins with the one or no row that a unique key has.
    func joinUnique(_ chunk: Chunk) throws(StarlingError) {
        let lookup = table.pages.lookup
        let rows = pairs.rows
        let addresses = pairs.addresses
        let rowCount = chunk.count
        if shape.keepsProbeRows {
            let nullRow = table.nullRow.baseAddress
            for row in 0..<rowCount {
                let number = numbers[row]
                addresses[row] = number == 0 ? nullRow : lookup.address(of: number)
                rows[row] = UInt16(truncatingIfNeeded: row)
            }
            pairs.count = rowCount
            // The flag of the row of NULLs is never looked at.
            if shape.marksBuildRows { markBuildRows(from: 0) }
            return try givePairs(chunk)
        }
        var count = 0
        for row in 0..<rowCount {
            let number = numbers[row]
            rows[count] = UInt16(truncatingIfNeeded: row)
            numbers[count] = number
            count &+= isNotZero(number)
        }
        if shape.readsBuildRows {
            for pair in 0..<count { addresses[pair] = lookup.address(of: numbers[pair]) }
        }
        pairs.count = count
        if shape.marksBuildRows { markBuildRows(from: 0) }
        if shape.givesPairs { try givePairs(chunk) } else { pairs.removeAll() }
    }

    /// Pairs every row of the chunk with every build row.
    func consumeWithoutKeys(_ chunk: Chunk) throws(StarlingError) {
        let stopsAtMatch = shape.kind.isMembership && !shape.buildsLeft
        var active = chunk.count
        for row in 0..<active { candidateRows[row] = UInt16(truncatingIfNeeded: row) }
        for block in table.pages.blocks {
            var address = block.baseAddress
            for _ in 0..<block.rowCount {
                if pairs.count + active > JoinPairs.capacity {
                    try verifyFullPairs(chunk, keys: nil)
                    if pairs.count + active > JoinPairs.capacity { try givePairs(chunk) }
                }
                (pairs.rows + pairs.count).update(from: candidateRows, count: active)
                (pairs.addresses + pairs.count).update(repeating: address, count: active)
                pairs.count += active
                address += table.pages.rowByteCount
                guard stopsAtMatch else { continue }
                try verify(chunk, keys: nil)
                pairs.removeAll()
                active = dropMatched(active)
                if active == 0 { return }
            }
        }
        try verify(chunk, keys: nil)
        if !shape.givesPairs { pairs.removeAll() }
    }

    /// Keeps the rows without a match among the first `count` candidates.
    private func dropMatched(_ count: Int) -> Int {
        var kept = 0
        for candidate in 0..<count {
            let row = candidateRows[candidate]
            candidateRows[kept] = row
            kept &+= isMatched[Int(row)] == 0 ? 1 : 0
        }
        return kept
    }
}
