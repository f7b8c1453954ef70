// time_slice() and date_slice(): the interval that a time lies in, counted from 0001-01-01. The
// binder writes `INTERVAL 5 DAY` as two arguments and FLOOR and CEIL as texts.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Finds the beginning or the end of the interval of `length` units.
private struct Slice {
    let unit: CalendarUnit
    let length: Int64
    let isEnd: Bool

    /// 0001-01-01.
    static var originDay: Int32 { -719_162 }

    func apply(_ microseconds: Int64) throws(StarlingError) -> Int64? {
        let origin = Int64(Self.originDay) * microsecondsPerDay
        guard microseconds >= origin else {
            throw StarlingError(.data, "slices begin with 0001-01-01, the time lies before")
        }
        if unit.monthCount > 0 {
            let date = CivilDate(days: dayNumber(ofMicroseconds: microseconds))
            let months = Int64((date.year - 1) * 12 + date.month - 1)
            let (span, overflow) = length.multipliedReportingOverflow(by: Int64(unit.monthCount))
            guard !overflow, span <= 12 * 10_000 else { return isEnd ? nil : origin }
            let start = months / span * span + (isEnd ? span : 0)
            guard start < 9_999 * 12 else { return nil }
            let day = CivilDate(year: Int(start / 12) + 1, month: Int(start % 12) + 1, day: 1).days
            return Int64(day) * microsecondsPerDay
        }
        let (span, overflow) = length.multipliedReportingOverflow(by: unit.microsecondCount)
        guard !overflow else { return isEnd ? nil : origin }
        let distance = microseconds - origin
        let (end, isTooLate) = (microseconds - distance % span).addingReportingOverflow(
            isEnd ? span : 0)
        return !isTooLate && CalendarRange.contains(microsecond: end) ? end : nil
    }
}

enum TimeSlices {
    static let rows = [
        row(
            "time_slice", ["date_floor"], .datetime,
            "Gives the beginning (FLOOR) or end (CEIL) of the interval that a time lies in, "
                + "counted from 0001-01-01.",
            [
                ("time_slice('2169-12-18 15:44:31', INTERVAL 5 SECOND)", "2169-12-18 15:44:30"),
                ("time_slice('1751-03-21 00:19:04', INTERVAL 5 DAY, CEIL)", "1751-03-23 00:00:00"),
            ]),
        row(
            "date_slice", [], .date,
            "Gives the beginning (FLOOR) or end (CEIL) of the interval that a day lies in, "
                + "counted from 0001-01-01.",
            [
                ("date_slice('2022-04-26', INTERVAL 5 YEAR)", "2021-01-01"),
                ("date_slice('0001-01-07', INTERVAL 5 DAY, CEIL)", "0001-01-11"),
            ]),
    ]

    private static func row(
        _ name: String, _ aliases: [String], _ type: LogicalType, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(3...4, of: name)
                _ = try arguments.temporal(0, name)
                try arguments.expectUnitCount(1, of: name)
                let unit = try DateTruncation.unit(arguments.constant(2), name)
                if type == .date, !unit.isWholeDays {
                    throw StarlingError(.binding, "\(name)() takes days, not parts of them")
                }
                _ = try isEnd(arguments.constants.count > 3 ? arguments.constant(3) : nil, name)
                let types: [LogicalType] = [type, .bigint, .string, .string]
                return FunctionSignature(Array(types.prefix(arguments.types.count)), returns: type)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                try sliced(invocation, name)
                    .withIntegerLayout(invocation.resultPhysicalType)
            })
    }

    private static func isEnd(_ value: Value?, _ name: String) throws(StarlingError) -> Bool {
        switch value?.text?.lowercased() {
        case nil, "floor": return false
        case "ceil": return true
        default: throw StarlingError(.binding, "\(name)() takes FLOOR or CEIL at the end")
        }
    }

    private static func sliced(
        _ invocation: FunctionInvocation, _ name: String
    ) throws(StarlingError) -> Vector {
        let arguments = invocation.arguments
        let unit = try DateTruncation.unit(arguments[2].value(at: 0), name)
        let isEnd = try isEnd(arguments.count > 3 ? arguments[3].value(at: 0) : nil, name)
        let isDate = invocation.signature.resultType == .date
        let isConstant = arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let valid = RowsWithValues(arguments, count: count)
        let (times, lengths) = (DecodedVector(arguments[0]), DecodedVector(arguments[1]))
        var result = Vector(zeroed: isDate ? .int32 : .int64, count: count)
        for row in 0..<count where valid.contains(row) {
            let length = lengths.value(row, as: Int64.self)
            guard length > 0 else {
                throw StarlingError(.data, "\(name)() takes a length above 0, not \(length)")
            }
            let time =
                isDate
                ? Int64(times.value(row, as: Int32.self)) * microsecondsPerDay
                : times.value(row, as: Int64.self)
            let slice = Slice(unit: unit, length: length, isEnd: isEnd)
            guard let moment = try slice.apply(time) else {
                result.setNull(row)
                continue
            }
            if isDate {
                result.pointer(to: Int32.self)[row] = dayNumber(ofMicroseconds: moment)
            } else {
                result.pointer(to: Int64.self)[row] = moment
            }
        }
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }
}
