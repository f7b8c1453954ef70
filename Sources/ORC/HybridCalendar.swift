// The calendar of older Java programs: Julian before the 15th of October 1582, Gregorian from then
// on. A day keeps its name: the 4th of October 1582 is written as the day before the 15th, and is
// eleven days before it in the calendar that SQL uses for all times.

import StarlingTypes

enum HybridCalendar {
    /// The 15th of October 1582, in days since 1970.
    static let firstGregorianDay: Int64 = -141_427

    /// Returns the day of the same name; days outside of what a DATE can be stay outside.
    static func proleptic(_ day: Int64) -> Int64 {
        // Far enough outside that no name brings it back.
        guard day < firstGregorianDay, day > -800_000 else { return day }
        // Years of the algorithm begin in March, at -4800-03-01.
        let shifted = Int(day) + 2_440_588 + 32_082
        let year = (4 * shifted + 3) / 1_461
        let dayOfYear = shifted - 1_461 * year / 4
        let month = (5 * dayOfYear + 2) / 153
        let date = CivilDate(
            year: year - 4_800 + month / 10, month: month + 3 - 12 * (month / 10),
            day: dayOfYear - (153 * month + 2) / 5 + 1)
        return Int64(date.days)
    }

    static func prolepticMicroseconds(_ time: Int64) -> Int64 {
        let perDay: Int64 = 86_400_000_000
        var day = time / perDay
        if day * perDay > time { day -= 1 }
        return time + (proleptic(day) - day) * perDay
    }
}
