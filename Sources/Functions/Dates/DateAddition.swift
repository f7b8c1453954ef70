// Dates and datetimes plus and minus units: days_add(d, n) and its family. `d + INTERVAL n DAY`
// and date_add(d, INTERVAL n DAY) are bound to the same rows. A DATE stays a DATE when whole days
// or months are added; what leaves the years 0000 to 9999 is NULL.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private struct DateAdditionOperation: PartialBinaryOperation {
    let unit: CalendarUnit
    let sign: Int64

    @inline(__always)
    func apply(_ days: Int32, _ amount: Int64) -> Int32? {
        let (signed, overflow) = amount.multipliedReportingOverflow(by: sign)
        return overflow || signed == .min ? nil : unit.adding(signed, toDays: days)
    }
}

private struct DateTimeAdditionOperation: PartialBinaryOperation {
    let unit: CalendarUnit
    let sign: Int64

    @inline(__always)
    func apply(_ microseconds: Int64, _ amount: Int64) -> Int64? {
        let (signed, overflow) = amount.multipliedReportingOverflow(by: sign)
        return overflow || signed == .min ? nil : unit.adding(signed, toMicroseconds: microseconds)
    }
}

package enum DateAddition {
    /// Names the function that adds (or subtracts) a unit.
    package static func functionName(_ unit: CalendarUnit, isSubtraction: Bool) -> String {
        "\(unit.rawValue)s_\(isSubtraction ? "sub" : "add")"
    }

    static let rows: [ScalarFunction] = CalendarUnit.allCases.flatMap { unit in
        [row(unit, sign: 1), row(unit, sign: -1)]
    }

    private static func row(_ unit: CalendarUnit, sign: Int64) -> ScalarFunction {
        let name = functionName(unit, isSubtraction: sign < 0)
        let start = CivilDateTime(date: CivilDate(year: 2024, month: 1, day: 31)).microseconds
        let end = unit.adding(sign, toMicroseconds: start) ?? 0
        var text: [UInt8] = []
        appendDateTime(microseconds: end, to: &text)
        let verb = sign < 0 ? "Subtracts from" : "Adds to"
        return ScalarFunction(
            name, aliases: aliases(unit, sign),
            summary: "\(verb) a date or datetime a number of \(unit.rawValue)s.",
            examples: [("\(name)('2024-01-31', 1)", String(decoding: text, as: UTF8.self))],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: name)
                var type = try arguments.temporal(0, name)
                if !unit.isWholeDays { type = .datetime }
                return FunctionSignature([type, .bigint], returns: type)
            },
            resultBounds: { signature, bounds in
                addedBounds(signature.resultType, unit, sign, bounds)
            },
            evaluate: { invocation throws(StarlingError) in
                let (start, amount) = (invocation.arguments[0], invocation.arguments[1])
                let result =
                    invocation.signature.resultType == .date
                    ? mapped(
                        DateAdditionOperation(unit: unit, sign: sign), start, amount, to: .int32)
                    : mapped(
                        DateTimeAdditionOperation(unit: unit, sign: sign), start, amount,
                        to: .int64)
                return result.withIntegerLayout(invocation.resultPhysicalType)
            })
    }

    /// Without INTERVAL, date_add() adds days.
    private static func aliases(_ unit: CalendarUnit, _ sign: Int64) -> [String] {
        switch unit {
        case .day: sign < 0 ? ["date_sub", "subdate"] : ["date_add", "adddate"]
        case .month: sign < 0 ? [] : ["add_months"]
        default: []
        }
    }

    /// Adds the least amount to the least date and the greatest to the greatest.
    private static func addedBounds(
        _ type: LogicalType, _ unit: CalendarUnit, _ sign: Int64, _ bounds: [Bounds?]
    ) -> Bounds? {
        guard let range = type.bounds else { return nil }
        guard let start = bounds[0], range.contains(start),
            let amount = bounds[1]?.multiplying(Bounds(Int128(sign))),
            let least = Int64(exactly: amount.low), let greatest = Int64(exactly: amount.high),
            least > .min, greatest > .min
        else { return range }
        if type == .date {
            guard let low = unit.adding(least, toDays: Int32(start.low)),
                let high = unit.adding(greatest, toDays: Int32(start.high))
            else { return range }
            return Bounds(low: Int128(low), high: Int128(high))
        }
        guard let low = unit.adding(least, toMicroseconds: Int64(start.low)),
            let high = unit.adding(greatest, toMicroseconds: Int64(start.high))
        else { return range }
        return Bounds(low: Int128(low), high: Int128(high))
    }
}
