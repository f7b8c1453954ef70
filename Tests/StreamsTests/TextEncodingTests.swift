import StarlingStreams
import Testing

@Suite struct TextEncodingTests {
    @Test(arguments: [
        ("utf-8", TextEncoding.utf8), ("UTF8", .utf8), ("UTF_16", .utf16LittleEndian),
        ("utf-16le", .utf16LittleEndian), ("utf-16be", .utf16BigEndian), ("latin1", .latin1),
        ("ISO-8859-1", .latin1), ("Windows-1252", .latin1), ("cp1252", .latin1),
    ])
    func namesAreRead(name: String, encoding: TextEncoding) {
        #expect(TextEncoding(name: name) == encoding)
    }

    @Test(arguments: ["", "utf-7", "utf-32", "ascii", "iso-8859-15"])
    func otherNamesAreNone(name: String) {
        #expect(TextEncoding(name: name) == nil)
    }

    @Test(
        arguments: [
            ([], TextEncoding.utf8), (Array("a,b\n1,2".utf8), .utf8), (Array("Grüße".utf8), .utf8),
            ([0xFF, 0xFE, 0x61, 0], .utf16LittleEndian), ([0xFE, 0xFF, 0, 0x61], .utf16BigEndian),
            ([0x61, 0, 0x2C, 0, 0x62, 0], .utf16LittleEndian),
            ([0, 0x61, 0, 0x2C, 0, 0x62], .utf16BigEndian),
            ([0x47, 0x72, 0xFC, 0xDF, 0x65], .latin1), ([0x61, 0xC3], .latin1),
            (Array("Müller,Größe".utf8) + [0xFF], .utf8),
            ([0xFC, 0xDF, 0xE4, 0x61] + Array("ü".utf8), .latin1),
        ] as [([UInt8], TextEncoding)])
    func encodingsAreDetected(start: [UInt8], encoding: TextEncoding) {
        #expect(TextEncoding(detecting: start, isWhole: true) == encoding)
    }

    /// A beginning may end within a character, which makes it no other encoding.
    @Test(arguments: ["é", "€", "😀"])
    func charactersMayBeCutOff(character: String) {
        for count in 1...character.utf8.count {
            let start = Array("text ".utf8) + character.utf8.prefix(count)
            #expect(TextEncoding(detecting: start, isWhole: false) == .utf8)
        }
    }

    /// The ill-formed sequences of Unicode 16, 3.9, tables 3-7 to 3-11.
    @Test(
        arguments: [
            ([0x80], 0), ([0x61, 0xBF], 1), ([0xC0, 0xAF], 0), ([0xC1, 0xBF], 0), ([0xC2], 0),
            ([0xE0, 0x80, 0x80], 0), ([0xE0, 0x9F, 0xBF], 0), ([0xED, 0xA0, 0x80], 0),
            ([0xED, 0xBF, 0xBF], 0), ([0xE2, 0x82], 0), ([0xF0, 0x8F, 0xBF, 0xBF], 0),
            ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0), ([0xFF], 0),
            ([0xF0, 0x9F, 0x98], 0), ([0xC3, 0xA9, 0xC3], 2), ([0xE2, 0x28, 0xA1], 0),
        ] as [([UInt8], Int)])
    func malformedCharactersAreFound(bytes: [UInt8], place: Int) {
        // Eight bytes are looked at together: any number of them may come before.
        for count in 0..<10 {
            let whole = [UInt8](repeating: 0x2E, count: count) + bytes
            whole.withUnsafeBytes { #expect(firstInvalidUTF8($0) == count + place) }
            (whole + [0x2E]).withUnsafeBytes { #expect(!isValidUTF8($0)) }
        }
    }

    @Test func validityIsThatOfTheStandardLibrary() {
        let bytes: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xE0, 0xED, 0xF0, 0xF4,
        ]
        for first in bytes {
            for second in bytes {
                for third in bytes {
                    for fourth in bytes {
                        let all = [first, second, third, fourth]
                        let isValid = String(validating: all, as: UTF8.self) != nil
                        let found = all.withUnsafeBytes { isValidUTF8($0) }
                        if found != isValid { Issue.record("\(all)") }
                    }
                }
            }
        }
    }
}
