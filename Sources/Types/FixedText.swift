// Texts that stand for bytes of fixed length: UUIDs, and intervals, for which SQL has no type.

package enum FixedText {
    /// Writes 16 bytes as 36 characters.
    package static func uuid(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return text
    }

    /// Writes three numbers of 32 bits: months, days and milliseconds.
    package static func interval(_ bytes: [UInt8]) -> [UInt8] {
        let numbers = [0, 4, 8].map { start in
            bytes[start..<(start + 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        return interval(
            months: numbers[0], days: numbers[1], nanoseconds: numbers[2] * 1_000_000)
    }

    /// Writes an interval as ISO 8601 has durations: `P1Y2M3DT4H5M6.789S`.
    package static func interval(months: Int, days: Int, nanoseconds: Int) -> [UInt8] {
        func part(_ number: Int, _ unit: String) -> String { number == 0 ? "" : "\(number)\(unit)" }
        let date = part(months / 12, "Y") + part(months % 12, "M") + part(days, "D")
        let minutes = nanoseconds / 60_000_000_000
        var time = part(minutes / 60, "H") + part(minutes % 60, "M")
        let rest = (nanoseconds % 60_000_000_000).magnitude
        if rest > 0 {
            var digits = "\(rest % 1_000_000_000 + 1_000_000_000)".dropFirst()
            while digits.hasSuffix("000") { digits.removeLast(3) }
            let sign = nanoseconds < 0 ? "-" : ""
            time += "\(sign)\(rest / 1_000_000_000)" + (digits.isEmpty ? "" : ".\(digits)") + "S"
        }
        if date.isEmpty, time.isEmpty { return Array("PT0S".utf8) }
        return Array(("P" + date + (time.isEmpty ? "" : "T" + time)).utf8)
    }
}
