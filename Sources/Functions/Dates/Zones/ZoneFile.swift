// Files of the time zone database (RFC 8536, "The Time Zone Information Format").

/// Reads the rules of a zone from the bytes of its file.
enum ZoneFile {
    static let byteCountMaximum = 1 << 18

    /// Reads rules; nil where the bytes are no such file or a damaged one.
    static func rules(_ bytes: [UInt8]) -> ZoneRules? {
        guard let first = Header(bytes, at: 0) else { return nil }
        // From version 2 on the same follows with times of 64 bits, and behind that a rule.
        guard first.version >= UInt8(ascii: "2") else {
            return rules(bytes, first, timeWidth: 4)
        }
        let start = first.dataStart + first.dataByteCount(timeWidth: 4)
        guard let second = Header(bytes, at: start) else { return nil }
        guard var rules = rules(bytes, second, timeWidth: 8) else { return nil }
        let footer = bytes[(second.dataStart + second.dataByteCount(timeWidth: 8))...]
        if footer.first == 0x0A, let end = footer.dropFirst().firstIndex(of: 0x0A) {
            rules.footer = ZoneFooter(Array(footer[(footer.startIndex + 1)..<end]))
        }
        return rules
    }

    private struct Header {
        let version: UInt8
        let dataStart: Int
        let universalCount: Int
        let standardCount: Int
        let leapCount: Int
        let timeCount: Int
        let typeCount: Int
        let characterCount: Int

        init?(_ bytes: [UInt8], at start: Int) {
            guard bytes.count - start >= 44, bytes[start..<(start + 4)] == [0x54, 0x5A, 0x69, 0x66]
            else { return nil }
            version = bytes[start + 4]
            let counts = (0..<6).map { integer(bytes, at: start + 20 + 4 * $0, width: 4) }
            guard counts.allSatisfy({ (0...65_536).contains($0) }) else { return nil }
            universalCount = Int(counts[0])
            standardCount = Int(counts[1])
            leapCount = Int(counts[2])
            timeCount = Int(counts[3])
            typeCount = Int(counts[4])
            characterCount = Int(counts[5])
            dataStart = start + 44
            guard typeCount > 0 else { return nil }
        }

        func dataByteCount(timeWidth: Int) -> Int {
            timeCount * (timeWidth + 1) + typeCount * 6 + characterCount
                + leapCount * (timeWidth + 4) + standardCount + universalCount
        }
    }

    private static func rules(
        _ bytes: [UInt8], _ header: Header, timeWidth: Int
    ) -> ZoneRules? {
        guard bytes.count - header.dataStart >= header.dataByteCount(timeWidth: timeWidth) else {
            return nil
        }
        let kinds = header.dataStart + header.timeCount * timeWidth
        let types = kinds + header.timeCount
        let offsets = (0..<header.typeCount).map { integer(bytes, at: types + 6 * $0, width: 4) }
        guard offsets.allSatisfy({ abs($0) < 100_000 }) else { return nil }
        var rules = ZoneRules(offset: offsets[0])
        for index in 0..<header.timeCount {
            let kind = Int(bytes[kinds + index])
            let moment = integer(bytes, at: header.dataStart + index * timeWidth, width: timeWidth)
            guard kind < offsets.count, moment > rules.changes.last ?? .min || index == 0 else {
                return nil
            }
            rules.changes.append(moment)
            rules.offsets.append(offsets[kind])
        }
        return rules
    }

    /// Reads a number whose highest byte comes first.
    private static func integer(_ bytes: [UInt8], at start: Int, width: Int) -> Int64 {
        var value = UInt64(0)
        for index in start..<(start + width) { value = value << 8 | UInt64(bytes[index]) }
        return width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }
}
