import StarlingErrors
import StarlingThreads

/// Lets the sorting of many rows be stopped and watched while it goes on.
struct SortPace: Sendable {
    /// Rows between two questions whether to go on: a millisecond's work or less.
    static let pieceRowCount = 1 << 14

    let cancellation: Cancellation
    /// Where rows that have found their place are noted; nil while rows are still gathered.
    let progress: QueryProgress?

    /// Runs `body` over 0..<count piece by piece, and asks between them whether to go on.
    @inline(__always)
    func inPieces(of count: Int, _ body: (Range<Int>) -> Void) throws(StarlingError) {
        var start = 0
        while true {
            let end = min(count, start &+ Self.pieceRowCount)
            body(start..<end)
            start = end
            guard start < count else { return }
            try cancellation.check()
        }
    }

    /// Tells that `count` rows have found their place, and asks whether to go on.
    func settle(_ count: Int) throws(StarlingError) {
        progress?.note(count)
        try cancellation.check()
    }

    /// Tells that a run of equal rows has found its place, unless who sorts it tells so.
    func settle(run count: Int) throws(StarlingError) {
        if count > Self.pieceRowCount { try settle(count) }
    }
}
