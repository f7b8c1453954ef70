import StarlingVectors
import Testing

@Suite struct StringReferenceTests {
    private let heap = StringHeap()
    private let samples: [[UInt8]] = [
        [], [0], [0, 0], [0xFF], Array("a".utf8), Array("abc".utf8), Array("abcd".utf8),
        Array("abcde".utf8), Array("abcdefghijkl".utf8), Array("abcdefghijklm".utf8),
        Array("abcdefghijklmn".utf8), Array("abcdefghijkln".utf8), Array("abcd\u{0}fgh".utf8),
        Array("abcd".utf8) + [0xFF], Array("äöüß and more than twelve".utf8),
    ]

    @Test func orderIsThatOfBytes() {
        for left in samples {
            for right in samples {
                let (first, second) = (heap.add(left), heap.add(right))
                let isEqual = first == second
                #expect(isEqual == (left == right), "\(left) == \(right)")
                let isLess = left.lexicographicallyPrecedes(right)
                let ordersFirst = first < second
                #expect(ordersFirst == isLess, "\(left) < \(right)")
                let sign = left == right ? 0 : isLess ? -1 : 1
                #expect(StringReference.compareInFull(first, second).signum() == sign)
            }
        }
    }

    /// The form without a branch a byte leaves nothing of what follows in the reference.
    @Test func paddedBytesGiveTheSameReferences() {
        for sample in samples {
            let padded = sample + [UInt8](repeating: 0xAA, count: 16)
            padded.withUnsafeBytes { bytes in
                let plain = StringReference(bytes.baseAddress!, count: sample.count)
                let quick = StringReference(padded: bytes.baseAddress!, count: sample.count)
                #expect(quick.head == plain.head && quick.tail == plain.tail, "\(sample)")
            }
        }
    }
}
