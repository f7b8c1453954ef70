// Numbers the combinations of values of several columns: values are numbered per column, numbers of
// several columns are paired, and what remains per row is one small number.

import StarlingTypes
import StarlingVectors

/// Numbers combinations of values as they come, chunk by chunk.
package struct CombinationNumbers {
    private var columns: [ColumnNumbers]
    /// From the number so far and the next column's number to a number for both.
    private var pairs: [[UInt64: Int]]

    package init(columnCount: Int) {
        columns = (0..<columnCount).map { _ in ColumnNumbers() }
        pairs = columns.dropFirst().map { _ in [:] }
    }

    /// The distinct combinations and values that are remembered.
    package var rememberedCount: Int {
        columns.reduce(0) { $0 + $1.count } + pairs.reduce(0) { $0 + $1.count }
    }

    /// Returns the number of each row's combination; numbers that are new follow the others.
    package mutating func numbers(of vectors: [Vector]) -> [Int] {
        var numbers = columns[0].numbers(of: vectors[0])
        for next in vectors.indices.dropFirst() {
            let others = columns[next].numbers(of: vectors[next])
            for row in numbers.indices {
                let pair = UInt64(numbers[row]) << 32 | UInt64(others[row])
                if let number = pairs[next - 1][pair] {
                    numbers[row] = number
                } else {
                    numbers[row] = pairs[next - 1].count
                    pairs[next - 1][pair] = numbers[row]
                }
            }
        }
        return numbers
    }
}

/// Numbers the distinct values of one column.
private struct ColumnNumbers {
    private var known: [Value: Int] = [:]
    var count: Int { known.count }
    /// The numbers of a dictionary's values, -1 where one was not met yet.
    private var dictionary: VectorDictionary?
    private var codes: [Int] = []

    mutating func numbers(of vector: Vector) -> [Int] {
        if vector.isConstant {
            return Array(repeating: number(of: vector.value(at: 0)), count: vector.count)
        }
        var result: [Int] = []
        result.reserveCapacity(vector.count)
        if let dictionary = vector.dictionary {
            if self.dictionary !== dictionary {
                self.dictionary = dictionary
                codes = Array(repeating: -1, count: dictionary.count)
            }
            for row in 0..<vector.count {
                guard vector.isValid(row) else {
                    result.append(number(of: .null))
                    continue
                }
                let code = Int(vector.codes[row])
                if codes[code] < 0 { codes[code] = number(of: dictionary.values.value(at: code)) }
                result.append(codes[code])
            }
            return result
        }
        var last = Value.null
        var lastNumber = -1
        for row in 0..<vector.count {
            let value = vector.value(at: row)
            if lastNumber < 0 || value != last {
                last = value
                lastNumber = number(of: value)
            }
            result.append(lastNumber)
        }
        return result
    }

    private mutating func number(of value: Value) -> Int {
        if let number = known[value] { return number }
        known[value] = known.count
        return known.count - 1
    }
}
