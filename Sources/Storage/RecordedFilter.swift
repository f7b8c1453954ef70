// What queries ask of the rows of a table: which columns they compare with which constants. The table
// remembers a bounded part of it, so that it can be said by what its rows are best sorted.

import StarlingTypes
import Synchronization

/// Is a condition on one column: bounds, both included, or a list of values.
package struct RecordedCondition: Sendable, Hashable {
    /// More values than this are recorded as their bounds.
    package static let valueCountMax = 16

    package enum Kind: UInt8, Sendable {
        case equality
        case list
        case range
    }

    /// The number of the column.
    package var column: UInt32
    package var low: Value?
    package var high: Value?
    /// The values of a list, ascending.
    package var values: [Value]

    package init(column: UInt32, low: Value?, high: Value?, values: [Value] = []) {
        self.column = column
        self.low = low
        self.high = high
        self.values = values
    }

    package var kind: Kind {
        if !values.isEmpty { return .list }
        return low != nil && low == high ? .equality : .range
    }
}

/// Is what one query asked of a table.
package struct RecordedFilter: Sendable, Hashable {
    /// One condition a column, by the columns' numbers.
    package private(set) var conditions: [RecordedCondition]

    /// Joins the conditions on each column; nil where there are none.
    package init?(_ conditions: [RecordedCondition]) {
        var joined: [UInt32: RecordedCondition] = [:]
        for condition in conditions {
            guard var known = joined[condition.column] else {
                joined[condition.column] = condition
                continue
            }
            if let low = condition.low, known.low?.precedes(low) ?? true { known.low = low }
            if let high = condition.high, known.high.map({ high.precedes($0) }) ?? true {
                known.high = high
            }
            if known.values.isEmpty { known.values = condition.values }
            joined[condition.column] = known
        }
        guard !joined.isEmpty else { return nil }
        self.conditions = joined.values.sorted { $0.column < $1.column }
    }

    /// Is what filters have in common whatever their constants are.
    struct Shape: Hashable, Sendable {
        struct Part: Hashable, Sendable {
            var column: UInt32
            var kind: RecordedCondition.Kind
        }

        var parts: [Part]
    }

    var shape: Shape {
        Shape(parts: conditions.map { Shape.Part(column: $0.column, kind: $0.kind) })
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
