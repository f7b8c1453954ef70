// Multiplies and divides whole columns by a constant, for changes of unit.

import StarlingTypes
import StarlingVectors

extension Vector {
    /// Multiplies 64-bit integers; the products fit.
    package func multiplied(by factor: Int64) -> Vector {
        mapped64 { values, output, count in
            for row in 0..<count { output[row] = values[row] &* factor }
        }
    }

    /// Divides 64-bit integers and rounds down, below zero as well.
    package func dividedDown(by divisor: Int64) -> Vector {
        mapped64 { values, output, count in
            for row in 0..<count {
                let value = values[row]
                let quotient = value / divisor
                output[row] = quotient &- (quotient &* divisor > value ? 1 : 0)
            }
        }
    }

    /// Divides 128-bit integers and drops the rest.
    package func dividedTowardZero(by divisor: Int128) -> Vector {
        let source = decodedForLoops()
        let result = Vector(uninitialized: .int128, count: source.storedCount)
        let (input, output) = (source.pointer(to: Int128.self), result.pointer(to: Int128.self))
        for row in 0..<source.storedCount { output[row] = input[row] / divisor }
        return result.withNullsAndEncoding(of: source)
    }

    @inline(__always)
    private func mapped64(
        _ body: (UnsafePointer<Int64>, UnsafeMutablePointer<Int64>, Int) -> Void
    ) -> Vector {
        precondition(physicalType == .int64)
        let source = decodedForLoops()
        let result = Vector(uninitialized: .int64, count: source.storedCount)
        body(source.pointer(to: Int64.self), result.pointer(to: Int64.self), source.storedCount)
        return result.withNullsAndEncoding(of: source)
    }
}
