// From matches to output chunks.

import StarlingErrors
import StarlingKernels
import StarlingRows
import StarlingTypes
import StarlingVectors

extension JoinProbeWorker {
    /// Returns a column of the pairs from `start` on.
    func column(_ origin: JoinShape.Origin, of chunk: Chunk, from start: Int) -> Vector {
        switch origin {
        case .probe(let position):
            chunk.columns[position].gathered(
                by: pairs.indexes(from: start), count: pairs.count - start)
        case .build(let position):
            shape.layout.gather(
                position, rows: pairs.addresses + start, count: pairs.count - start, owner: table)
        case .mark: preconditionFailure("only mark joins give a mark, and they give no pairs")
        }
    }

    /// Gives all pairs as a chunk and forgets them.
    func givePairs(_ chunk: Chunk) throws(StarlingError) {
        let count = pairs.count
        guard count > 0 else { return }
        var columns: [Vector] = []
        columns.reserveCapacity(shape.outputs.count)
        let areAllRows = pairs.areAllRows(of: chunk.count)
        let indexes = areAllRows ? nil : pairs.indexes()
        for output in shape.outputs {
            if case .probe(let position) = output {
                columns.append(
                    indexes.map { chunk.columns[position].gathered(by: $0, count: count) }
                        ?? chunk.columns[position])
            } else {
                columns.append(column(output, of: chunk, from: 0))
            }
        }
        pairs.removeAll()
        try next.consume(Chunk(columns: columns, count: count))
    }

    /// Pairs the rows without a match with the row of NULLs.
    func addUnmatchedRows(_ chunk: Chunk) throws(StarlingError) {
        let nullRow = table.nullRow.baseAddress
        for row in 0..<chunk.count where isMatched[row] == 0 {
            if pairs.count == JoinPairs.capacity { try givePairs(chunk) }
            pairs.rows[pairs.count] = UInt16(truncatingIfNeeded: row)
            pairs.addresses[pairs.count] = nullRow
            pairs.count += 1
        }
    }

    /// Gives those of the build rows that are only known at the end.
    func giveRemainder(of run: RowRun) throws(StarlingError) {
        let width = shape.layout.rowByteCount
        let addresses = pairs.addresses
        var count = 0
        var address = run.start
        for _ in 0..<run.count {
            addresses[count] = address
            count &+= isRemaining(address) ? 1 : 0
            address += width
            if count == JoinPairs.capacity {
                try giveBuildRows(count)
                count = 0
            }
        }
        if count > 0 { try giveBuildRows(count) }
    }

    /// Tells whether a build row is given at the end.
    @inline(__always)
    private func isRemaining(_ address: RowAddress) -> Bool {
        switch shape.kind {
        case .mark: true
        case .semi: isMarked(address)
        default: !isMarked(address)
        }
    }

    @inline(__always)
    private func isMarked(_ address: RowAddress) -> Bool {
        address.load(fromByteOffset: shape.layout.flagOffset, as: UInt8.self) != 0
    }

    private func giveBuildRows(_ count: Int) throws(StarlingError) {
        let rows = pairs.addresses
        let columns = shape.outputs.map { output -> Vector in
            switch output {
            case .probe(let position):
                return .allNull(shape.probeTypes[position], count: count)
            case .build(let position):
                return shape.layout.gather(position, rows: rows, count: count, owner: table)
            case .mark:
                let mark = Vector(uninitialized: .int8, count: count)
                for row in 0..<count {
                    mark.pointer(to: Int8.self)[row] = isMarked(rows[row]) ? 1 : 0
                }
                return mark
            }
        }
        try next.consume(Chunk(columns: columns, count: count))
    }
}
