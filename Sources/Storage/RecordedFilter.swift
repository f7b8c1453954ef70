// What queries ask of the rows of a table: which columns, and which paths of documents, they compare with
// which constants, and what they seek in texts and lists. The table remembers a bounded part of it, so that
// it can be said by what its rows are best sorted, and which indexes are worth their bytes.

import StarlingDocuments
import StarlingTypes
import Synchronization

/// Is a column, or a path of its documents, that conditions are about.
package struct RecordedTarget: Sendable, Hashable {
    /// The number of the column.
    package var column: UInt32
    /// The keys that lead to the values; none where these are the column's own.
    package var keys: [[UInt8]]

    package init(column: UInt32, keys: [[UInt8]] = []) {
        self.column = column
        self.keys = keys
    }

    /// The path as people write it; nil for the column itself.
    package var path: String? { keys.isEmpty ? nil : pathText(keys) }
}

/// Is what is sought in texts: terms of a query, or a pattern of LIKE.
package struct RecordedSearch: Sendable, Hashable {
    /// The function that seeks; `like`, where that is a pattern's.
    package var function: String
    package var text: [UInt8]
    /// What cuts texts into terms; empty for a pattern.
    package var analyzer: String

    package init(function: String, text: [UInt8], analyzer: String = "") {
        self.function = function
        self.text = text
        self.analyzer = analyzer
    }

    package static let like = "like"
    /// The escape of patterns that are recorded, which is the one of nearly all.
    package static let escape: UInt8? = UInt8(ascii: "\\")
}

/// Is a condition on one column: bounds, both included, a list of values, or something sought in texts.
package struct RecordedCondition: Sendable, Hashable {
    /// More values than this are recorded as their bounds.
    package static let valueCountMax = 16

    package enum Kind: UInt8, Sendable {
        case equality
        case list
        case range
        /// Lists that have some of the values.
        case elements
        case terms
        case pattern
    }

    package var target: RecordedTarget
    package var kind: Kind
    package var low: Value?
    package var high: Value?
    /// The values of a list, ascending, or the elements that are sought.
    package var values: [Value] = []
    package var search: RecordedSearch?

    /// Says that values are some of a list, or lie between two.
    package init(_ target: RecordedTarget, low: Value?, high: Value?, values: [Value] = []) {
        self.target = target
        self.low = low
        self.high = high
        self.values = values
        kind = !values.isEmpty ? .list : low != nil && low == high ? .equality : .range
    }

    /// Says that lists have some of the elements.
    package init(_ target: RecordedTarget, elements: [Value]) {
        self.target = target
        values = elements
        kind = .elements
    }

    package init(_ target: RecordedTarget, _ search: RecordedSearch) {
        self.target = target
        self.search = search
        kind = search.function == RecordedSearch.like ? .pattern : .terms
    }

    /// Tells whether bounds of values can say that it holds for none of them.
    package var hasBounds: Bool { low != nil || high != nil }

    /// Joins it with another one on the same target; the values of the first list stay.
    fileprivate func joined(with other: RecordedCondition) -> RecordedCondition {
        guard hasBounds, other.hasBounds else { return self }
        var (low, high) = (low, high)
        if let new = other.low, low?.precedes(new) ?? true { low = new }
        if let new = other.high, high.map({ new.precedes($0) }) ?? true { high = new }
        return RecordedCondition(
            target, low: low, high: high, values: values.isEmpty ? other.values : values)
    }
}

/// Is what one query asked of a table.
package struct RecordedFilter: Sendable, Hashable {
    /// One condition a target of those with bounds, and one of each other kind.
    package private(set) var conditions: [RecordedCondition]

    private struct Place: Hashable {
        var target: RecordedTarget
        /// Nil for conditions with bounds.
        var kind: RecordedCondition.Kind?
    }

    /// Joins the conditions on each target; nil where there are none.
    package init?(_ conditions: [RecordedCondition]) {
        var joined: [Place: RecordedCondition] = [:]
        for condition in conditions {
            let place = Place(
                target: condition.target, kind: condition.hasBounds ? nil : condition.kind)
            joined[place] = joined[place]?.joined(with: condition) ?? condition
        }
        guard !joined.isEmpty else { return nil }
        self.conditions = joined.values.sorted {
            let (left, right) = ($0.target, $1.target)
            if left.column != right.column { return left.column < right.column }
            if left.keys != right.keys {
                return left.keys.joined(separator: [0]).lexicographicallyPrecedes(
                    right.keys.joined(separator: [0]))
            }
            return $0.kind.rawValue < $1.kind.rawValue
        }
    }

    /// Is what filters have in common whatever their constants are.
    struct Shape: Hashable, Sendable {
        struct Part: Hashable, Sendable {
            var target: RecordedTarget
            var kind: RecordedCondition.Kind
        }

        var parts: [Part]
    }

    var shape: Shape {
        Shape(parts: conditions.map { Shape.Part(target: $0.target, kind: $0.kind) })
    }
}

/// Remembers filters by their shapes: how often one came, and the last ones of it.
package final class FilterLog: Sendable {
    private static let shapeCountMax = 32
    private static let exampleCountMax = 8

    /// Is what is known of filters that have a shape.
    package struct Usage: Sendable {
        /// How often they came; halved now and then, so that what is new counts more.
        package var count: Double
        /// The last ones, oldest first.
        package var examples: [RecordedFilter]
    }

    private struct State: Sendable {
        var usages: [RecordedFilter.Shape: Usage] = [:]
        /// Counts what was recorded since the log was saved.
        var newCount = 0
    }

    private let state = Mutex(State())

    package init() {}

    package func record(_ filter: RecordedFilter) {
        state.withLock { state in
            state.newCount += 1
            let shape = filter.shape
            if state.usages[shape] == nil, state.usages.count >= Self.shapeCountMax {
                for known in state.usages.keys { state.usages[known]?.count /= 2 }
                let rarest = state.usages.min { $0.value.count < $1.value.count }
                if let rarest { state.usages[rarest.key] = nil }
            }
            var usage = state.usages[shape] ?? Usage(count: 0, examples: [])
            usage.count += 1
            if !usage.examples.contains(filter) {
                if usage.examples.count >= Self.exampleCountMax { usage.examples.removeFirst() }
                usage.examples.append(filter)
            }
            state.usages[shape] = usage
        }
    }

    /// What is known, most frequent first.
    package var usages: [Usage] {
        state.withLock { Array($0.usages.values) }.sorted {
            ($0.count, $0.examples.count) > ($1.count, $1.examples.count)
        }
    }

    /// Counts what was recorded since this was asked last.
    func takeNewCount() -> Int {
        state.withLock { state in
            defer { state.newCount = 0 }
            return state.newCount
        }
    }

    /// Takes over what was known before.
    func restore(_ usages: [Usage]) {
        state.withLock { state in
            for usage in usages.prefix(Self.shapeCountMax) {
                if let shape = usage.examples.first?.shape { state.usages[shape] = usage }
            }
        }
    }
}
