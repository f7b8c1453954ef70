// Bounds of long strings lie on the right side of them.

import StarlingTables
import Testing

@Suite struct CutBoundTests {
    private func check(_ bytes: [UInt8], isText: Bool) {
        let low = CutBound.low(bytes, isText: isText)
        #expect(!bytes.lexicographicallyPrecedes(low.bytes))
        #expect(low.isExact == (bytes.count <= 64))
        guard let high = CutBound.high(bytes, isText: isText) else {
            #expect(bytes.prefix(61).allSatisfy { $0 == 0xFF })
            return
        }
        #expect(!high.bytes.lexicographicallyPrecedes(bytes))
        #expect(high.isExact == (bytes.count <= 64))
        #expect(low.bytes.count <= 64 && high.bytes.count <= 67)
        if isText { #expect(String(validating: low.bytes, as: UTF8.self) != nil) }
    }

    @Test func boundsLieOutside() {
        for length in [0, 1, 60, 61, 62, 63, 64, 65, 66, 200] {
            for end in ["", "z", "é", "漢字", "😀😀", "\u{10FFFF}", "\u{D7FF}\u{E000}"] {
                check(Array((String(repeating: "a", count: length) + end + "x").utf8), isText: true)
            }
            check(Array(repeating: 0xFF, count: length), isText: false)
            check(Array(repeating: 0xFE, count: length), isText: false)
        }
        check(Array(String(repeating: "\u{10FFFF}", count: 40).utf8), isText: true)
    }
}
