// Splits chunks by the values of some columns.

import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Splits chunks for one worker.
struct PartitionSplitter {
    private let names: PartitionNames
    private let positions: [Int]
    /// The columns that the files have.
    private let kept: [Int]
    private var combinations: CombinationNumbers
    /// From a combination's number to its partition; -1 where it is not known yet.
    private var partitions: [Int] = []

    init(_ names: PartitionNames, positions: [Int], kept: [Int]) {
        self.names = names
        self.positions = positions
        self.kept = kept
        combinations = CombinationNumbers(columnCount: positions.count)
    }

    /// Returns the rows of each partition that has some.
    mutating func split(_ chunk: Chunk) -> [(partition: Int, chunk: Chunk)] {
        let projected = chunk.projected(to: kept)
        guard !positions.isEmpty else { return [(0, projected)] }
        let numbers = combinations.numbers(of: positions.map { chunk.columns[$0] })
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
