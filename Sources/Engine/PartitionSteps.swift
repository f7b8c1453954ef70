// The steps that EVERY takes from a start to an end: whole numbers, or units of time.

import StarlingErrors
import StarlingSyntax
import StarlingTypes

/// Goes from value to value by equal steps.
struct PartitionSteps {
    private let type: LogicalType
    private let prefix: String
    private let amount: Int64
    /// The unit of time; nil for numbers.
    private let unit: IntervalUnit?

    private static let unitsOfDay: Set<IntervalUnit> = [
        .microsecond, .millisecond, .second, .minute, .hour,
    ]

    /// Reads `EVERY (INTERVAL 1 DAY)` or `EVERY (10)`.
    init(
        _ step: Expression, _ type: LogicalType, prefix: String,
        evaluate: (Expression) throws(StarlingError) -> Value
    ) throws(StarlingError) {
        var count = step
        var unit: IntervalUnit?
        if case .interval(let inner, let named) = step.kind { (count, unit) = (inner, named) }
        guard (unit != nil) == type.isTemporal, type.isTemporal || type.isInteger else {
            throw StarlingError(
                .binding,
                "EVERY is a number for whole numbers and an INTERVAL for dates and times; the "
                    + "values here are \(type)", at: step.range)
        }
        if let unit, type == .date, Self.unitsOfDay.contains(unit) {
            throw StarlingError(
                .binding,
                "a DATE has no \(unit.rawValue)S, so EVERY takes days or more here, or the column is "
                    + "a DATETIME", at: step.range)
        }
        var number = try evaluate(count)
        if let text = number.text { number = Value(parsing: text, as: .bigint) ?? .null }
        guard let amount = number.integer.flatMap({ Int64(exactly: $0) }), amount > 0 else {
            throw StarlingError(.binding, "EVERY takes steps of 1 or more", at: step.range)
        }
        self.init(amount, unit, type, prefix: prefix)
    }

    init(_ amount: Int64, _ unit: IntervalUnit?, _ type: LogicalType, prefix: String) {
        self.amount = amount
        self.unit = unit
        self.type = type
        self.prefix = prefix
    }

    /// Lists the steps between two values; the last one may be shorter.
    func steps(
        from start: Value, to end: Value, at place: TextRange
    ) throws(StarlingError) -> [(from: Value, to: Value)] {
        guard let last = end.integer, let first = start.integer, first < last else {
            throw StarlingError(.binding, "END lies before START", at: place)
        }
        var result: [(from: Value, to: Value)] = []
        var from = first
        while from < last {
            guard result.count < PartitionRouter.madeCountMax else {
                throw StarlingError(
                    .binding,
                    "these are more than \(PartitionRouter.madeCountMax) partitions", at: place)
            }
            // Counted from the start, so that months keep their day.
            let next = min(last, value(first, Int64(result.count) + 1) ?? last)
            guard next > from else { break }
            result.append((.integer(from), .integer(next)))
            from = next
        }
        return result
    }

    /// The value so many steps behind another; nil where there is none.
    func value(_ start: Int128, _ count: Int64) -> Int128? {
        guard let unit else {
            let (steps, isOver) = amount.multipliedReportingOverflow(by: count)
            return isOver ? nil : start + Int128(steps)
        }
        guard let unit = CalendarUnit(name: unit.rawValue) else { return nil }
        let steps = CalendarSteps(amount, unit, isDate: type == .date)
        return Int64(exactly: start).flatMap { steps.value($0, count) }.map { Int128($0) }
    }

    /// Names the partition that begins at a value.
    func name(of value: Value) -> String {
        guard unit != nil else {
            return prefix + String((value.text(as: type) ?? "").map { $0 == "-" ? "_" : $0 })
        }
        let count = PartitionNaming.digitCount(of: unit)
        return prefix + PartitionNaming.part(value, type, digitCount: count)
    }
}
