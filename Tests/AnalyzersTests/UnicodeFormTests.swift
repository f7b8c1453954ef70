// Unicode's forms against Python's unicodedata: tools/oracle/unicode_forms.py prints the hashes of what it
// makes of every character of Unicode 15.1, and of sequences in which marks change places.

import StarlingAnalyzers
import Testing

@Suite struct UnicodeFormTests {
    /// Is FNV-1a of 64 bits.
    private struct Hash {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func add(_ text: String, _ form: UnicodeForm) {
            var text = text
            text.withUTF8 { bytes in
                let own = form.normalized(UnsafeRawBufferPointer(bytes)) ?? Array(bytes)
                for byte in own + [0xFF] { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
            }
        }
    }

    private static let pool: [UInt32] = [
        0x41, 0x65, 0x6F, 0x75, 0x69, 0x300, 0x301, 0x302, 0x304, 0x307, 0x308, 0x30A, 0x316,
        0x323, 0x327, 0x328, 0x345, 0x1D165, 0x1D16E, 0xC4, 0xE9, 0x1E9B, 0x1E69, 0x1F82, 0x3B1,
        0x1100, 0x1161, 0x11A8, 0xAC00, 0xAC01, 0xD7A3, 0xFB01, 0xFB2C, 0xFDFA, 0xFF21, 0xFF76,
        0xFF9E, 0x3099, 0x304B, 0x958, 0x93C, 0x915, 0xF900, 0x2F800, 0x212B, 0x2126, 0x3C9,
        0x2460, 0xBD, 0x2102, 0x1D400, 0x3316, 0x5D0, 0x5B7, 0x5BC, 0x9C7, 0x9BE, 0xDDD, 0xDCF,
        0x20, 0xA0,
    ]

    private static let expected: [(form: UnicodeForm, characters: UInt64, sequences: UInt64)] = [
        (.nfc, 0x7247_CDB8_931A_1928, 0x8FBD_0C60_9296_62DA),
        (.nfd, 0x17F3_2222_7176_2ECA, 0xFAB6_B18C_1098_40DC),
        (.nfkc, 0x436C_7393_221C_7765, 0x868C_5177_05E1_B360),
        (.nfkd, 0x538C_D7AE_6BB4_BC7C, 0x0003_7BBE_2D9D_7E7D),
    ]

    @Test func everyCharacterHasItsForms() {
        for (form, expected, _) in Self.expected {
            var hash = Hash()
            for code in UInt32(0)...0x10FFFF {
                guard let scalar = Unicode.Scalar(code), let age = scalar.properties.age,
                    age.major < 15 || (age.major == 15 && age.minor < 2),
                    scalar.properties.generalCategory != .unassigned
                else { continue }
                hash.add(String(scalar), form)
            }
            #expect(hash.value == expected, "\(form)")
        }
    }

    @Test func marksComeIntoTheirOrder() {
        for (form, _, expected) in Self.expected {
            var hash = Hash()
            var state: UInt64 = 1
            for _ in 0..<20_000 {
                var text = String.UnicodeScalarView()
                repeat {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    let place = Int((state >> 33) % UInt64(Self.pool.count))
                    text += [Unicode.Scalar(Self.pool[place])].compactMap(\.self)
                } while state >> 60 >= 3
                hash.add(String(text), form)
            }
            #expect(hash.value == expected, "\(form)")
        }
    }

    @Test func whatIsNoTextStays() {
        for form in UnicodeForm.allCases {
            #expect([UInt8]([0x66, 0xEF, 0xAC]).withUnsafeBytes { form.normalized($0) } == nil)
            #expect(Array("plain".utf8).withUnsafeBytes { form.normalized($0) } == nil)
        }
    }
}
