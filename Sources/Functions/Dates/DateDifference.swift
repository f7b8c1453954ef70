// Differences of dates and datetimes. timestampdiff(unit, a, b) is bound to <unit>s_diff(b, a).

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private struct DayDifference: BinaryOperation {
    @inline(__always)
    func apply(_ left: Int32, _ right: Int32) -> Int32 { left &- right }
}

private struct UnitDifference: BinaryOperation {
    let unit: CalendarUnit

    @inline(__always)
    func apply(_ left: Int64, _ right: Int64) -> Int64 { unit.difference(from: right, to: left) }
}

package enum DateDifference {
    /// Names the function that counts the whole units from its second to its first argument.
    package static func functionName(_ unit: CalendarUnit) -> String { "\(unit.rawValue)s_diff" }

    static let rows: [ScalarFunction] =
        [
            ScalarFunction(
                "datediff", summary: "Counts the days from the second date to the first.",
                examples: [("datediff('2024-03-01', '2024-02-01 23:59:59')", "29")],
                resolve: { arguments throws(StarlingError) in
                    try arguments.expectCount(2...2, of: "datediff")
                    _ = try arguments.temporal(0, "datediff")
                    _ = try arguments.temporal(1, "datediff")
                    return FunctionSignature([.date, .date], returns: .int)
                },
                resultBounds: { _, bounds in
                    let whole = Bounds(low: -3_652_424, high: 3_652_424)
                    guard let left = bounds[0], let right = bounds[1] else { return whole }
                    return left.subtracting(right)?.intersection(whole) ?? whole
                },
                evaluate: { invocation throws(StarlingError) in
                    mapped(
                        DayDifference(), invocation.arguments[0], invocation.arguments[1],
                        to: .int32
                    ).withIntegerLayout(invocation.resultPhysicalType)
                })
        ] + CalendarUnit.allCases.map { row($0) }

    private static func row(_ unit: CalendarUnit) -> ScalarFunction {
        let name = functionName(unit)
        return ScalarFunction(
            name,
            summary: "Counts the whole \(unit.rawValue)s from the second datetime to the first.",
            examples: [("\(name)('2024-01-01', '2024-01-01')", "0")],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: name)
                _ = try arguments.temporal(0, name)
                _ = try arguments.temporal(1, name)
                return FunctionSignature([.datetime, .datetime], returns: .bigint)
            },
            evaluate: { invocation throws(StarlingError) in
                mapped(
                    UnitDifference(unit: unit), invocation.arguments[0], invocation.arguments[1],
                    to: .int64
                ).withIntegerLayout(invocation.resultPhysicalType)
            })
    }
}

/// Counts units by a name that must be a literal.
enum UnitDifferences {
    static let rows = [
        row(
            "date_diff", isReversed: false,
            "Counts the whole units from the third argument to the second.",
            [("date_diff('hour', '2010-11-30 23:59:59', '2010-11-30 20:58:59')", "3")]),
        row(
            "timestampdiff", isReversed: true,
            "Counts the whole units from the second argument to the third.",
            [("timestampdiff(MONTH, '2003-02-01', '2003-05-01')", "3")]),
    ]

    private static func row(
        _ name: String, isReversed: Bool, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(3...3, of: name)
                _ = try DateTruncation.unit(arguments.constant(0), name)
                _ = try arguments.temporal(1, name)
                _ = try arguments.temporal(2, name)
                return FunctionSignature([.string, .datetime, .datetime], returns: .bigint)
            },
            evaluate: { invocation throws(StarlingError) in
                let arguments = invocation.arguments
                let unit = try DateTruncation.unit(arguments[0].value(at: 0), name)
                let (left, right) = isReversed ? (2, 1) : (1, 2)
                return mapped(
                    UnitDifference(unit: unit), arguments[left], arguments[right], to: .int64
                ).withIntegerLayout(invocation.resultPhysicalType)
            })
    }
}
