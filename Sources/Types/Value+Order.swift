// The order of single values: bounds of files, keys, literals.

extension Value {
    /// Compares with a value of the same kind: below 0, 0 or above 0; nil where there is no order,
    /// as with NULL, NaN and values of different kinds.
    package func order(to other: Value) -> Int? {
        switch (self, other) {
        case (.integer(let left), .integer(let right)):
            return left < right ? -1 : left > right ? 1 : 0
        case (.floating(let left), .floating(let right)):
            if left.isNaN || right.isNaN { return nil }
            return left < right ? -1 : left > right ? 1 : 0
        case (.bytes(let left), .bytes(let right)):
            return left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
        default: return nil
        }
    }

    /// Tells whether this value lies below another of the same kind.
    package func precedes(_ other: Value) -> Bool { order(to: other).map { $0 < 0 } ?? false }
}
