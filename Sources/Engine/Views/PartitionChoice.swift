// Some of the partitions of a materialized view, by the keys of their rows.

import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingTypes

/// Names partitions.
enum PartitionChoice {
    case these(Set<[Value]>)
    /// Those that begin from one value on up to, and without, another one.
    case range(from: Value, to: Value)

    func contains(_ key: [Value]) -> Bool {
        switch self {
        case .these(let keys): keys.contains(key)
        case .range(let from, let to):
            key.allSatisfy { !$0.isNull } && partitionOrder([from], key.map { $0 }) <= 0
                && partitionOrder(key.map { $0 }, [to]) < 0
        }
    }

    /// The partitions of a table that are meant.
    func partitions(of table: NativeTable) -> Set<UInt32> {
        let chosen = (table.partitions?.partitions ?? []).filter { partition in
            guard case .list(let keys) = partition.values else { return false }
            return keys.contains { contains($0) }
        }
        return Set(chosen.map(\.number))
    }

    /// The condition on the key of a row that its partition is meant.
    func condition(on keys: [BoundExpression]) -> BoundExpression {
        switch self {
        case .range(let from, let to):
            return .and([
                .comparison(.greaterOrEqual, keys[0], .literal(from, keys[0].type)),
                .comparison(.less, keys[0], .literal(to, keys[0].type)),
            ])
        case .these(let values) where keys.count == 1:
            let known = values.map { $0[0] }.filter { !$0.isNull }
            let isKnown = BoundExpression.inList(keys[0], known)
            guard known.count < values.count else { return isKnown }
            return known.isEmpty ? .isNull(keys[0]) : .or([isKnown, .isNull(keys[0])])
        case .these(let values):
            let each = values.map { value in
                BoundExpression.and(
                    zip(keys, value).map { key, part in
                        .comparison(.nullSafeEqual, key, .literal(part, key.type))
                    })
            }
            return each.count == 1 ? each[0] : .or(each)
        }
    }

    /// The same partitions, so many at a time, the oldest first.
    func batches(of count: Int?) -> [PartitionChoice] {
        guard case .these(let keys) = self, let count, keys.count > count else { return [self] }
        let sorted = keys.inOrder
        return stride(from: 0, to: sorted.count, by: count).map { start in
            .these(Set(sorted[start..<min(start + count, sorted.count)]))
        }
    }
}

extension Set<[Value]> {
    /// The keys, the least first.
    var inOrder: [[Value]] {
        sorted { left, right in
            partitionOrder(left.map { $0 }, right.map { $0 }) < 0
        }
    }
}
