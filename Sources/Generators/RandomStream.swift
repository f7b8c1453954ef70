// The random numbers of dbgen: a stream per column, x' = 16807 x mod 2^31 - 1 (Park and Miller,
// "Random Number Generators: Good Ones Are Hard to Find", CACM 1988). As the modulus is a Mersenne
// prime, a product is reduced by adding its high bits to its low ones, and any number of steps is
// one multiplication with a power of the multiplier. So every value of every row can be had
// directly, in any order.

/// Computes any state of a column's stream from its seed.
package struct RandomStream: Sendable {
    static let modulus: UInt64 = 0x7FFF_FFFF
    static let multiplier: UInt32 = 16_807

    package let seed: UInt32

    package init(seed: UInt32) { self.seed = seed }

    /// Multiplies modulo 2^31 - 1. Neither factor is 0, so neither is the product.
    @inline(__always)
    static func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
        let product = UInt64(left) &* UInt64(right)
        let sum = (product & modulus) &+ (product &>> 31)
        return UInt32(truncatingIfNeeded: (sum & modulus) &+ (sum &>> 31))
    }

    @inline(__always)
    package static func next(_ state: UInt32) -> UInt32 { product(state, multiplier) }

    /// Returns the factor that stands for `count` steps.
    package static func power(_ count: Int) -> UInt32 {
        var result: UInt32 = 1
        var factor = multiplier
        var rest = count
        while rest > 0 {
            if rest & 1 != 0 { result = product(result, factor) }
            factor = product(factor, factor)
            rest >>= 1
        }
        return result
    }

    /// Returns the state from which the value at `index` (from 0) is made.
    package func state(at index: Int) -> UInt32 { Self.product(seed, Self.power(index + 1)) }

    /// Returns the states at `first`, `first + stride`, … .
    package func states(from first: Int, stride: Int, count: Int) -> [UInt32] {
        let laneCount = 8
        var lanes = SIMD8<UInt32>()
        let step = Self.power(stride)
        lanes[0] = state(at: first)
        for lane in 1..<laneCount { lanes[lane] = Self.product(lanes[lane - 1], step) }
        let leap = SIMD8<UInt64>(repeating: UInt64(Self.power(stride * laneCount)))
        let mask = SIMD8<UInt64>(repeating: Self.modulus)

        let vectorCount = (count + laneCount - 1) / laneCount
        return [UInt32](unsafeUninitializedCapacity: vectorCount * laneCount) { target, filled in
            if let base = target.baseAddress {
                let address = UnsafeMutableRawPointer(base)
                for vector in 0..<vectorCount {
                    address.storeBytes(
                        of: lanes, toByteOffset: vector &* 32, as: SIMD8<UInt32>.self)
                    let product = SIMD8<UInt64>(truncatingIfNeeded: lanes) &* leap
                    let sum = (product & mask) &+ (product &>> 31)
                    lanes = SIMD8<UInt32>(truncatingIfNeeded: (sum & mask) &+ (sum &>> 31))
                }
            }
            filled = count
        }
    }
}
