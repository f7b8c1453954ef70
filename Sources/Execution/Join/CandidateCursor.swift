// How the candidates of a probe row follow each other: as numbers in a chain, or as addresses of
// consecutive rows.

import StarlingRows

/// Walks over the candidates of one row.
protocol CandidateCursor {
    func address(_ position: UInt64) -> RowAddress
    /// Returns the position of the next candidate; it is the end where there is none.
    func next(_ position: UInt64) -> UInt64
}

/// Follows chains of row numbers; 0 is the end.
struct NumberCursor: CandidateCursor {
    private let pages: RowPages.Lookup
    private let following: UnsafePointer<UInt32>?

    init(_ pages: RowPages.Lookup, _ index: DirectIndex.Lookup) {
        self.pages = pages
        following = index.next
    }

    @inline(__always)
    func address(_ position: UInt64) -> RowAddress {
        pages.address(of: UInt32(truncatingIfNeeded: position))
    }

    @inline(__always)
    func next(_ position: UInt64) -> UInt64 {
        following.map { UInt64($0[Int(position)]) } ?? 0
    }
}

/// Follows rows that lie side by side.
struct AddressCursor: CandidateCursor {
    let width: UInt64

    @inline(__always)
    func address(_ position: UInt64) -> RowAddress {
        RowAddress(bitPattern: UInt(position)).unsafelyUnwrapped
    }

    @inline(__always)
    func next(_ position: UInt64) -> UInt64 { position &+ width }
}
