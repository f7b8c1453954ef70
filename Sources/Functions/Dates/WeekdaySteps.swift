// next_day() and previous_day(): the nearest day with a weekday's name.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

enum WeekdaySteps {
    static let rows = [
        row(
            "next_day", isForward: true, "Gives the first day with a weekday's name after a date.",
            [("next_day('2023-04-06', 'Monday')", "2023-04-10")]),
        row(
            "previous_day", isForward: false,
            "Gives the last day with a weekday's name before a date.",
            [("previous_day('2023-04-06', 'Monday')", "2023-04-03")]),
    ]

    private static func row(
        _ name: String, isForward: Bool, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: name)
                _ = try arguments.temporal(0, name)
                if let text = arguments.constant(1)?.text { _ = try weekday(text, name) }
                return FunctionSignature([.date, .string], returns: .date)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                try moved(invocation, name, isForward: isForward)
                    .withIntegerLayout(invocation.resultPhysicalType)
            })
    }

    /// Reads Monday, Mon or Mo as 0; in this case only, as StarRocks does.
    private static func weekday(_ text: String, _ name: String) throws(StarlingError) -> Int {
        let names = DateTimePattern.dayNames
        let found = names.firstIndex { day in
            text == day || text == day.prefix(3) || text == day.prefix(2)
        }
        guard let found else {
            let near = nearestName(to: text, among: names)
            throw StarlingError(
                .data,
                "\(name)() knows no weekday '\(text)'"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""))
        }
        return found
    }

    private static func moved(
        _ invocation: FunctionInvocation, _ name: String, isForward: Bool
    ) throws(StarlingError) -> Vector {
        let arguments = invocation.arguments
        let isConstant = arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let valid = RowsWithValues(arguments, count: count)
        let (days, names) = (DecodedVector(arguments[0]), DecodedVector(arguments[1]))
        var result = Vector(zeroed: .int32, count: count)
        let output = result.pointer(to: Int32.self)
        for row in 0..<count where valid.contains(row) {
            let text = String(decoding: names.text(row).bytes, as: UTF8.self)
            let wanted = try weekday(text, name)
            let day = days.value(row, as: Int32.self)
            let own = weekdayFromMonday(days: day)
            let distance =
                isForward ? (wanted - own + 6) % 7 + 1 : -((own - wanted + 6) % 7 + 1)
            let moved = day + Int32(distance)
            if CalendarRange.contains(day: moved) {
                output[row] = moved
            } else {
                result.setNull(row)
            }
        }
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }
}
