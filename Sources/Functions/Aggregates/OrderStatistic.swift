// What percentiles and the mode take from all values of a group, given as a list in any order that
// they may reorder.

import StarlingVectors

/// Computes something from the values of a group.
protocol OrderStatistic: Sendable {
    associatedtype Value: OrderedValue
    associatedtype Output: BitwiseCopyable
    /// There is a value or more; `fraction` lies between 0 and 1.
    static func result(
        _ values: UnsafeMutableBufferPointer<Value.Kept>, _ fraction: Double
    ) -> Output
}

/// Takes the value at the fraction of the order, the greater of two where it lies between them.
enum DiscretePercentile<Value: OrderedValue>: OrderStatistic {
    static func result(
        _ values: UnsafeMutableBufferPointer<Value.Kept>, _ fraction: Double
    ) -> Value {
        let place = (Double(values.count - 1) * fraction).rounded(.up)
        return Value(selected(Value.self, values, min(Int(place), values.count - 1)))
    }
}

/// Takes the value at the fraction of the descending order, the lesser of two where it lies between
/// them.
enum DescendingPercentile<Value: OrderedValue>: OrderStatistic {
    static func result(
        _ values: UnsafeMutableBufferPointer<Value.Kept>, _ fraction: Double
    ) -> Value {
        let place = (Double(values.count - 1) * fraction).rounded(.up)
        return Value(selected(Value.self, values, max(values.count - 1 - Int(place), 0)))
    }
}

/// Interpolates between the two numbers around the fraction.
enum ContinuousPercentile: OrderStatistic {
    typealias Value = Double

    static func result(
        _ values: UnsafeMutableBufferPointer<Double>, _ fraction: Double
    ) -> Double {
        let (low, high, share) = neighbours(Double.self, values, fraction)
        return share == 0 ? low : low + (high - low) * share
    }
}

/// Interpolates between the two dates around the fraction.
enum ContinuousTime<Value: OrderedValue & StoredInteger>: OrderStatistic {
    static func result(
        _ values: UnsafeMutableBufferPointer<Value.Kept>, _ fraction: Double
    ) -> Value {
        let (low, high, share) = neighbours(Value.self, values, fraction)
        let (start, end) = (Int64(Value(low)), Int64(Value(high)))
        return Value(truncatingIfNeeded: start + Int64(Double(end - start) * share))
    }
}

/// Takes the value that is there most often, the least of several.
enum MostFrequent<Value: OrderedValue>: OrderStatistic {
    static func result(
        _ values: UnsafeMutableBufferPointer<Value.Kept>, _ fraction: Double
    ) -> Value {
        var values = values
        values.sort { Value.isLess(Value($0), Value($1)) }
        var (best, bestCount) = (0, 0)
        var start = 0
        for place in 1...values.count
        where place == values.count || Value.isLess(Value(values[start]), Value(values[place])) {
            if place - start > bestCount { (best, bestCount) = (start, place - start) }
            start = place
        }
        return Value(values[best])
    }
}

/// Returns the values before and behind the fraction, and how far it is from one to the other.
private func neighbours<Value: OrderedValue>(
    _ type: Value.Type, _ values: UnsafeMutableBufferPointer<Value.Kept>, _ fraction: Double
) -> (low: Value.Kept, high: Value.Kept, share: Double) {
    let place = Double(values.count - 1) * fraction
    let before = min(Int(place), values.count - 1)
    let low = selected(type, values, before)
    guard before + 1 < values.count else { return (low, low, 0) }
    // All values behind the place are no less: the least of them comes next.
    var high = values[before + 1]
    for value in values[(before + 1)...] where Value.isLess(Value(value), Value(high)) {
        high = value
    }
    return (low, high, place - Double(before))
}

/// Puts the value with number `place` of the order there, none greater before it (Hoare, "Find",
/// CACM 1961), and returns it.
private func selected<Value: OrderedValue>(
    _ type: Value.Type, _ values: UnsafeMutableBufferPointer<Value.Kept>, _ place: Int
) -> Value.Kept {
    var (low, high) = (0, values.count - 1)
    var roundsLeft = 2 * (Int.bitWidth - values.count.leadingZeroBitCount)
    while low < high {
        if roundsLeft == 0 {
            var rest = UnsafeMutableBufferPointer(rebasing: values[low...high])
            rest.sort { Value.isLess(Value($0), Value($1)) }
            break
        }
        roundsLeft -= 1
        let pivot = median(type, values[low], values[(low + high) / 2], values[high])
        var (left, right) = (low, high)
        while left <= right {
            while Value.isLess(Value(values[left]), Value(pivot)) { left += 1 }
            while Value.isLess(Value(pivot), Value(values[right])) { right -= 1 }
            if left <= right {
                values.swapAt(left, right)
                left += 1
                right -= 1
            }
        }
        if place <= right {
            high = right
        } else if place >= left {
            low = left
        } else {
            break
        }
    }
    return values[place]
}

private func median<Value: OrderedValue>(
    _ type: Value.Type, _ a: Value.Kept, _ b: Value.Kept, _ c: Value.Kept
) -> Value.Kept {
    let (first, second) = Value.isLess(Value(b), Value(a)) ? (b, a) : (a, b)
    if Value.isLess(Value(c), Value(first)) { return first }
    return Value.isLess(Value(second), Value(c)) ? second : c
}
