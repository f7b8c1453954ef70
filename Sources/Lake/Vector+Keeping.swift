// Conversions that some values do not survive: they become NULL, and are counted.

import StarlingFormats
import StarlingKernels
import StarlingTypes
import StarlingVectors

extension Vector {
    /// Converts numbers with `scale` digits behind the point to DOUBLE, as far as it keeps all digits.
    func keepingFloating(scale: Int, lostCount: inout Int) -> Vector {
        let wide = flattened().withIntegerLayout(.int128)
        let input = wide.pointer(to: Int128.self)
        return wide.mapped(to: .float64, &lostCount) { (row, output: inout Double) in
            let digits = input[row].magnitude
            if digits < 1_000_000_000_000_000 {
                output = Double(Int64(input[row])) / Double(powerOfTen(scale))
                return true
            }
            var text: [UInt8] = []
            appendDecimal(input[row], scale: scale, to: &text)
            output = text.withUnsafeBytes { parseDouble($0) } ?? 0
            return keepsDigits(output, of: digits, exponent: -scale)
        }
    }

    /// Converts moments to what clocks show, as far as DATETIME has it.
    func shown(by clock: WallClock, lostCount: inout Int) -> Vector {
        let wide = flattened().withIntegerLayout(.int64)
        let input = wide.pointer(to: Int64.self)
        let allowed = LogicalType.datetime.bounds ?? Bounds(low: .min, high: .max)
        return wide.mapped(to: .int64, &lostCount) { (row, output: inout Int64) in
            output = clock.time(at: input[row])
            return allowed.contains(Int128(output))
        }
    }

    /// Makes a vector of the rows that have a value; `convert` is false where the new one would not do.
    private func mapped<Output: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        to type: PhysicalType, _ lostCount: inout Int,
        _ convert: (_ row: Int, _ output: inout Output) -> Bool
    ) -> Vector {
        var result = Vector(uninitialized: type, count: count)
        let output = result.pointer(to: Output.self)
        var lost: [Int] = []
        for row in 0..<count {
            output[row] = 0
            if isValid(row), !convert(row, &output[row]) {
                output[row] = 0
                lost.append(row)
            }
        }
        result.validity = validity
        guard !lost.isEmpty else { return result }
        lostCount += lost.count
        let kept = Validity(count: count, allValid: true)
        for row in 0..<count where !isValid(row) { kept.setNull(row) }
        for row in lost { kept.setNull(row) }
        result.validity = kept
        return result
    }
}
