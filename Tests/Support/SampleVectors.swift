// Random values of every physical type, and vectors of them in every encoding.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Names how a sample's vector is encoded.
package enum SampleEncoding: CaseIterable, Sendable {
    case flat
    /// Flat, beginning in the middle of a buffer.
    case slice
    case constant
    case dictionary
}

package let scalarPhysicalTypes: [PhysicalType] = [
    .int8, .int16, .int32, .int64, .int128, .float32, .float64, .string,
]

package let integerPhysicalTypes: [PhysicalType] = [.int8, .int16, .int32, .int64, .int128]

extension Value {
    /// Makes a value of a layout, few distinct ones and the extremes among them.
    package static func random(
        _ type: PhysicalType, using generator: inout SeededGenerator
    ) -> Value {
        if let bounds = type.integerBounds {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: return .integer(bounds.low)
            case 1: return .integer(bounds.high)
            default: return .integer(Int128(Int.random(in: -5...5, using: &generator)))
            }
        }
        if type.isFloating {
            let samples = [0.0, -0.0, 1.5, -1.5, 1e10, -2.25, .infinity]
            return .floating(samples.randomElement(using: &generator)!)
        }
        let samples = [
            "", "a", "ab", "abc", "abcd", "abcde", "abcdefghijkl", "abcdefghijklm",
            "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyy", "zeta", "äöü€𝄞",
        ]
        return .text(samples.randomElement(using: &generator)!)
    }
}

extension Vector {
    /// Makes a vector of the values; a constant of the first one.
    package init(_ type: PhysicalType, values: [Value], as encoding: SampleEncoding) {
        switch encoding {
        case .flat: self.init(type, values: values)
        case .slice:
            let padding = [Value](repeating: .null, count: 64)
            self = Vector(type, values: padding + values)
                .slice(from: 64, count: values.count)
        case .constant: self.init(constant: values[0], type, count: values.count)
        case .dictionary:
            var distinct: [Value] = []
            let codes = Buffer(byteCount: values.count * 4)
            for (row, value) in values.enumerated() {
                let known = value.isNull ? 0 : distinct.firstIndex { $0.isSame(as: value) }
                codes.pointer(to: UInt32.self)[row] = UInt32(known ?? distinct.count)
                if known == nil { distinct.append(value) }
            }
            let dictionary = VectorDictionary(
                values: Vector(type, values: distinct), isSorted: false)
            let validity = Vector(type, values: values).validity
            self.init(codes: codes, of: dictionary, count: values.count, validity: validity)
        }
    }

    /// The values of all rows.
    package var allValues: [Value] { (0..<count).map { value(at: $0) } }
}

extension Value {
    /// Tells the zeros apart, which `==` does not.
    fileprivate func isSame(as other: Value) -> Bool {
        if case .floating(let left) = self, case .floating(let right) = other {
            return left.bitPattern == right.bitPattern
        }
        return self == other
    }
}

/// Holds the values of a column and the vector that a kernel is given.
package struct SampleColumn {
    package var values: [Value]
    package var vector: Vector

    package init(
        _ type: PhysicalType, _ encoding: SampleEncoding, count: Int, nullRate: Double,
        using generator: inout SeededGenerator
    ) {
        var values = (0..<count).map { _ in
            generator.chance(nullRate) ? Value.null : .random(type, using: &generator)
        }
        if encoding == .constant, let first = values.first {
            values = Array(repeating: first, count: count)
        }
        self.values = values
        vector = Vector(type, values: values, as: encoding)
    }
}

extension Selection {
    /// Makes a selection of the given ascending rows.
    package init(rows list: [Int]) {
        self.init()
        for (position, row) in list.enumerated() { rows[position] = UInt16(row) }
        count = list.count
    }

    package var list: [Int] { (0..<count).map { Int(rows[$0]) } }

    /// Selects each of `count` rows with a probability.
    package static func random(
        of count: Int, rate: Double, using generator: inout SeededGenerator
    ) -> Selection {
        Selection(rows: (0..<count).filter { _ in generator.chance(rate) })
    }
}
