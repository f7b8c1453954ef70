// Splits chunks by the values of some columns. Values are numbered per column, numbers of several
// columns are paired, and what remains per row is one small number.

import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Splits chunks for one worker.
struct PartitionSplitter {
    private let names: PartitionNames
    private let positions: [Int]
    /// The columns that the files have.
    private let kept: [Int]
    private var columns: [ColumnNumbers]
    /// From the number so far and the next column's number to a number for both.
    private var pairs: [[UInt64: Int]]
    /// From a combination's number to its partition; -1 where it is not known yet.
    private var partitions: [Int] = []

    init(_ names: PartitionNames, positions: [Int], kept: [Int]) {
        self.names = names
        self.positions = positions
        self.kept = kept
        columns = positions.map { _ in ColumnNumbers() }
        pairs = positions.dropFirst().map { _ in [:] }
    }

    /// Returns the rows of each partition that has some.
    mutating func split(_ chunk: Chunk) -> [(partition: Int, chunk: Chunk)] {
        let projected = chunk.projected(to: kept)
        guard !positions.isEmpty else { return [(0, projected)] }
        var numbers = columns[0].numbers(of: chunk.columns[positions[0]])
        for next in positions.indices.dropFirst() {
            let others = columns[next].numbers(of: chunk.columns[positions[next]])
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
        let first = numbers[0]
        if numbers.allSatisfy({ $0 == first }) {
            return [(partition(first, chunk, row: 0), projected)]
        }
        var selections: [Int: Selection] = [:]
        var order: [Int] = []
        for (row, number) in numbers.enumerated() {
            if selections[number] == nil {
                selections[number] = Selection()
                order.append(number)
            }
            let count = selections[number]!.count
            selections[number]!.rows[count] = UInt16(truncatingIfNeeded: row)
            selections[number]!.count = count + 1
        }
        return order.map { number in
            let selection = selections[number]!
            let row = Int(selection.rows[0])
            let columns = projected.columns.map { $0.gathered(by: selection) }
            return (
                partition(number, chunk, row: row), Chunk(columns: columns, count: selection.count)
            )
        }
    }

    private mutating func partition(_ number: Int, _ chunk: Chunk, row: Int) -> Int {
        while partitions.count <= number { partitions.append(-1) }
        if partitions[number] < 0 {
            partitions[number] = names.number(
                of: positions.map { chunk.columns[$0].value(at: row) })
        }
        return partitions[number]
    }
}

/// Numbers the distinct values of one column.
private struct ColumnNumbers {
    private var known: [Value: Int] = [:]
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
