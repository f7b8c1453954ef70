import StarlingErrors
import StarlingFunctions
import StarlingVectors

/// Computes the functions of a row's place: numbers, ranks and shares.
struct WindowRanking {
    let call: WindowCall
    let rows: WindowRows
    let extents: WindowExtents
    let progress: WindowProgress

    func result(_ kind: WindowFunction.Kind) throws(StarlingError) -> Vector {
        let vector: Vector
        switch kind {
        case .percentRank: vector = shares(percentRank)
        case .cumulativeDistribution: vector = shares(cumulativeDistribution)
        case .rank: vector = numbers(rank)
        case .denseRank: vector = denseRanks()
        case .ntile: vector = try tiles()
        case .sessionNumber: vector = try sessions()
        default: vector = numbers(rowNumber)
        }
        return vector.converted(to: call.resultType)
    }

    private func numbers(_ number: (Int) -> Int64) -> Vector {
        let vector = Vector(uninitialized: .int64, count: rows.count)
        let target = vector.pointer(to: Int64.self)
        for row in 0..<rows.count { target[row] = number(row) }
        return vector
    }

    private func shares(_ share: (Int) -> Double) -> Vector {
        let vector = Vector(uninitialized: .float64, count: rows.count)
        let target = vector.pointer(to: Double.self)
        for row in 0..<rows.count { target[row] = share(row) }
        return vector
    }

    private func rowNumber(_ row: Int) -> Int64 {
        Int64(rows.first + row) - Int64(extents.partitionStart[row]) + 1
    }

    private func rank(_ row: Int) -> Int64 {
        Int64(extents.peerStart[row]) - Int64(extents.partitionStart[row]) + 1
    }

    private func size(_ row: Int) -> Int64 {
        Int64(extents.partitionEnd[row]) - Int64(extents.partitionStart[row])
    }

    private func percentRank(_ row: Int) -> Double {
        let others = size(row) - 1
        return others == 0 ? 0 : Double(rank(row) - 1) / Double(others)
    }

    private func cumulativeDistribution(_ row: Int) -> Double {
        Double(Int64(extents.peerEnd[row]) - Int64(extents.partitionStart[row]))
            / Double(size(row))
    }

    private func isFirst(_ row: Int, in starts: UnsafePointer<UInt32>) -> Bool {
        Int(starts[row]) == rows.first + row
    }

    private func denseRanks() -> Vector {
        var current = Int64(extents.peersBefore)
        return numbers { row in
            if isFirst(row, in: extents.partitionStart) {
                current = 1
            } else if isFirst(row, in: extents.peerStart) {
                current += 1
            }
            return current
        }
    }

    /// Numbers the runs of values that are no further apart than the gap; NULLs are in none.
    private func sessions() throws(StarlingError) -> Vector {
        let values = WideColumn(try rows.column(call.arguments[0]))
        let gaps = WideColumn(try rows.column(call.arguments[1]))
        var (session, last) = progress.session
        var vector = numbers { row in
            if isFirst(row, in: extents.partitionStart) { (session, last) = (1, nil) }
            guard let value = values.value(row) else { return 0 }
            if let last, value - last > (gaps.value(row) ?? 0) { session += 1 }
            last = value
            return session
        }
        progress.session = (session, last)
        let validity = Validity(count: rows.count, allValid: true)
        for row in 0..<rows.count where values.value(row) == nil { validity.setNull(row) }
        vector.validity = validity
        return vector
    }

    /// Cuts each partition into parts that differ by one row at most, larger ones first.
    private func tiles() throws(StarlingError) -> Vector {
        let counts = WideColumn(try rows.column(call.arguments[0]))
        for row in 0..<rows.count {
            guard let count = counts.value(row), count > 0 else {
                throw StarlingError(.data, "ntile() takes a number of parts above 0")
            }
        }
        return numbers { row in
            let count = Int64(clamping: counts.values[row])
            let place = rowNumber(row) - 1
            let (part, rest) = size(row).quotientAndRemainder(dividingBy: count)
            let inLarger = rest * (part + 1)
            if place < inLarger { return place / (part + 1) + 1 }
            return rest + (place - inLarger) / part + 1
        }
    }
}
