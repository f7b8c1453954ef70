import Synchronization

/// Names the rows of a segment that came together: small segments are merged in memory, and the log
/// knows them by the numbers that they had.
package struct SegmentPiece: Sendable, Hashable {
    package var number: UInt64
    package var rowCount: Int
    /// The sorted run that the rows are a part of; nil where their order is not known.
    package var run: SegmentRun?

    package init(number: UInt64, rowCount: Int, run: SegmentRun? = nil) {
        self.number = number
        self.rowCount = rowCount
        self.run = run
    }

    /// Names rows that no log knows.
    static func passing(_ rowCount: Int) -> SegmentPiece {
        let number = last.wrappingAdd(1, ordering: .relaxed).newValue
        return SegmentPiece(number: number, rowCount: rowCount)
    }

    // The numbers of a log are lower.
    private static let last = Atomic<UInt64>(1 << 63)
}
