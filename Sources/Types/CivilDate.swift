// The proleptic Gregorian calendar: days since 1970-01-01 to year, month and day and back, by the
// Euclidean affine functions of Neri and Schneider ("Euclidean affine functions and their
// application to calendar algorithms", Software: Practice and Experience, 2022). Years begin in
// March inside the algorithm, so that leap days come last; 400-year eras shift away negatives.

/// Holds a day of the calendar.
package struct CivilDate: Hashable, Sendable {
    package var year: Int
    /// 1 … 12.
    package var month: Int
    /// 1 … 31.
    package var day: Int

    @inline(always)
    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Converts days since 1970-01-01; any count that a DATE can have, and some beyond.
    @inline(always)
    package init(days: Int32) {
        let shifted = UInt32(bitPattern: days &+ 719_468 &+ 146_097 &* 30)
        let quadrupled = 4 &* shifted &+ 3
        let century = quadrupled / 146_097
        let dayOfCentury = (quadrupled % 146_097) / 4
        let product = UInt64(2_939_745) &* UInt64(4 &* dayOfCentury &+ 3)
        let yearOfCentury = UInt32(truncatingIfNeeded: product &>> 32)
        let dayOfYear = UInt32(truncatingIfNeeded: product) / 2_939_745 / 4
        let march = 2_141 &* dayOfYear &+ 197_913
        let isNextYear = dayOfYear >= 306
        let monthFromMarch = march &>> 16
        year =
            Int(100 &* century &+ yearOfCentury) &- 400 &* 30 &+ (isNextYear ? 1 : 0)
        month = Int(isNextYear ? monthFromMarch &- 12 : monthFromMarch)
        day = Int((march & 0xFFFF) / 2_141 &+ 1)
    }

    /// Counts the days since 1970-01-01.
    @inline(always)
    package var days: Int32 {
        let yearFromMarch = Int32(truncatingIfNeeded: year) &+ 400 &* 30 &- (month <= 2 ? 1 : 0)
        let monthFromMarch = Int32(truncatingIfNeeded: month &+ (month > 2 ? -3 : 9))
        let century = yearFromMarch / 100
        let dayOfYear =
            (153 &* monthFromMarch &+ 2) / 5 &+ Int32(truncatingIfNeeded: day) &- 1
        return yearFromMarch &* 365 &+ yearFromMarch / 4 &- century &+ century / 4 &+ dayOfYear
            &- 719_468 &- 146_097 &* 30
    }

    @inline(always)
    package static func isLeap(_ year: Int) -> Bool {
        year & 3 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    @inline(always)
    package static func dayCount(ofMonth month: Int, year: Int) -> Int {
        if month == 2 { return isLeap(year) ? 29 : 28 }
        return 30 &+ ((month ^ (month &>> 3)) & 1)
    }

    /// Makes a date of numbers from outside, or nil where there is no such day.
    package init?(validYear year: Int, month: Int, day: Int) {
        guard (0...9_999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.dayCount(ofMonth: month, year: year)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Counts from 1 on January the 1st.
    package var dayOfYear: Int {
        Int(days &- CivilDate(year: year, month: 1, day: 1).days) + 1
    }

    package var lastDayOfMonth: CivilDate {
        CivilDate(
            year: year, month: month, day: Self.dayCount(ofMonth: month, year: year))
    }

    /// Moves by months; a day that the target month lacks becomes its last one.
    @inline(always)
    package func addingMonths(_ count: Int) -> CivilDate {
        let months = year &* 12 &+ month &- 1 &+ count
        let targetYear = months >= 0 ? months / 12 : (months &- 11) / 12
        let targetMonth = months &- targetYear &* 12 &+ 1
        let last = Self.dayCount(ofMonth: targetMonth, year: targetYear)
        return CivilDate(year: targetYear, month: targetMonth, day: min(day, last))
    }
}

/// Counts days from Monday (0) to Sunday (6).
@inline(always)
package func weekdayFromMonday(days: Int32) -> Int {
    // 1970-01-01 was a Thursday; the shift is a multiple of 7.
    Int((UInt32(bitPattern: days &+ 7_000_000) &+ 3) % 7)
}
