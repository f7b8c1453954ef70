// Equal steps of a unit of time, from a DATE or a DATETIME on.

/// Goes from a day or a moment to others, by so many units at a time.
package struct CalendarSteps: Sendable {
    package let amount: Int64
    package let unit: CalendarUnit
    /// True where values are days, of which units have whole numbers; false for microseconds.
    package let isDate: Bool

    package init(_ amount: Int64, _ unit: CalendarUnit, isDate: Bool) {
        self.amount = amount
        self.unit = unit
        self.isDate = isDate
    }

    /// Finds the value so many steps behind another; nil where the calendar has none. It is counted
    /// from there, so that months keep their day.
    package func value(_ start: Int64, _ count: Int64) -> Int64? {
        let (sum, isOver) = amount.multipliedReportingOverflow(by: count)
        guard !isOver, sum > .min else { return nil }
        guard isDate else { return unit.adding(sum, toMicroseconds: start) }
        guard unit.isWholeDays, let day = Int32(exactly: start) else { return nil }
        return unit.adding(sum, toDays: day).map(Int64.init)
    }

    /// Counts the values from one to another, both of them among these where steps lead there; none
    /// where steps lead away.
    package func count(from start: Int64, to end: Int64) -> Int128 {
        guard amount != 0, isInCalendar(start), isInCalendar(end),
            start == end || (start < end) == (amount > 0)
        else { return 0 }
        var last = wholeSteps(from: start, to: end)
        // Months end on other days than they began.
        while last > 0, !isReached(last, from: start, to: end) { last -= 1 }
        while isReached(last + 1, from: start, to: end) { last += 1 }
        return Int128(last) + 1
    }

    private func isInCalendar(_ value: Int64) -> Bool {
        guard isDate else { return CalendarRange.contains(microsecond: value) }
        return unit.isWholeDays && Int32(exactly: value).map(CalendarRange.contains(day:)) ?? false
    }

    private func isReached(_ count: Int64, from start: Int64, to end: Int64) -> Bool {
        guard let value = value(start, count) else { return false }
        return amount > 0 ? value <= end : value >= end
    }

    private func wholeSteps(from start: Int64, to end: Int64) -> Int64 {
        let scale = isDate ? microsecondsPerDay : 1
        return unit.difference(from: start * scale, to: end * scale) / amount
    }
}
