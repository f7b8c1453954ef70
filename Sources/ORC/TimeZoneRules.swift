// What clocks showed in the time zone of a file's writer, which a stripe names: timestamps are
// stored as the time that passed, and mean what the clock on the wall showed. The rules are those of
// the system's database (RFC 9636), whose files list the moments at which clocks were put forward
// or back and end with a rule for the time behind the last of them.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import Synchronization

/// Knows by how much a zone's clocks differ from UTC.
final class TimeZoneRules: Sendable {
    /// The moments, in seconds since 1970, and the difference from each on.
    private let moments: [Int64]
    private let offsets: [Int64]
    /// The difference before the first moment.
    private let firstOffset: Int64
    private let rule: TimeZoneRule?
    /// The moment at which 2015 began there.
    let epoch: Int64

    /// Returns the rules of a zone; nil where its clocks are never put forward or back, which for
    /// what timestamps mean is the same as UTC.
    static func rules(named name: String) throws(ORCDamage) -> TimeZoneRules? {
        if isFixed(name) { return nil }
        if let known = known.withLock({ $0[name] }) { return known }
        let isPath = name.utf8.allSatisfy {
            switch UInt8($0) {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "/"),
                UInt8(ascii: "+"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        let path = "/usr/share/zoneinfo/" + name
        guard isPath, name.utf8.count < 64,
            let file = try? LocalFileSystem().open(path), file.byteCount < 1 << 20,
            let bytes = try? file.read(0..<file.byteCount)
        else {
            throw .unsupported(
                "timestamps were written in the time zone '\(name)', which this system doesn't "
                    + "know")
        }
        let all = Array(
            UnsafeRawBufferPointer(start: bytes.baseAddress, count: bytes.byteCount))
        withExtendedLifetime(bytes) {}
        guard let rules = TimeZoneRules(all) else {
            throw .unsupported("\(path) doesn't describe a time zone")
        }
        known.withLock { $0[name] = rules }
        return rules
    }

    private static let known = Mutex<[String: TimeZoneRules]>([:])

    /// Tells by its name whether a zone has one difference for all times.
    private static func isFixed(_ name: String) -> Bool {
        let known = [
            "", "UTC", "GMT", "Z", "UCT", "Zulu", "Universal", "Greenwich", "GMT0", "Etc/UTC",
            "Etc/UCT", "Etc/Zulu", "Etc/Universal", "Etc/Greenwich", "Etc/GMT", "Etc/GMT0",
        ]
        if known.contains(name) { return true }
        // "+01:00", "GMT-8", "UTC+05:30".
        var rest = name[...]
        for prefix in ["Etc/GMT", "GMT", "UTC", "UT"] where rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
            break
        }
        guard let sign = rest.first, sign == "+" || sign == "-" else { return false }
        return rest.dropFirst().allSatisfy { $0.isASCII && ($0.isNumber || $0 == ":") }
    }

    /// Reads a file of the database.
    init?(_ bytes: [UInt8]) {
        var reader = ZoneFileReader(bytes)
        guard var counts = reader.header() else { return nil }
        if counts.isVersion1 {
            guard reader.skip(counts.byteCount(ofMoment: 4)), let second = reader.header() else {
                return nil
            }
            counts = second
        }
        let place = reader.offset
        guard reader.skip(counts.byteCount(ofMoment: 8)), counts.types > 0 else { return nil }
        reader.offset = place
        moments = (0..<counts.moments).map { _ in Int64(reader.number(8)) }
        let kinds = (0..<counts.moments).map { _ in Int(reader.number(1) & 0xFF) }
        var kindOffsets: [Int64] = []
        for _ in 0..<counts.types {
            kindOffsets.append(Int64(Int32(truncatingIfNeeded: reader.number(4))))
            _ = reader.number(2)
        }
        guard kinds.allSatisfy({ $0 < kindOffsets.count }), moments == moments.sorted(),
            kindOffsets.allSatisfy({ abs($0) < 100_000 })
        else { return nil }
        offsets = kinds.map { kindOffsets[$0] }
        firstOffset = kindOffsets[0]
        reader.offset = place
        _ = reader.skip(counts.byteCount(ofMoment: 8))
        rule = TimeZoneRule(reader.footer())
        // One guess is enough: no zone puts its clocks forward or back at New Year of 2015.
        let guess = Self.offset(
            at: TimestampSource.epoch, moments, offsets, firstOffset, rule)
        epoch = TimestampSource.epoch - guess
    }

    func offsetMicroseconds(at microseconds: Int64) -> Int64 {
        var second = microseconds / 1_000_000
        if second * 1_000_000 > microseconds { second -= 1 }
        return Self.offset(at: second, moments, offsets, firstOffset, rule) * 1_000_000
    }

    private static func offset(
        at second: Int64, _ moments: [Int64], _ offsets: [Int64], _ first: Int64,
        _ rule: TimeZoneRule?
    ) -> Int64 {
        var low = 0
        var high = moments.count
        while low < high {
            let middle = (low + high) / 2
            if moments[middle] <= second { low = middle + 1 } else { high = middle }
        }
        if low == moments.count, let rule { return rule.offset(at: second) }
        return low == 0 ? first : offsets[low - 1]
    }
}

/// Reads the numbers of a file of the database, the highest byte first.
private struct ZoneFileReader {
    struct Counts {
        var isVersion1: Bool
        var moments: Int
        var types: Int
        var others: Int

        func byteCount(ofMoment width: Int) -> Int { moments * (width + 1) + types * 6 + others }
    }

    private let bytes: [UInt8]
    var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func number(_ byteCount: Int) -> Int {
        var result = 0
        for _ in 0..<byteCount {
            guard offset < bytes.count else { return 0 }
            result = result << 8 | Int(bytes[offset])
            offset += 1
        }
        return result
    }

    mutating func skip(_ byteCount: Int) -> Bool {
        guard byteCount <= bytes.count - offset else { return false }
        offset += byteCount
        return true
    }

    /// Reads a header. The first one of newer files is followed by numbers of 32 bits and a second
    /// header.
    mutating func header() -> Counts? {
        guard bytes.count - offset >= 44, bytes[offset..<(offset + 4)].elementsEqual("TZif".utf8)
        else { return nil }
        let isFirst = offset == 0
        guard bytes[offset + 4] >= UInt8(ascii: "2") else { return nil }
        offset += 20
        let counts = (0..<6).map { _ in number(4) }
        // Leap seconds take 4 bytes more than a moment.
        let leapByteCount = counts[2] * (isFirst ? 8 : 12)
        return Counts(
            isVersion1: isFirst, moments: counts[3], types: counts[4],
            others: counts[5] + leapByteCount + counts[1] + counts[0])
    }

    /// Reads the rule that stands between two line ends.
    mutating func footer() -> [UInt8] {
        guard offset < bytes.count, bytes[offset] == 10 else { return [] }
        return Array(bytes[(offset + 1)...].prefix { $0 != 10 })
    }
}
