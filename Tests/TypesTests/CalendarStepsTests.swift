import StarlingTypes
import Testing

/// Steps are counted by walking along them.
@Suite struct CalendarStepsTests {
    private static let days = [
        (2023, 11, 30), (2024, 1, 31), (2024, 2, 28), (2024, 2, 29), (2024, 3, 31), (2025, 2, 28),
        (2025, 12, 31), (2028, 2, 29), (9_999, 12, 31), (0, 1, 1),
    ].map { CivilDate(year: $0, month: $1, day: $2).days }

    @Test(arguments: [CalendarUnit.day, .week, .month, .quarter, .year])
    func countsTheDaysThatStepsReach(_ unit: CalendarUnit) {
        for (start, end) in Self.days.flatMap({ start in Self.days.map { (start, $0) } }) {
            guard abs(Int(start) - Int(end)) < 5_000 else { continue }
            for amount: Int64 in [-13, -1, 0, 1, 2, 7] {
                let steps = CalendarSteps(amount, unit, isDate: true)
                let walked = Self.walk(steps, from: Int64(start), to: Int64(end))
                #expect(steps.count(from: Int64(start), to: Int64(end)) == Int128(walked))
            }
        }
    }

    @Test(arguments: [CalendarUnit.hour, .day, .month, .year])
    func countsTheMomentsThatStepsReach(_ unit: CalendarUnit) {
        let start = Int64(Self.days[4]) * microsecondsPerDay + 5 * 3_600 * microsecondsPerSecond
        for hours in stride(from: -1_500, through: 1_500, by: 37) {
            let end = start + Int64(hours) * 3_600 * microsecondsPerSecond
            for amount: Int64 in [-1, 1, 3] {
                let steps = CalendarSteps(amount, unit, isDate: false)
                #expect(
                    steps.count(from: start, to: end)
                        == Int128(Self.walk(steps, from: start, to: end)))
            }
        }
    }

    @Test func endsWithTheCalendar() {
        let last = Int64(CalendarRange.lastDay)
        #expect(CalendarSteps(1, .month, isDate: true).count(from: last, to: last) == 1)
        #expect(CalendarSteps(.max, .year, isDate: true).count(from: 0, to: last) == 1)
        #expect(CalendarSteps(.min, .day, isDate: true).count(from: last, to: 0) == 1)
        #expect(CalendarSteps(1, .day, isDate: true).count(from: 0, to: last + 1) == 0)
        #expect(CalendarSteps(1, .hour, isDate: true).value(0, 1) == nil)
    }

    private static func walk(_ steps: CalendarSteps, from start: Int64, to end: Int64) -> Int {
        guard steps.amount != 0 else { return 0 }
        var count = 0
        while let value = steps.value(start, Int64(count)),
            steps.amount > 0 ? value <= end : value >= end
        {
            count += 1
        }
        return count
    }
}
