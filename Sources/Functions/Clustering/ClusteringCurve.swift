// Curves through a space whose axes are ranks of columns. Rows that lie near each other on a curve
// have similar ranks on all axes, so that the bounds of neighbours are narrow in every column.
//
// Z-order interleaves the bits of the ranks (Morton 1966). A Hilbert curve makes no jumps: its ranks
// are turned and mirrored first, then interleaved, too (Skilling, "Programming the Hilbert Curve",
// AIP Conference Proceedings 707, 2004).

import StarlingVectors

/// Finds places on a curve.
package struct ClusteringCurve: Sendable {
    package enum Kind: String, Sendable {
        case zorder
        case hilbert
    }

    /// More axes than this leave too few bits to each.
    package static let axisCountMax = 16
    /// More ranks than this tell nothing more of a million segments.
    private static let rankBitCountMax = 12

    let kind: Kind
    let axisCount: Int
    /// The bits of a rank.
    package let bitCount: Int
    /// The bits of each rank, `axisCount` apart.
    private let spread: [UInt64]

    package init(_ kind: Kind, axisCount: Int) {
        self.kind = kind
        self.axisCount = axisCount
        let bitCount = min(Self.rankBitCountMax, 62 / max(1, axisCount))
        self.bitCount = bitCount
        spread = (0..<(UInt64(1) << UInt64(bitCount))).map { rank in
            (0..<bitCount).reduce(UInt64(0)) { bits, bit in
                bits | ((rank >> UInt64(bit)) & 1) << UInt64(bit * axisCount)
            }
        }
    }

    /// The bits of a place.
    var placeBitCount: Int { bitCount * axisCount }

    /// Finds the places of rows, given the ranks of all axes.
    package func places(of ranks: [Vector]) -> [Int64] {
        let count = ranks.first?.count ?? 0
        return [Int64](unsafeUninitializedCapacity: count) { places, initialized in
            if let start = places.baseAddress { fill(start, ranks, count: count) }
            initialized = count
        }
    }

    /// Finds the places of rows, given the rank of each on every axis as 16 bits.
    func fill(_ target: UnsafeMutablePointer<Int64>, _ ranks: [Vector], count: Int) {
        let views = ranks.map { DecodedVector($0) }
        let isHilbert = kind == .hilbert
        spread.withUnsafeBufferPointer { spread in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: axisCount) { axes in
                for row in 0..<count {
                    for axis in 0..<axisCount {
                        axes[axis] = UInt32(views[axis].value(row, as: UInt16.self))
                    }
                    if isHilbert { turn(axes) }
                    var place: UInt64 = 0
                    for axis in 0..<axisCount {
                        place = place &<< 1 | spread[Int(axes[axis])]
                    }
                    target[row] = Int64(bitPattern: place)
                }
            }
        }
    }

    /// Turns ranks into what the place on a Hilbert curve has interleaved.
    @inline(__always)
    private func turn(_ axes: UnsafeMutableBufferPointer<UInt32>) {
        let top = UInt32(1) &<< UInt32(bitCount &- 1)
        var bit = top
        while bit > 1 {
            let below = bit &- 1
            for axis in 0..<axisCount {
                if axes[axis] & bit != 0 {
                    axes[0] ^= below
                } else {
                    let swapped = (axes[0] ^ axes[axis]) & below
                    axes[0] ^= swapped
                    axes[axis] ^= swapped
                }
            }
            bit &>>= 1
        }
        for axis in 1..<max(1, axisCount) { axes[axis] ^= axes[axis &- 1] }
        var mirrored: UInt32 = 0
        bit = top
        while bit > 1 {
            if axes[axisCount &- 1] & bit != 0 { mirrored ^= bit &- 1 }
            bit &>>= 1
        }
        for axis in 0..<axisCount { axes[axis] ^= mirrored }
    }
}
