// What a column's numbers come from: streams that are decoded to integers of 64 or 128 bits, which
// then go into vectors of the layout that was asked for.

/// Gives the numbers of a column in order, those that are there.
class NumberSource {
    /// True where numbers are given as Int128, else as Int64.
    var isWide: Bool { false }

    /// Counts, since the last call, numbers of which digits were cut off.
    func takeCutCount() -> Int { 0 }

    /// Decodes `count` (at most a chunk's) numbers.
    func decode(_ count: Int, into target: UnsafeMutableRawPointer) throws(ORCDamage) {
        throw ORCDamage("there is no decoder")
    }

    func skip(_ count: Int) throws(ORCDamage) {}

    func seek(_ positions: inout StreamPositions) throws(ORCDamage) {}
}
