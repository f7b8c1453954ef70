// now() and its like: the statement's time by the session's clock.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

extension SessionValues {
    /// Finds the rules of the session's zone.
    func zone() throws(StarlingError) -> ZoneRules {
        guard let rules = try ZoneDatabase.rules(named: timeZone) else {
            throw StarlingError(.binding, "time_zone '\(timeZone)' is no time zone")
        }
        return rules
    }

    /// The statement's time as the session's clock shows it, in microseconds.
    func localStatementTime() throws(StarlingError) -> Int64 {
        let second = CalendarUnit.second.truncating(microseconds: statementTime)
        let offset = try zone().offset(at: second / microsecondsPerSecond)
        return statementTime + offset * microsecondsPerSecond
    }
}

enum CurrentTime {
    static let rows = [
        moment(
            "now", ["current_timestamp", "localtime", "localtimestamp", "sysdate"], .datetime,
            maximum: 1,
            "Gives the time at which the statement began, to the second or to so many digits of "
                + "it."),
        moment("utc_timestamp", [], .datetime, "Gives the statement's time in UTC."),
        moment("utc_time", [], .time, "Gives the statement's time of day in UTC."),
        moment("curdate", ["current_date"], .date, "Gives the day on which the statement began."),
        moment("curtime", ["current_time"], .time, "Gives the statement's time of day."),
        ScalarFunction(
            "current_timezone", summary: "Gives the session's time zone.",
            examples: [("current_timezone()", "UTC")],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("current_timezone", [], 0...0, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                Vector(
                    constant: .text(invocation.session.timeZone), .string,
                    count: invocation.count)
            }),
    ]

    /// Makes a function of the statement's time. It is the same throughout a statement, so that
    /// it may be folded whenever a statement is planned anew.
    private static func moment(
        _ name: String, _ aliases: [String], _ type: LogicalType, maximum: Int = 0,
        _ summary: String
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: [("\(name)() IS NULL", "0")],
            resolve: { arguments throws(StarlingError) in
                let signature = try arguments.textSignature(
                    name, [.int], 0...maximum, returns: type)
                if let digits = arguments.constantInteger(0), !(0...6).contains(digits) {
                    throw StarlingError(.binding, "\(name)() takes 0 to 6 digits, not \(digits)")
                }
                return signature
            },
            evaluate: { invocation throws(StarlingError) in
                let session = invocation.session
                let isUniversal = name.hasPrefix("utc")
                let moment =
                    isUniversal ? session.statementTime : try session.localStatementTime()
                let day = Int64(dayNumber(ofMicroseconds: moment))
                // MySQL and StarRocks give whole seconds unless digits are asked for.
                let digits = invocation.arguments.first?.value(at: 0).integer ?? 0
                let step = Int64(powerOfTen(6 - Int(max(0, min(6, digits)))))
                let time = moment - day * microsecondsPerDay
                let cut = time - time % step
                let value =
                    switch type {
                    case .date: day
                    case .time: cut
                    default: day * microsecondsPerDay + cut
                    }
                return Vector(
                    constant: .integer(Int128(value)), invocation.resultPhysicalType,
                    count: invocation.count)
            })
    }
}
