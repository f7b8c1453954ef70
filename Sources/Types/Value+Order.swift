// The order of single values: bounds of files, keys, literals.

extension Value {
    /// Tells whether values are the same: NULL is NULL, and NaN is NaN.
    package static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.integer(let left), .integer(let right)): left == right
        case (.floating(let left), .floating(let right)):
            left == right || (left.isNaN && right.isNaN)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .integer(let number):
            hasher.combine(1)
            hasher.combine(number)
        case .floating(let number):
            hasher.combine(2)
            hasher.combine(number.isNaN ? .nan : number)
        case .bytes(let bytes):
            hasher.combine(3)
            hasher.combine(bytes)
        case .list(let values):
            hasher.combine(4)
            hasher.combine(values)
        }
    }

    /// Compares with a value of the same kind: below 0, 0 or above 0; nil where nothing is said, as
    /// with NULL, with NaN, which bounds leave out, and with values of different kinds.
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
