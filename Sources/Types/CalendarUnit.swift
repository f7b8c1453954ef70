// Units of intervals: addition, differences and truncation of dates and datetimes by them.

/// Names a unit of INTERVAL, date_trunc and timestampdiff.
package enum CalendarUnit: String, Sendable, Hashable, CaseIterable {
    case microsecond, millisecond, second, minute, hour, day, week, month, quarter, year

    /// Reads a unit's name, also in the plural and in any case.
    package init?(name: some StringProtocol) {
        var lowered = name.lowercased()
        if lowered.count > 1, lowered.hasSuffix("s") { lowered.removeLast() }
        self.init(rawValue: lowered)
    }

    /// The months in a unit of months, else 0.
    package var monthCount: Int {
        switch self {
        case .month: 1
        case .quarter: 3
        case .year: 12
        default: 0
        }
    }

    /// The microseconds in a unit of fixed length, else 0.
    package var microsecondCount: Int64 {
        switch self {
        case .microsecond: 1
        case .millisecond: 1_000
        case .second: microsecondsPerSecond
        case .minute: 60 * microsecondsPerSecond
        case .hour: 3_600 * microsecondsPerSecond
        case .day: microsecondsPerDay
        case .week: 7 * microsecondsPerDay
        case .month, .quarter, .year: 0
        }
    }

    /// True where a DATE stays a DATE when this is added.
    package var isWholeDays: Bool { microsecondCount % microsecondsPerDay == 0 }

    // Additions return nil where the result leaves the years 0000 to 9999.

    /// Adds to a DATE; for units of whole days and months.
    package func adding(_ amount: Int64, toDays days: Int32) -> Int32? {
        if monthCount != 0 {
            guard abs(amount) <= 120_000 else { return nil }
            let moved = CivilDate(days: days).addingMonths(Int(amount) * monthCount).days
            return CalendarRange.contains(day: moved) ? moved : nil
        }
        guard abs(amount) <= 4_000_000 else { return nil }
        let moved = Int64(days) + amount * (microsecondCount / microsecondsPerDay)
        guard let result = Int32(exactly: moved), CalendarRange.contains(day: result) else {
            return nil
        }
        return result
    }

    /// Adds to a DATETIME.
    package func adding(_ amount: Int64, toMicroseconds start: Int64) -> Int64? {
        if monthCount != 0 {
            let day = dayNumber(ofMicroseconds: start)
            guard let moved = adding(amount, toDays: day) else { return nil }
            return start &+ (Int64(moved) &- Int64(day)) &* microsecondsPerDay
        }
        let (span, spanOverflow) = amount.multipliedReportingOverflow(by: microsecondCount)
        let (result, overflow) = start.addingReportingOverflow(span)
        guard !spanOverflow, !overflow, CalendarRange.contains(microsecond: result) else {
            return nil
        }
        return result
    }

    /// Counts the whole units from `start` to `end`, towards zero.
    package func difference(from start: Int64, to end: Int64) -> Int64 {
        if monthCount == 0 { return (end - start) / microsecondCount }
        return Int64(Self.monthsBetween(start, end)) / Int64(monthCount)
    }

    private static func monthsBetween(_ start: Int64, _ end: Int64) -> Int {
        let from = CivilDateTime(microseconds: start)
        let to = CivilDateTime(microseconds: end)
        var months = (to.date.year - from.date.year) * 12 + to.date.month - from.date.month
        let fromRest = Int64(from.date.day) * microsecondsPerDay + from.timeOfDay
        let toRest = Int64(to.date.day) * microsecondsPerDay + to.timeOfDay
        if months > 0, toRest < fromRest { months -= 1 }
        if months < 0, toRest > fromRest { months += 1 }
        return months
    }

    /// Finds the first day of the unit that `days` lies in; units below a day leave it.
    @inline(always)
    package func truncating(days: Int32) -> Int32 {
        switch self {
        case .week: return days &- Int32(truncatingIfNeeded: weekdayFromMonday(days: days))
        case .month, .quarter, .year:
            var date = CivilDate(days: days)
            date.day = 1
            if self == .year { date.month = 1 }
            if self == .quarter { date.month = (date.month &- 1) / 3 &* 3 &+ 1 }
            return date.days
        default: return days
        }
    }

    /// Finds the first moment of the unit that `microseconds` lies in.
    @inline(always)
    package func truncating(microseconds: Int64) -> Int64 {
        let day = dayNumber(ofMicroseconds: microseconds)
        let midnight = Int64(day) &* microsecondsPerDay
        switch self {
        case .microsecond, .millisecond, .second, .minute, .hour:
            let time = microseconds &- midnight
            return microseconds &- time % microsecondCount
        default: return Int64(truncating(days: day)) &* microsecondsPerDay
        }
    }
}
