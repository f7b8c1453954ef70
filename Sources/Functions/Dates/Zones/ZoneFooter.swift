// The rule that a zone's file ends with, in the form of POSIX's TZ: `CET-1CEST,M3.5.0,M10.5.0/3`.
// It holds for all time behind the changes that the file lists.

import StarlingTypes

/// Computes when summer time begins and ends.
struct ZoneFooter: Sendable {
    /// Says when in a year clocks change, by the clock that is then valid.
    struct Change: Sendable {
        enum Day: Sendable {
            /// The n-th weekday (from Sunday, 0) of a month; 5 is the last one.
            case weekday(month: Int, week: Int, weekday: Int)
            /// Counts from 1 and leaves February the 29th out.
            case dayWithoutLeap(Int)
            /// Counts from 0.
            case dayOfYear(Int)
        }
        var day: Day
        var secondOfDay: Int64
    }

    let standard: Int64
    private var summer: (offset: Int64, start: Change, end: Change)?

    /// Reads a rule; nil for what is none.
    init?(_ text: [UInt8]) {
        var reader = Reader(text: text)
        guard reader.name(), let standard = reader.time() else { return nil }
        self.standard = -standard
        guard reader.position < text.count else { return }
        guard reader.name() else { return nil }
        var offset = self.standard + 3_600
        if reader.position < text.count, text[reader.position] != UInt8(ascii: ",") {
            guard let given = reader.time() else { return nil }
            offset = -given
        }
        guard let start = reader.change(), let end = reader.change(),
            reader.position == text.count
        else { return nil }
        summer = (offset, start, end)
    }

    /// The distances that it goes back and forth between.
    var offsets: [Int64] { [standard] + (summer.map { [$0.offset] } ?? []) }

    func offset(at moment: Int64) -> Int64 {
        guard let summer else { return standard }
        let year = CivilDate(days: Self.day(of: moment + standard)).year
        let start = Self.moment(of: summer.start, in: year) - standard
        let end = Self.moment(of: summer.end, in: year) - summer.offset
        // In the south summer goes over the turn of the year.
        let isSummer =
            start < end ? moment >= start && moment < end : moment >= start || moment < end
        return isSummer ? summer.offset : standard
    }

    private static func day(of second: Int64) -> Int32 {
        let days = second >= 0 ? second / 86_400 : (second - 86_399) / 86_400
        return Int32(clamping: max(-719_528, min(2_932_896, days)))
    }

    private static func moment(of change: Change, in year: Int) -> Int64 {
        let first = CivilDate(year: year, month: 1, day: 1).days
        let day: Int32
        switch change.day {
        case .dayOfYear(let number): day = first + Int32(number)
        case .dayWithoutLeap(let number):
            day = first + Int32(number - 1) + (CivilDate.isLeap(year) && number >= 60 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let begin = CivilDate(year: year, month: month, day: 1).days
            let own = (weekdayFromMonday(days: begin) + 1) % 7
            var number = 1 + (weekday - own + 7) % 7 + (week - 1) * 7
            if number > CivilDate.dayCount(ofMonth: month, year: year) { number -= 7 }
            day = begin + Int32(number - 1)
        }
        return Int64(day) * 86_400 + change.secondOfDay
    }
}

/// Reads the parts of a rule.
private struct Reader {
    let text: [UInt8]
    var position = 0

    init(text: [UInt8]) { self.text = text }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    /// Skips letters, or anything between < and >.
    mutating func name() -> Bool {
        let start = position
        if next == UInt8(ascii: "<") {
            while let byte = next, byte != UInt8(ascii: ">") { position += 1 }
            position += 1
            return position <= text.count
        }
        while let byte = next, (0x61...0x7A).contains(byte | 0x20) { position += 1 }
        return position > start
    }

    mutating func number() -> Int? {
        let start = position
        var value = 0
        while let byte = next, isDigit(byte), position - start < 4 {
            value = value * 10 + Int(byte - 0x30)
            position += 1
        }
        return position == start ? nil : value
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// Reads `[+-]hours[:minutes[:seconds]]` as seconds.
    mutating func time() -> Int64? {
        let isNegative = next == UInt8(ascii: "-")
        if isNegative || next == UInt8(ascii: "+") { position += 1 }
        guard let hours = number(), hours <= 167 else { return nil }
        var seconds = hours * 3_600
        for unit in [60, 1] where skip(UInt8(ascii: ":")) {
            guard let value = number(), value < 60 else { return nil }
            seconds += value * unit
        }
        return Int64(isNegative ? -seconds : seconds)
    }

    mutating func change() -> ZoneFooter.Change? {
        guard skip(UInt8(ascii: ",")) else { return nil }
        let day: ZoneFooter.Change.Day
        if skip(UInt8(ascii: "M")) {
            guard let month = number(), (1...12).contains(month), skip(UInt8(ascii: ".")),
                let week = number(), (1...5).contains(week), skip(UInt8(ascii: ".")),
                let weekday = number(), (0...6).contains(weekday)
            else { return nil }
            day = .weekday(month: month, week: week, weekday: weekday)
        } else if skip(UInt8(ascii: "J")) {
            guard let number = number(), (1...365).contains(number) else { return nil }
            day = .dayWithoutLeap(number)
        } else {
            guard let number = number(), (0...365).contains(number) else { return nil }
            day = .dayOfYear(number)
        }
        var second: Int64 = 7_200
        if skip(UInt8(ascii: "/")) {
            guard let given = time() else { return nil }
            second = given
        }
        return ZoneFooter.Change(day: day, secondOfDay: second)
    }
}
