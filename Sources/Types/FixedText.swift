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

    /// Writes three numbers of 32 bits (months, days, milliseconds) as ISO 8601 has durations:
    /// `P1Y2M3DT4H5M6.789S`.
    package static func interval(_ bytes: [UInt8]) -> [UInt8] {
        let numbers = [0, 4, 8].map { start in
            bytes[start..<(start + 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        func part(_ number: Int, _ unit: String) -> String { number == 0 ? "" : "\(number)\(unit)" }
        let (months, milliseconds) = (numbers[0], numbers[2])
        let date = part(months / 12, "Y") + part(months % 12, "M") + part(numbers[1], "D")
        var time = part(milliseconds / 3_600_000, "H") + part(milliseconds / 60_000 % 60, "M")
        let rest = milliseconds % 60_000
        if rest > 0 {
            let fraction = String(rest % 1_000 + 1_000).dropFirst()
            time += "\(rest / 1_000)" + (rest % 1_000 > 0 ? ".\(fraction)" : "") + "S"
        }
        if date.isEmpty, time.isEmpty { return Array("PT0S".utf8) }
        return Array(("P" + date + (time.isEmpty ? "" : "T" + time)).utf8)
    }
}
