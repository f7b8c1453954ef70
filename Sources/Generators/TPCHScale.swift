import StarlingErrors

/// Holds the row counts that follow from a scale factor.
package struct TPCHScale: Sendable, Hashable {
    package let factor: Double
    let supplierCount: Int
    let partCount: Int
    let customerCount: Int
    let orderCount: Int
    let clerkCount: Int

    /// Checks the factor: 1 makes about 1 GB of text, and fractions make less.
    package init(factor: Double) throws(StarlingError) {
        // Below, there would be no supplier; above, keys leave the 31 bits of the random numbers.
        guard factor >= 0.0001, factor <= 10_000 else {
            throw StarlingError(
                .binding, "the scale factor of tpch() is \(factor); it must lie in 0.0001 … 10000")
        }
        self.factor = factor
        supplierCount = Int(10_000 * factor)
        partCount = Int(200_000 * factor)
        customerCount = Int(150_000 * factor)
        orderCount = Int(1_500_000 * factor)
        clerkCount = max(Int(1_000 * factor), 1_000)
    }
}
