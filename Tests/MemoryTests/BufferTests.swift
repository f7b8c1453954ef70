import StarlingMemory
import Testing

@Suite struct BufferTests {
    @Test(arguments: [0, 1, 63, 64, 65, 4_096, 1 << 20])
    func buffersAreAlignedAndPadded(byteCount: Int) {
        let buffer = Buffer(byteCount: byteCount)
        #expect(buffer.byteCount == byteCount)
        #expect(UInt(bitPattern: buffer.baseAddress) % 64 == 0)
        // 64 bytes behind the end may be read; the sanitizer would tell.
        var sum = 0
        for offset in 0..<64 {
            sum &+= Int(buffer.baseAddress.load(fromByteOffset: byteCount + offset, as: UInt8.self))
        }
        #expect(sum >= 0)
    }

    /// Buffers are kept for reuse, and what lay in them stays: only `zeroed` promises zeros.
    @Test func zeroedBuffersAreZeroAlsoWhenReused() {
        for _ in 0..<4 {
            let used = Buffer(byteCount: 10_000)
            used.baseAddress.initializeMemory(as: UInt8.self, repeating: 0xFF, count: 10_000)
            let fresh = Buffer.zeroed(byteCount: 10_000)
            let bytes = UnsafeRawBufferPointer(start: fresh.baseAddress, count: 10_000)
            #expect(bytes.allSatisfy { $0 == 0 })
        }
    }

    @Test(arguments: [
        ("", "", 0), ("abc", "abd", -1), ("b", "a", 1), ("abc", "abc", 0), ("a\u{7F}", "aé", -1),
    ])
    func bytesCompareUnsigned(left: String, right: String, sign: Int) {
        let count = min(left.utf8.count, right.utf8.count)
        Array(left.utf8).withUnsafeBytes { left in
            Array(right.utf8).withUnsafeBytes { right in
                guard count > 0 else { return }
                let (first, second) = (left.baseAddress!, right.baseAddress!)
                #expect(compareBytes(first, second, count).signum() == sign)
                #expect(bytesAreEqual(first, second, count) == (sign == 0))
            }
        }
    }
}
