// Unions, intersections and differences of containers: lists are merged or filtered, bits are
// computed a word at a time.

/// Says which values of two sets a third one has.
protocol SetOperation {
    /// Whether values of the left or the right side alone are in the result, and those of both.
    static var keepsLeft: Bool { get }
    static var keepsRight: Bool { get }
    static var keepsBoth: Bool { get }
    static func apply(_ left: UInt64, _ right: UInt64) -> UInt64
}

enum SetUnion: SetOperation {
    static var keepsLeft: Bool { true }
    static var keepsRight: Bool { true }
    static var keepsBoth: Bool { true }
    @inline(__always)
    static func apply(_ left: UInt64, _ right: UInt64) -> UInt64 { left | right }
}

enum SetIntersection: SetOperation {
    static var keepsLeft: Bool { false }
    static var keepsRight: Bool { false }
    static var keepsBoth: Bool { true }
    @inline(__always)
    static func apply(_ left: UInt64, _ right: UInt64) -> UInt64 { left & right }
}

enum SetDifference: SetOperation {
    static var keepsLeft: Bool { true }
    static var keepsRight: Bool { false }
    static var keepsBoth: Bool { false }
    @inline(__always)
    static func apply(_ left: UInt64, _ right: UInt64) -> UInt64 { left & ~right }
}

enum SetSymmetricDifference: SetOperation {
    static var keepsLeft: Bool { true }
    static var keepsRight: Bool { true }
    static var keepsBoth: Bool { false }
    @inline(__always)
    static func apply(_ left: UInt64, _ right: UInt64) -> UInt64 { left ^ right }
}

extension Container {
    /// Becomes what the operation makes of this set and another.
    mutating func form<Operation: SetOperation>(_ operation: Operation.Type, _ other: Container) {
        switch (isDense, other.isDense) {
        case (false, false):
            self = Container(values: Self.merged(operation, values, other.values))
        case (false, true) where !Operation.keepsRight:
            self = Container(values: values.filter { other.contains($0) == Operation.keepsBoth })
        case (true, false) where !Operation.keepsLeft:
            self = Container(values: other.values.filter { contains($0) })
        case (true, false) where Operation.keepsBoth:
            // A union with few values: no word without one of them changes.
            for value in other.values { insert(value) }
        default:
            var (left, right) = (self, other)
            self = Container()
            left.makeDense()
            right.makeDense()
            self = Container(words: Self.combined(operation, left.words, right.words))
        }
    }

    private static func combined<Operation: SetOperation>(
        _ operation: Operation.Type, _ left: [UInt64], _ right: [UInt64]
    ) -> [UInt64] {
        [UInt64](unsafeUninitializedCapacity: wordCount) { target, count in
            left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    for number in 0..<wordCount {
                        target[number] = Operation.apply(left[number], right[number])
                    }
                }
            }
            count = wordCount
        }
    }

    private static func merged<Operation: SetOperation>(
        _ operation: Operation.Type, _ left: [UInt16], _ right: [UInt16]
    ) -> [UInt16] {
        var result: [UInt16] = []
        result.reserveCapacity(Operation.keepsRight ? left.count + right.count : left.count)
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            let (x, y) = (left[i], right[j])
            if x < y {
                if Operation.keepsLeft { result.append(x) }
                i &+= 1
            } else if y < x {
                if Operation.keepsRight { result.append(y) }
                j &+= 1
            } else {
                if Operation.keepsBoth { result.append(x) }
                i &+= 1
                j &+= 1
            }
        }
        if Operation.keepsLeft { result += left[i...] }
        if Operation.keepsRight { result += right[j...] }
        return result
    }

    /// Tells whether a value is in both sets.
    func intersects(_ other: Container) -> Bool {
        if isDense, other.isDense {
            for number in 0..<Self.wordCount where words[number] & other.words[number] != 0 {
                return true
            }
            return false
        }
        let (few, many) = isDense ? (other, self) : (self, other)
        return few.values.contains { many.contains($0) }
    }
}
