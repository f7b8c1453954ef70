// DATE and TIMESTAMP. A timestamp is the seconds since the beginning of 2015 where it was written,
// and nanoseconds, whose lowest three bits tell how many zeros were taken from their end. Java's
// writer rounds seconds before 1970 toward zero, not down, unless less than a millisecond is left;
// the others follow it.

import StarlingMemory
import StarlingVectors

/// Gives days since 1970.
final class DateSource: NumberSource {
    private let days: IntegerDecoder
    private let isHybrid: Bool

    /// `isHybrid` says that days before 1582 are counted by the Julian calendar.
    init(_ days: IntegerDecoder, isHybrid: Bool) {
        self.days = days
        self.isHybrid = isHybrid
    }

    override func decode(
        _ count: Int, into target: UnsafeMutableRawPointer
    ) throws(ORCDamage) {
        try days.decode(count, into: target)
        guard isHybrid else { return }
        let target = target.assumingMemoryBound(to: Int64.self)
        for index in 0..<count where target[index] < HybridCalendar.firstGregorianDay {
            target[index] = HybridCalendar.proleptic(target[index])
        }
    }

    override func skip(_ count: Int) throws(ORCDamage) { try days.skip(count) }

    override func seek(_ positions: inout StreamPositions) throws(ORCDamage) {
        try days.seek(&positions)
    }
}

/// Gives microseconds since 1970, as a clock on the wall where they were written showed them.
final class TimestampSource: NumberSource {
    private let seconds: IntegerDecoder
    private let nanoseconds: IntegerDecoder
    private let isHybrid: Bool
    /// Nil where the clock is never put forward or back.
    private let zone: TimeZoneRules?
    private let scratch = Buffer(byteCount: chunkCapacity * 8)
    private var cutCount = 0

    /// The beginning of 2015.
    static let epoch: Int64 = 1_420_070_400
    /// Seconds beyond are in no calendar, and could not be counted in microseconds.
    private static let secondsMax: Int64 = 1 << 42

    init(
        seconds: IntegerDecoder, nanoseconds: IntegerDecoder, isHybrid: Bool,
        zone: TimeZoneRules?
    ) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.isHybrid = isHybrid
        self.zone = zone
    }

    override func decode(
        _ count: Int, into target: UnsafeMutableRawPointer
    ) throws(ORCDamage) {
        try seconds.decode(count, into: target)
        try nanoseconds.decode(count, into: scratch.baseAddress)
        let target = target.assumingMemoryBound(to: Int64.self)
        let epoch = zone?.epoch ?? Self.epoch
        for index in 0..<count { target[index] &+= epoch }
        guard join(target, scratch.pointer(), count) else {
            throw ORCDamage("a timestamp lies outside of every calendar")
        }
        if let zone {
            for index in 0..<count { target[index] += zone.offsetMicroseconds(at: target[index]) }
        }
        guard isHybrid else { return }
        let first = HybridCalendar.firstGregorianDay * 86_400_000_000
        for index in 0..<count where target[index] < first {
            target[index] = HybridCalendar.prolepticMicroseconds(target[index])
        }
    }

    /// Adds nanoseconds to seconds; false where there is no such time.
    private func join(
        _ seconds: UnsafeMutablePointer<Int64>, _ nanoseconds: UnsafePointer<Int64>, _ count: Int
    ) -> Bool {
        var isFit = true
        for index in 0..<count {
            var second = seconds[index]
            let stored = nanoseconds[index]
            let zeros = stored & 7
            var nanosecond = stored &>> 3
            if zeros != 0 { nanosecond = nanosecond &* Self.powers[Int(zeros)] }
            if second < 0, nanosecond > 999_999 { second &-= 1 }
            isFit =
                isFit && second > -Self.secondsMax && second < Self.secondsMax
                && nanosecond > -1_000_000_000 && nanosecond < 1_000_000_000
            // A time is in the microsecond that it lies in.
            let quotient = nanosecond / 1_000
            let microsecond = quotient &- (quotient &* 1_000 > nanosecond ? 1 : 0)
            seconds[index] = second &* 1_000_000 &+ microsecond
            cutCount &+= quotient &* 1_000 == nanosecond ? 0 : 1
        }
        return isFit
    }

    override func takeCutCount() -> Int {
        defer { cutCount = 0 }
        return cutCount
    }

    /// What a number of removed zeros multiplies by: one more than the number says.
    private static let powers: InlineArray<8, Int64> = [
        1, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
    ]

    override func skip(_ count: Int) throws(ORCDamage) {
        try seconds.skip(count)
        try nanoseconds.skip(count)
    }

    override func seek(_ positions: inout StreamPositions) throws(ORCDamage) {
        try seconds.seek(&positions)
        try nanoseconds.seek(&positions)
    }
}
