import StarlingTypes

/// Says what an aggregation computes.
struct AggregateShape: Sendable {
    let keys: [GroupKey]
    let calls: [AggregateCall]
    /// Positions in `keys` a set.
    let groupingSets: [[Int]]?
    let hasGroupingColumn: Bool

    /// The types of the columns that the source gives.
    var resultTypes: [PhysicalType] {
        keys.map(\.physicalType) + (hasGroupingColumn ? [.int64] : [])
            + calls.map(\.kernel.resultPhysicalType)
    }

    /// For each call the first one whose state serves it as well: sum() and avg() of one column.
    var sharedStates: [Int] {
        // Only calls with the same arguments may share, and few have these.
        var alike: [[Int]: [Int]] = [:]
        return calls.indices.map { index in
            let arguments = calls[index].arguments
            let known = alike[arguments, default: []]
            alike[arguments, default: []].append(index)
            return known.first { calls[$0].sharesState(with: calls[index]) } ?? index
        }
    }

    /// The bitmap that the grouping column has for a set: a bit for each key that is not in it.
    func groupingBitmap(ofSet set: Int) -> Int64 {
        guard let groupingSets else { return 0 }
        var bitmap: Int64 = 0
        for key in keys.indices where !groupingSets[set].contains(key) {
            bitmap |= 1 &<< Int64(keys.count - 1 - key)
        }
        return bitmap
    }
}
