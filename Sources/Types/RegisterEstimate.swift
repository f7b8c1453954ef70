// The estimator of Ertl ("New cardinality estimation algorithms for HyperLogLog sketches",
// arXiv:1702.01284, 2017), which needs no correction tables.

/// Estimates how many distinct values the registers of a HyperLogLog sketch have seen, by how many
/// of them have each rank: first those that are empty, last those of the highest rank that a hash
/// can have. Full registers, which no values leave behind, count as 10^18.
package func estimatedDistinctCount(registersByRank counts: [Int]) -> Double {
    let size = Double(counts.reduce(0, +))
    let rankMaximum = counts.count - 1
    var sum = size * tau(1 - Double(counts[rankMaximum]) / size)
    for rank in stride(from: rankMaximum - 1, through: 1, by: -1) {
        sum = 0.5 * (sum + Double(counts[rank]))
    }
    sum += size * sigma(Double(counts[0]) / size)
    let logarithmOfTwo = 0.693_147_180_559_945_3
    return min(1e18, (size * size / (2 * logarithmOfTwo * sum)).rounded())
}

private func sigma(_ start: Double) -> Double {
    if start == 1 { return .infinity }
    var (x, power, sum) = (start, 1.0, start)
    while true {
        x *= x
        let next = sum + x * power
        if next == sum { return sum }
        sum = next
        power += power
    }
}

private func tau(_ start: Double) -> Double {
    if start == 0 || start == 1 { return 0 }
    var (x, power, sum) = (start, 1.0, 1 - start)
    while true {
        x = x.squareRoot()
        power *= 0.5
        let next = sum - (1 - x) * (1 - x) * power
        if next == sum { return sum / 3 }
        sum = next
    }
}
