// Weeks of the year as MySQL's modes 0 to 7 count them. Bit 0 of a mode: weeks begin on Monday;
// bit 1: weeks run from 1 to 53, so that early January may belong to the last year's week; bit 2:
// week 1 is the first that begins in the year, instead of the first with four days in it (turned
// around for weeks from Monday).

/// Numbers the week of a date, and the year that the week belongs to.
package struct WeekNumber: Hashable, Sendable {
    package var year: Int
    package var week: Int

    package init(days: Int32, mode: Int) {
        let beginsOnMonday = mode & 1 != 0
        var isYearLong = mode & 2 != 0
        let isFirstByWeekday = (mode & 4 != 0) == beginsOnMonday
        let date = CivilDate(days: days)
        var firstDay = CivilDate(year: date.year, month: 1, day: 1).days
        // The weekday of January the 1st, counted from the day that weeks begin on.
        var weekday = Self.weekday(firstDay, fromMonday: beginsOnMonday)
        year = date.year
        if date.month == 1, date.day <= 7 - weekday {
            let isBeforeFirst = isFirstByWeekday ? weekday != 0 : weekday >= 4
            if !isYearLong, isBeforeFirst {
                week = 0
                return
            }
            if isBeforeFirst {
                isYearLong = true
                year -= 1
                let dayCount: Int32 = CivilDate.isLeap(year) ? 366 : 365
                firstDay -= dayCount
                weekday = (weekday + 53 * 7 - Int(dayCount)) % 7
            }
        }
        let skipsFirst = isFirstByWeekday ? weekday != 0 : weekday >= 4
        let offset = Int(days - firstDay) + (skipsFirst ? -(7 - weekday) : weekday)
        if isYearLong, offset >= 52 * 7 {
            let next = (weekday + (CivilDate.isLeap(year) ? 366 : 365)) % 7
            if isFirstByWeekday ? next == 0 : next < 4 {
                year += 1
                week = 1
                return
            }
        }
        week = offset / 7 + 1
    }

    private static func weekday(_ days: Int32, fromMonday: Bool) -> Int {
        let monday = weekdayFromMonday(days: days)
        return fromMonday ? monday : (monday + 1) % 7
    }
}
