// What a scan asks the indexes of a part: conditions over columns of the table, as far as any index
// could know of them.

import StarlingTypes

/// Describes rows by what indexes may know.
package indirect enum IndexCondition: Sendable, Hashable {
    /// No index knows.
    case unknown
    /// A function finds terms in the texts of a column, cut by an analyzer.
    case match(column: Int, function: String, query: [UInt8], analyzer: String)
    case like(column: Int, pattern: [UInt8], escape: UInt8?)
    /// The column's text has a run of so many characters of another text.
    case sharesRuns(column: Int, text: [UInt8], size: Int, ignoresCase: Bool)
    case values(column: Int, [Value])
    case range(column: Int, low: Value?, high: Value?, includesLow: Bool, includesHigh: Bool)
    /// The lists of a column have one of some elements, or all of them.
    case hasElements(column: Int, [Value], areAllNeeded: Bool)
    /// Some element of a list passes a condition, which is about those of its column.
    case someElement(IndexCondition)
    case isNull(column: Int)
    case all([IndexCondition])
    case any([IndexCondition])
    case not(IndexCondition)

    /// Tells whether some index could say something.
    package var isKnown: Bool {
        switch self {
        case .unknown: false
        case .all(let parts): parts.contains(where: \.isKnown)
        case .any(let parts): parts.allSatisfy(\.isKnown)
        case .not(let inner), .someElement(let inner): inner.isKnown
        default: true
        }
    }
}

extension IndexCondition {
    /// Makes one range of all on the same column, of conditions that all have to hold: each of them then
    /// says of that column what they do together.
    package static func joiningRanges(_ conditions: [IndexCondition]) -> [IndexCondition] {
        var joined: [Int: IndexCondition] = [:]
        for condition in conditions {
            guard case .range(let column, _, _, _, _) = condition else { continue }
            joined[column] = joined[column].map { $0.within(condition) } ?? condition
        }
        return conditions.map { condition in
            guard case .range(let column, _, _, _, _) = condition else { return condition }
            return joined[column] ?? condition
        }
    }

    /// The range that lies in two.
    private func within(_ other: IndexCondition) -> IndexCondition {
        guard case .range(let column, var low, var high, var includesLow, var includesHigh) = self,
            case .range(_, let otherLow, let otherHigh, let takesLow, let takesHigh) = other
        else { return self }
        if let otherLow, low.map({ $0.precedes(otherLow) }) ?? true {
            (low, includesLow) = (otherLow, takesLow)
        } else if low == otherLow {
            includesLow = includesLow && takesLow
        }
        if let otherHigh, high.map({ otherHigh.precedes($0) }) ?? true {
            (high, includesHigh) = (otherHigh, takesHigh)
        } else if high == otherHigh {
            includesHigh = includesHigh && takesHigh
        }
        return .range(
            column: column, low: low, high: high, includesLow: includesLow,
            includesHigh: includesHigh)
    }
}

/// Names what kind of index answered.
package enum IndexUse: Int, Sendable, CaseIterable {
    case terms
    case values
    case grams

    /// What people call the index.
    package var title: String {
        switch self {
        case .terms: "text index"
        case .values: "value index"
        case .grams: "n-gram index"
        }
    }
}

/// Is what the indexes of a part say of a condition.
package struct IndexAnswer: Sendable {
    /// Rows among which are all for which the condition is true, ascending.
    package var rows: [UInt32]
    /// True where it is true for all of these.
    package var isExact: Bool
    package var uses: Set<IndexUse>

    package init(rows: [UInt32], isExact: Bool, uses: Set<IndexUse>) {
        self.rows = rows
        self.isExact = isExact
        self.uses = uses
    }
}
