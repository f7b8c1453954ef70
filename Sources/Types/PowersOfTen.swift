// Powers of ten up to the largest that 128 bits hold, the currency of decimal arithmetic.

private let powersOfTen: [Int128] = {
    var powers: [Int128] = [1]
    for _ in 1...38 { powers.append(powers.last! * 10) }
    return powers
}()

/// Returns 10 to the power of `exponent`, which lies in 0 … 38.
package func powerOfTen(_ exponent: Int) -> Int128 { powersOfTen[exponent] }
