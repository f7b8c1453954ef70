// The probe of a join on one worker, a chunk at a time:
//
// 1. The index gives each row of the chunk its candidates among the build rows.
// 2. Pairs of row and candidate are collected; keys are compared where the index only hashes, then
//    the residual condition is asked, and what is left are matches.
// 3. Matches become output chunks, or, where a join only asks whether there is one, a byte a row.
// 4. Rows without a match follow, with NULLs, where the kind keeps them.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors
import Synchronization

/// Probes the table with the chunks of one worker.
final class JoinProbeWorker: TransformWorker {
    let table: JoinTable
    let shape: JoinShape
    let next: any ChunkConsumer
    let pairs = JoinPairs()
    /// Candidates of the chunk's rows: the row, where its candidates begin, and where they end.
    let candidateRows: UnsafeMutablePointer<UInt16>
    let starts: UnsafeMutablePointer<UInt64>
    let ends: UnsafeMutablePointer<UInt64>
    let numbers: UnsafeMutablePointer<UInt32>
    let hashes: UnsafeMutablePointer<UInt64>
    /// A byte a row of the chunk: 1 where a match was found.
    let isMatched: UnsafeMutablePointer<UInt8>
    let isEqual: UnsafeMutablePointer<UInt8>
    let hasher: ColumnHasher
    /// The rows of the values of the last dictionary.
    private var codeCandidates: CodeCandidates?

    private let condition: (any RowConditionEvaluator)?
    private let remainder: SharedCounter
    private let remainderBlocks: [RowRun]
    private let execution: QueryExecution
    private let scratch = Buffer(byteCount: chunkCapacity * 32 + 256)
    private let selection = Selection()

    init(
        _ table: JoinTable, _ remainder: SharedCounter, _ execution: QueryExecution,
        next: any ChunkConsumer
    ) throws(StarlingError) {
        self.table = table
        shape = table.shape
        self.next = next
        self.remainder = remainder
        self.execution = execution
        hasher = execution.makeHasher()
        condition = try table.shape.residual?.makeEvaluator(execution)
        remainderBlocks = table.shape.marksBuildRows ? table.remainderBlocks : []
        // One row more than a chunk has: loops without branches write one place too far.
        let capacity = chunkCapacity
        starts = scratch.pointer(to: UInt64.self)
        ends = starts + capacity + 1
        hashes = ends + capacity + 1
        numbers = UnsafeMutableRawPointer(hashes + capacity).assumingMemoryBound(to: UInt32.self)
        candidateRows = UnsafeMutableRawPointer(numbers + capacity)
            .assumingMemoryBound(to: UInt16.self)
        isMatched = UnsafeMutableRawPointer(candidateRows + capacity + 2)
            .assumingMemoryBound(to: UInt8.self)
        isEqual = isMatched + capacity
    }

    var isFinished: Bool { table.isEmpty && shape.dropsUnmatchedProbeRows }

    func consume(_ chunk: Chunk) throws(StarlingError) {
        isMatched.update(repeating: 0, count: chunk.count)
        if !table.isEmpty {
            switch table.index {
            case .none: try consumeWithoutKeys(chunk)
            case .direct(let index):
                if try consumeUniqueKeys(chunk, index) { return }
            case .hash(let index): try consumeHashed(chunk, index)
            case .range(let index): try consumeRanges(chunk, index)
            }
        }
        if shape.givesPairs {
            if shape.keepsProbeRows { try addUnmatchedRows(chunk) }
            try givePairs(chunk)
        } else if !shape.buildsLeft {
            try giveMembership(chunk)
        }
    }

    func giveRemainingRows() throws(StarlingError) {
        while case let position = remainder.next(), position < remainderBlocks.count {
            try execution.cancellation.check()
            try giveRemainder(of: remainderBlocks[position])
        }
    }

    /// Returns the chunk's keys in the types of the table's.
    func keys(of chunk: Chunk) -> [Vector] {
        shape.probeKeys.indices.map {
            widenedKey(chunk.columns[shape.probeKeys[$0]], to: shape.keyTypes[$0])
        }
    }

    /// Joins through a direct index; returns true where the chunk is done with.
    private func consumeUniqueKeys(
        _ chunk: Chunk, _ index: DirectIndex
    ) throws(StarlingError) -> Bool {
        let key = chunk.columns[shape.probeKeys[0]].flattened()
        if shape.asksOnlyForKeys {
            index.findPresence(key, count: chunk.count, into: isMatched)
            return false
        }
        index.findNumbers(key, count: chunk.count, into: numbers)
        if index.isUnique, shape.residual == nil {
            try joinUnique(chunk)
            return true
        }
        let count = listCandidates(chunk.count)
        let cursor = NumberCursor(table.pages.lookup, index.lookup)
        try joinCandidates(cursor, count, chunk, keys: nil)
        return false
    }

    /// Lists the rows with a number as candidates, with that number.
    private func listCandidates(_ rowCount: Int) -> Int {
        var count = 0
        for row in 0..<rowCount {
            candidateRows[count] = UInt16(truncatingIfNeeded: row)
            starts[count] = UInt64(numbers[row])
            count &+= isNotZero(numbers[row])
        }
        ends.update(repeating: 0, count: count)
        return count
    }

    private func consumeHashed(_ chunk: Chunk, _ index: HashIndex) throws(StarlingError) {
        if try consumeCodes(chunk, index) { return }
        let keys = keys(of: chunk)
        hasher.hash(keys, count: chunk.count, into: hashes)
        var count = index.findCandidates(
            hashes, count: chunk.count, probeRows: candidateRows, starts: starts, ends: ends)
        for (position, key) in keys.enumerated()
        where !shape.isNullSafe[position] && key.validity != nil {
            count = dropNulls(key, count)
        }
        try joinCandidates(
            AddressCursor(width: UInt64(index.rowByteCount)), count, chunk, keys: keys)
    }

    /// Joins rows that are codes of a dictionary; returns false where they are not, or their values'
    /// rows do not lie side by side.
    private func consumeCodes(_ chunk: Chunk, _ index: HashIndex) throws(StarlingError) -> Bool {
        guard shape.probeKeys.count == 1, shape.keyTypes[0] == .string, !shape.isNullSafe[0] else {
            return false
        }
        let key = chunk.columns[shape.probeKeys[0]]
        guard let dictionary = key.dictionary else { return false }
        if codeCandidates?.dictionary !== dictionary {
            // Of a larger one the rows may have a few values only.
            guard dictionary.count > 0, dictionary.count <= 4 * chunk.count else { return false }
            codeCandidates = CodeCandidates(dictionary, index, shape.matcher, hasher)
        }
        let found = codeCandidates?.findCandidates(
            key.codes, count: chunk.count, probeRows: candidateRows, starts: starts, ends: ends)
        guard var count = found else { return false }
        if key.validity != nil { count = dropNulls(key, count) }
        try joinCandidates(
            AddressCursor(width: UInt64(index.rowByteCount)), count, chunk, keys: nil)
        return true
    }

    /// Drops candidates of rows whose key is NULL.
    private func dropNulls(_ key: Vector, _ count: Int) -> Int {
        var kept = 0
        for candidate in 0..<count {
            candidateRows[kept] = candidateRows[candidate]
            starts[kept] = starts[candidate]
            ends[kept] = ends[candidate]
            kept += key.isValid(Int(candidateRows[kept])) ? 1 : 0
        }
        return kept
    }

    private func joinCandidates<Cursor: CandidateCursor>(
        _ cursor: Cursor, _ count: Int, _ chunk: Chunk, keys: [Vector]?
    ) throws(StarlingError) {
        if shape.kind.isMembership, !shape.buildsLeft {
            try findMatches(cursor, count, chunk, keys)
        } else {
            let rest = try takeFirstCandidates(cursor, count, chunk, keys)
            try expandCandidates(cursor, rest, chunk, keys)
        }
    }

    /// Turns candidates into matches: compares keys, asks the condition, notes what was matched.
    func verify(_ chunk: Chunk, keys: [Vector]?) throws(StarlingError) {
        let start = pairs.verifiedCount
        guard pairs.count > start else { return }
        // One chunk may have very many pairs; who presses Ctrl-C doesn't wait for all of them.
        try execution.cancellation.check()
        if let keys {
            shape.matcher.match(
                keys, probeRows: pairs.rows + start, addresses: pairs.addresses + start,
                count: pairs.count - start, isMatch: isEqual)
            pairs.keep(where: isEqual)
        }
        if let condition, pairs.count > start {
            let columns = shape.residualColumns.map { column($0, of: chunk, from: start) }
            pairs.keep(
                try condition.select(Chunk(columns: columns, count: pairs.count - start)))
        }
        try noteMatches(from: start)
        pairs.verifiedCount = pairs.count
    }

    private func noteMatches(from start: Int) throws(StarlingError) {
        let rows = pairs.rows
        if case .single(let place) = shape.kind {
            for pair in start..<pairs.count {
                let row = Int(rows[pair])
                if isMatched[row] != 0 {
                    throw StarlingError(
                        .data,
                        "the subquery gives more than one row; LIMIT 1 or an aggregate makes it one",
                        at: place)
                }
                isMatched[row] = 1
            }
            return
        }
        if shape.keepsProbeRows || !shape.givesPairs {
            for pair in start..<pairs.count { isMatched[Int(rows[pair])] = 1 }
        }
        if shape.marksBuildRows { markBuildRows(from: start) }
    }

    /// Sets the flags of build rows; other workers may set the same ones.
    func markBuildRows(from start: Int) {
        let offset = shape.layout.flagOffset
        for pair in start..<pairs.count {
            let flag = (pairs.addresses[pair] + offset).assumingMemoryBound(to: Atomic<UInt8>.self)
            // What is set already need not be fetched for writing.
            if flag.pointee.load(ordering: .relaxed) == 0 {
                flag.pointee.store(1, ordering: .relaxed)
            }
        }
    }

    /// Gives the chunk's rows that have a match, or have none, or all with a mark.
    private func giveMembership(_ chunk: Chunk) throws(StarlingError) {
        if shape.kind == .mark {
            let mark = Vector(uninitialized: .int8, count: chunk.count)
            mark.pointer(to: UInt8.self).update(from: isMatched, count: chunk.count)
            let columns = shape.outputs.map { output in
                if case .probe(let position) = output { chunk.columns[position] } else { mark }
            }
            return try next.consume(Chunk(columns: columns, count: chunk.count))
        }
        if shape.kind == .nullAwareAnti, table.buildHasRows {
            if table.hasNullKey { return }
            let key = chunk.columns[shape.probeKeys[0]]
            if key.validity != nil {
                for row in 0..<chunk.count where !key.isValid(row) { isMatched[row] = 1 }
            }
        }
        let unwanted: UInt8 = shape.kind == .semi ? 0 : 1
        var count = 0
        let rows = selection.rows
        for row in 0..<chunk.count {
            rows[count] = UInt16(truncatingIfNeeded: row)
            count &+= Int(isMatched[row] ^ unwanted)
        }
        guard count > 0 else { return }
        var selected = selection
        selected.count = count
        let columns = shape.outputs.map { output in
            guard case .probe(let position) = output else { return chunk.columns[0] }
            return chunk.columns[position].gathered(by: selected)
        }
        try next.consume(Chunk(columns: columns, count: count))
    }
}
