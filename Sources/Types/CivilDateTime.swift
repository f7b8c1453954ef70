// A DATETIME taken apart, and the ranges that dates and datetimes keep to.

@inline(always)
package var microsecondsPerSecond: Int64 { 1_000_000 }

@inline(always)
package var microsecondsPerDay: Int64 { 86_400_000_000 }

/// Holds a day and a time of day.
package struct CivilDateTime: Hashable, Sendable {
    package var date: CivilDate
    package var hour: Int
    package var minute: Int
    package var second: Int
    package var microsecond: Int

    package init(
        date: CivilDate, hour: Int = 0, minute: Int = 0, second: Int = 0, microsecond: Int = 0
    ) {
        self.date = date
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
    }

    /// Converts microseconds since 1970-01-01 00:00:00.
    @inline(always)
    package init(microseconds: Int64) {
        let days = dayNumber(ofMicroseconds: microseconds)
        let time = microseconds &- Int64(days) &* microsecondsPerDay
        date = CivilDate(days: days)
        let seconds = Int(time / microsecondsPerSecond)
        hour = seconds / 3_600
        minute = seconds / 60 % 60
        second = seconds % 60
        microsecond = Int(time % microsecondsPerSecond)
    }

    /// Counts the microseconds since midnight.
    @inline(always)
    package var timeOfDay: Int64 {
        Int64((hour &* 60 &+ minute) &* 60 &+ second) &* microsecondsPerSecond
            &+ Int64(microsecond)
    }

    @inline(always)
    package var microseconds: Int64 { Int64(date.days) &* microsecondsPerDay &+ timeOfDay }
}

/// Finds the day that a DATETIME falls on, also before 1970.
@inline(always)
package func dayNumber(ofMicroseconds microseconds: Int64) -> Int32 {
    let quotient = microseconds / microsecondsPerDay
    let remainder = microseconds &- quotient &* microsecondsPerDay
    return Int32(truncatingIfNeeded: quotient &- (remainder < 0 ? 1 : 0))
}

/// The ends of DATE and DATETIME: years 0000 to 9999.
package enum CalendarRange {
    package static let firstDay: Int32 = -719_528
    package static let lastDay: Int32 = 2_932_896
    package static let firstMicrosecond = Int64(firstDay) * microsecondsPerDay
    package static let lastMicrosecond = (Int64(lastDay) + 1) * microsecondsPerDay - 1

    @inline(always)
    package static func contains(day: Int32) -> Bool { day >= -719_528 && day <= 2_932_896 }

    @inline(always)
    package static func contains(microsecond: Int64) -> Bool {
        microsecond >= -719_528 * 86_400_000_000 && microsecond < 2_932_897 * 86_400_000_000
    }
}
