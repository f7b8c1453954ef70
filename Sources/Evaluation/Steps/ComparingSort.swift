// array_sort(a, (x, y) -> x > y): a merge sort in which all lists of a chunk take their comparisons
// together, so that the lambda runs over many pairs at once.
//
// 1. Runs of each list, at first of one element, are merged two by two until one is left.
// 2. In each round every merge that is under way compares its next two elements; these pairs are
//    the rows that the lambda sees.
// 3. The element of the second run comes first only where the lambda says so, so that elements
//    that are equal to it stay in their order.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingPlans
import StarlingVectors

/// Holds the places of two runs that become one.
private struct RunMerge {
    var first: Range<Int>
    var second: Range<Int>
    var target: Int
}

extension LambdaStep {
    /// Sorts the elements of each list by what the lambda tells of two of them.
    func sortedByComparing(
        _ elements: ListElements, _ frame: EvaluationFrame
    ) throws(StarlingError) -> Vector {
        let spread = try outerVectors(frame).map(elements.spread)
        let comparer = PairComparer(
            evaluator: bodies.makeEvaluator(), elements: elements.parts[0], captured: spread)
        var places = (0..<UInt32(elements.count)).map { $0 }
        var sorted = places
        var longest = 0
        for row in 0..<elements.lists.count {
            longest = max(longest, Int(elements.ranges[row].count))
        }
        var width = 1
        while width < longest {
            var merges = self.merges(of: elements, width: width)
            while !merges.isEmpty {
                try advance(&merges, comparer, places, &sorted)
            }
            // Runs without a partner stay where they are.
            places = sorted
            width *= 2
        }
        return elements.replacing([
            elements.parts[0].gathered(by: places, count: elements.count)
        ])
    }

    /// Lists the pairs of runs of `width` elements.
    private func merges(of elements: ListElements, width: Int) -> [RunMerge] {
        var merges: [RunMerge] = []
        for row in 0..<elements.lists.count {
            let start = Int(elements.ranges[row].offset)
            let end = start + Int(elements.ranges[row].count)
            for first in stride(from: start, to: end - width, by: 2 * width) {
                let middle = first + width
                merges.append(
                    RunMerge(
                        first: first..<middle, second: middle..<min(end, middle + width),
                        target: first))
            }
        }
        return merges
    }

    /// Takes an element in every merge, and all that are left where one run has ended.
    private func advance(
        _ merges: inout [RunMerge], _ comparer: PairComparer, _ places: [UInt32],
        _ sorted: inout [UInt32]
    ) throws(StarlingError) {
        var kept = 0
        for start in stride(from: 0, to: merges.count, by: chunkCapacity) {
            let end = min(merges.count, start + chunkCapacity)
            let isSecondFirst = try comparer.compare(
                merges[start..<end].map { places[$0.second.lowerBound] },
                with: merges[start..<end].map { places[$0.first.lowerBound] })
            for number in start..<end {
                var merge = merges[number]
                if isSecondFirst.pointer(to: UInt8.self)[number - start] & 1 != 0 {
                    sorted[merge.target] = places[merge.second.lowerBound]
                    merge.second = (merge.second.lowerBound + 1)..<merge.second.upperBound
                } else {
                    sorted[merge.target] = places[merge.first.lowerBound]
                    merge.first = (merge.first.lowerBound + 1)..<merge.first.upperBound
                }
                merge.target += 1
                if merge.first.isEmpty || merge.second.isEmpty {
                    let rest = merge.first.isEmpty ? merge.second : merge.first
                    for (offset, place) in rest.enumerated() {
                        sorted[merge.target + offset] = places[place]
                    }
                } else {
                    merges[kept] = merge
                    kept += 1
                }
            }
        }
        merges.removeLast(merges.count - kept)
    }
}

/// Runs the lambda over pairs of elements.
private struct PairComparer {
    let evaluator: ExpressionEvaluator
    let elements: Vector
    /// Columns of the rows around, for each element.
    let captured: [Vector]

    /// Tells for each pair whether the one element comes before the other.
    func compare(_ places: [UInt32], with others: [UInt32]) throws(StarlingError) -> Vector {
        let count = places.count
        var columns = [
            elements.gathered(by: places, count: count),
            elements.gathered(by: others, count: count),
        ]
        for vector in captured {
            var column = vector
            column.count = count
            columns.append(
                vector.isConstant ? column : vector.gathered(by: places, count: count))
        }
        let result = try evaluator.evaluate(Chunk(columns: columns, count: count))[0].flattened()
        if result.validity != nil, (0..<count).contains(where: { !result.isValid($0) }) {
            throw StarlingError(.data, "the lambda of array_sort() gives NULL for two elements")
        }
        return result
    }
}
