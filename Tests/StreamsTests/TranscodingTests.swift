import StarlingErrors
import StarlingStreams
import Testing

@Suite struct TranscodingTests {
    /// Writes UTF-16 as the standard library understands it.
    private static func utf16(_ text: String, isBigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { unit in
            let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isBigEndian ? bytes.reversed() : bytes
        }
    }

    private static let texts = [
        "", "a", "Grüße", "€", "世界", "😀", "a😀b€c", "\u{0}\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}",
        "\u{10000}\u{10FFFF}", String(repeating: "ab€😀", count: 50),
    ]

    @Test(arguments: texts, [TextEncoding.utf16LittleEndian, .utf16BigEndian])
    func utf16BecomesUTF8(text: String, encoding: TextEncoding) throws {
        let isBigEndian = encoding == .utf16BigEndian
        for mark in ["", "\u{FEFF}"] {
            let bytes = Self.utf16(mark + text, isBigEndian: isBigEndian)
            for step in [1, 3, 1_000] {
                let read = try content(of: bytes, .none, encoding, step: step)
                #expect(read == Array(text.utf8))
            }
        }
    }

    /// Only the first mark tells the order of bytes; others are characters.
    @Test func laterMarksStay() throws {
        let bytes = Self.utf16("\u{FEFF}\u{FEFF}a\u{FEFF}", isBigEndian: false)
        let read = try content(of: bytes, .none, .utf16LittleEndian)
        #expect(read == Array("\u{FEFF}a\u{FEFF}".utf8))
    }

    /// Pieces of input are 64 KiB: characters of two units lie across their ends.
    @Test(arguments: 0..<4)
    func charactersLieAcrossPieces(shift: Int) throws {
        let text =
            String(repeating: "a", count: shift) + String(repeating: "😀", count: 50_000)
        let read = try content(
            of: Self.utf16(text, isBigEndian: false), .none, .utf16LittleEndian, step: 65_536)
        #expect(read == Array(text.utf8))
    }

    /// Members of gzip give one or three bytes each: half units and half pairs.
    @Test func charactersLieAcrossMembers() throws {
        let one = hexadecimal("1f8b08000000000002037304008b9ed9d301000000")
        let zero = hexadecimal("1f8b08000000000002036300008def02d201000000")
        let three = hexadecimal("1f8b080000000000020363b0bd01004acba11d03000000")
        let last = hexadecimal("1f8b0800000000000203bb07005e1069b301000000")
        // 41 00 | 00 3D D8 | 00 | DE is cut as 41, 003DD8, 00, DE.
        for step in [1, 100] {
            let read = try content(
                of: one + three + zero + last, .gzip, .utf16LittleEndian, step: step)
            #expect(read == Array("A😀".utf8))
        }
        let error = #expect(throws: StarlingError.self) {
            try content(of: one + three, .gzip, .utf16LittleEndian)
        }
        #expect(error?.kind == .file)
    }

    /// Unicode 16, 3.9: half a pair becomes U+FFFD.
    @Test(
        arguments: [
            ([0xD800], "\u{FFFD}"), ([0xDC00], "\u{FFFD}"), ([0xD800, 0x61], "\u{FFFD}a"),
            ([0xDC00, 0xD800], "\u{FFFD}\u{FFFD}"), ([0xD83D, 0xD83D, 0xDE00], "\u{FFFD}😀"),
            ([0x61, 0xDFFF, 0x62], "a\u{FFFD}b"),
        ] as [([UInt16], String)])
    func halfPairsAreReplaced(units: [UInt16], text: String) throws {
        let bytes = (units + [0x2E]).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let read = try content(of: bytes, .none, .utf16LittleEndian)
        #expect(String(decoding: read, as: UTF8.self) == text + ".")
    }

    @Test(arguments: [[0x61], [0x61, 0, 0x62], [0x61, 0, 0x3D, 0xD8, 0]] as [[UInt8]])
    func oddBytesAtTheEndAreErrors(bytes: [UInt8]) {
        let error = #expect(throws: StarlingError.self) {
            try content(of: bytes, .none, .utf16LittleEndian)
        }
        #expect(error?.kind == .file)
        #expect(error?.message.contains("folder/file") == true)
    }

    /// Bytes from Python's codec cp1252, the five that it does not know from Latin-1.
    @Test(
        arguments: [
            ([0x41, 0x7F], "A\u{7F}"), ([0xE9, 0xFC, 0xFF], "éüÿ"), ([0xA0, 0xC0], "\u{A0}À"),
            ([0x80, 0x8A, 0x99, 0x9F], "€Š™Ÿ"), ([0x93, 0x94, 0x96], "“”–"),
            ([0x81, 0x8D, 0x8F, 0x90, 0x9D], "\u{81}\u{8D}\u{8F}\u{90}\u{9D}"),
        ] as [([UInt8], String)])
    func latin1BecomesUTF8(bytes: [UInt8], text: String) throws {
        for step in [1, 100] {
            let read = try content(of: bytes, .none, .latin1, step: step)
            #expect(String(decoding: read, as: UTF8.self) == text)
        }
    }
}
