// Rows know their random numbers by position: a row of most tables is at its row number, a line
// of an order at 7 · order + line, whether or not the order has that many lines. A column's stream
// gives the same count of numbers to every position.

import StarlingVectors

/// Names the rows that columns are being generated for: some of the positions of a short range.
struct PositionWindow: Sendable {
    let first: Int
    let span: Int
    /// The chosen positions, counted from `first`; nil stands for all.
    let picks: [UInt16]?

    init(first: Int, span: Int, picks: [UInt16]? = nil) {
        self.first = first
        self.span = span
        self.picks = picks
    }

    var count: Int { picks?.count ?? span }

    /// Returns the position of a row.
    @inline(__always)
    func position(_ row: Int) -> Int { first &+ (picks.map { Int($0[row]) } ?? row) }

    /// Returns for each row the first state that a column's stream gives to it.
    func states(seed: UInt32, usesPerPosition: Int = 1) -> [UInt32] {
        let all = RandomStream(seed: seed).states(
            from: first * usesPerPosition, stride: usesPerPosition, count: span)
        guard let picks else { return all }
        return [UInt32](unsafeUninitializedCapacity: picks.count) { target, filled in
            for row in 0..<picks.count { target[row] = all[Int(picks[row])] }
            filled = picks.count
        }
    }

    /// Draws one integer a row.
    func uniform(seed: UInt32, _ low: Int, _ high: Int) -> [Int64] {
        UniformRange(low, high).values(states(seed: seed))
    }

    /// Computes one integer a row from its position.
    @inline(__always)
    func integers(_ compute: (Int) -> Int) -> [Int64] {
        [Int64](unsafeUninitializedCapacity: count) { target, filled in
            if let picks {
                for row in 0..<picks.count {
                    target[row] = Int64(compute(first &+ Int(picks[row])))
                }
            } else {
                for row in 0..<span { target[row] = Int64(compute(first &+ row)) }
            }
            filled = count
        }
    }

    /// Keeps the rows that a selection names.
    func selecting(_ selection: Selection?) -> PositionWindow {
        guard let selection else { return self }
        let chosen = UnsafeBufferPointer(start: selection.rows, count: selection.count)
        return PositionWindow(
            first: first, span: span, picks: chosen.map { row in picks?[Int(row)] ?? row })
    }
}
