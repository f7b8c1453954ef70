// dbgen computes ⌊state / (2^31 - 1) · width⌋ in floating point. As the modulus is prime, the exact
// quotient is never closer than 1 / 2^31 to an integer, and the rounding errors of the two floating
// point operations stay below width / 2^52. So for widths up to 2^20 integers give the same result.

/// Draws integers between two ends, both included.
package struct UniformRange: Sendable {
    private static let exactWidthMax: UInt64 = 1 << 20

    let low: Int64
    private let width: UInt64

    package init(_ low: Int, _ high: Int) {
        precondition(low <= high)
        self.low = Int64(low)
        width = UInt64(high - low + 1)
    }

    /// Returns the value that belongs to a state of a stream.
    @inline(__always)
    func value(_ state: UInt32) -> Int64 {
        width <= Self.exactWidthMax ? exactValue(state) : floatingValue(state)
    }

    /// Returns the values that belong to states of a stream.
    package func values(_ states: [UInt32]) -> [Int64] {
        let range = self
        return [Int64](unsafeUninitializedCapacity: states.count) { target, filled in
            if range.width <= Self.exactWidthMax {
                for i in 0..<states.count { target[i] = range.exactValue(states[i]) }
            } else {
                for i in 0..<states.count { target[i] = range.floatingValue(states[i]) }
            }
            filled = states.count
        }
    }

    /// Divides by the Mersenne prime without a division.
    @inline(__always)
    private func exactValue(_ state: UInt32) -> Int64 {
        let product = UInt64(state) &* width
        return low &+ Int64(truncatingIfNeeded: (product &+ (product &>> 31) &+ 1) &>> 31)
    }

    @inline(__always)
    private func floatingValue(_ state: UInt32) -> Int64 {
        low &+ Int64(Double(state) / 2_147_483_647 * Double(width))
    }
}
