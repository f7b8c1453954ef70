import Testing

import StarlingTypes

struct CivilDateTests {
    /// Walks through every day that a DATE can be, by the calendar's own rule.
    @Test func everyDayFollowsTheOneBefore() {
        var year = 0
        var month = 1
        var day = 1
        var mistakes = 0
        for number in CalendarRange.firstDay...CalendarRange.lastDay {
            let expected = CivilDate(year: year, month: month, day: day)
            if CivilDate(days: number) != expected || expected.days != number { mistakes += 1 }
            let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            if CivilDate.dayCount(ofMonth: month, year: year) != lengths[month - 1] {
                mistakes += 1
            }
            day += 1
            if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(mistakes == 0)
        #expect(year == 10_000)
        #expect(CivilDate(year: 1970, month: 1, day: 1).days == 0)
    }

    /// Compares weeks with the formulas of the C standard (%U, %W) and of ISO 8601 (its Thursday).
    @Test func weeksFollowTheirDefinitions() {
        for days in CivilDate(year: 1990, month: 1, day: 1).days...15_000 {
            let date = CivilDate(days: days)
            let dayOfYear = date.dayOfYear - 1
            let fromMonday = Int((days + 3) % 7)
            let fromSunday = (fromMonday + 1) % 7
            #expect(WeekNumber(days: days, mode: 0).week == (dayOfYear + 7 - fromSunday) / 7)
            #expect(WeekNumber(days: days, mode: 5).week == (dayOfYear + 7 - fromMonday) / 7)
            let thursday = CivilDate(days: days - Int32(fromMonday) + 3)
            let number = WeekNumber(days: days, mode: 3)
            #expect(number.week == (thursday.dayOfYear - 1) / 7 + 1)
            #expect(number.year == thursday.year)
        }
    }

    /// The examples of MySQL's manual for WEEK() and YEARWEEK().
    @Test(arguments: [
        ("2008-02-20", 0, 2008, 7), ("2008-02-20", 1, 2008, 8), ("2008-12-31", 1, 2008, 53),
        ("2000-01-01", 0, 2000, 0), ("2000-01-01", 2, 1999, 52), ("1987-01-01", 2, 1986, 52),
    ])
    func weeksOfTheManual(text: String, mode: Int, year: Int, week: Int) throws {
        let days = try #require(Value(parsing: text, as: .date)?.integer)
        let number = WeekNumber(days: Int32(days), mode: mode)
        #expect((number.year, number.week) == (year, week))
    }

    @Test(arguments: [
        ("2024-01-31", 1, "2024-02-29"), ("2023-01-31", 1, "2023-02-28"),
        ("2024-03-31", -1, "2024-02-29"), ("2024-12-15", 1, "2025-01-15"),
        ("2024-01-15", -1, "2023-12-15"), ("2000-02-29", 12, "2001-02-28"),
        ("0000-03-31", -1, "0000-02-29"), ("1998-12-01", -3, "1998-09-01"),
    ])
    func monthsClampToTheLastDay(start: String, months: Int, end: String) throws {
        let days = try #require(Value(parsing: start, as: .date)?.integer)
        let moved = CalendarUnit.month.adding(Int64(months), toDays: Int32(days))
        #expect(moved.map { Value.integer(Int128($0)).text(as: .date) } == end)
    }

    @Test func unitsStopAtTheEndsOfTheCalendar() {
        let last = CalendarRange.lastMicrosecond
        #expect(CalendarUnit.microsecond.adding(1, toMicroseconds: last) == nil)
        #expect(CalendarUnit.year.adding(.max, toMicroseconds: last) == nil)
        #expect(CalendarUnit.month.adding(-.max, toDays: 0) == nil)
        #expect(CalendarUnit.hour.adding(.max, toMicroseconds: 0) == nil)
        #expect(CalendarUnit.day.adding(1, toDays: CalendarRange.lastDay) == nil)
    }

    /// Whole units between two moments, as MySQL's TIMESTAMPDIFF counts them.
    @Test(arguments: [
        ("2003-02-01", "2003-05-01", CalendarUnit.month, 3),
        ("2002-05-01", "2001-01-01", .year, -1),
        ("2003-02-01", "2003-05-01 12:05:55", .minute, 128_885),
        ("2024-01-31", "2024-02-29", .month, 0), ("2024-02-29", "2024-01-31", .month, 0),
        ("2024-01-31 10:00:00", "2024-03-31 09:00:00", .month, 1),
        ("2024-01-01", "2024-12-31", .quarter, 3), ("2024-01-01", "2024-01-15", .week, 2),
    ])
    func differences(start: String, end: String, unit: CalendarUnit, count: Int64) throws {
        let from = try #require(Value(parsing: start, as: .datetime)?.integer)
        let to = try #require(Value(parsing: end, as: .datetime)?.integer)
        #expect(unit.difference(from: Int64(from), to: Int64(to)) == count)
    }

    @Test(arguments: [
        ("week", "2024-03-04 00:00:00"), ("month", "2024-03-01 00:00:00"),
        ("quarter", "2024-01-01 00:00:00"), ("year", "2024-01-01 00:00:00"),
        ("day", "2024-03-09 00:00:00"), ("hour", "2024-03-09 14:00:00"),
        ("minute", "2024-03-09 14:05:00"), ("second", "2024-03-09 14:05:06"),
        ("millisecond", "2024-03-09 14:05:06.123000"),
    ])
    func truncation(unit: String, expected: String) throws {
        let moment = try #require(
            Value(parsing: "2024-03-09 14:05:06.123456", as: .datetime)?.integer)
        let unit = try #require(CalendarUnit(name: unit))
        let result = unit.truncating(microseconds: Int64(moment))
        #expect(Value.integer(Int128(result)).text(as: .datetime) == expected)
    }
}
