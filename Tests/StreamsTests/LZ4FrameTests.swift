import StarlingMemory
import StarlingStreams
import Testing

@Suite struct LZ4FrameTests {
    /// Decompresses to a given number of bytes; nil where that is refused.
    private func decompressed(_ bytes: [UInt8], count: Int) -> String? {
        let source = Buffer(byteCount: bytes.count)
        for (place, byte) in bytes.enumerated() {
            source.pointer(to: UInt8.self)[place] = byte
        }
        let target = Buffer.zeroed(byteCount: count)
        let isDone = decompressLZ4Frames(
            source.baseAddress, bytes.count, into: target.baseAddress, count)
        guard isDone else { return nil }
        let result = UnsafeRawBufferPointer(start: target.baseAddress, count: count)
        return String(decoding: result, as: UTF8.self)
    }

    @Test(arguments: [Packed.greeting, "second part", Packed.repetition])
    func framesGiveTheirContent(text: String) {
        #expect(decompressed(Packed.lz4[text]!, count: text.utf8.count) == text)
    }

    @Test func framesFollowEachOther() {
        let bytes = Packed.lz4["second part"]! + Packed.lz4[Packed.repetition]!
        #expect(decompressed(bytes, count: 71) == "second part" + Packed.repetition)
    }

    /// Who asks knows the size; another one is damage.
    @Test(arguments: [0, 1, 59, 61, 120])
    func otherSizesAreRefused(count: Int) {
        #expect(decompressed(Packed.lz4[Packed.repetition]!, count: count) == nil)
    }

    @Test func partsOfFramesGiveNothingElse() {
        let good = Packed.lz4[Packed.repetition]!
        #expect(decompressed([], count: 60) == nil)
        for count in good.indices {
            let result = decompressed(Array(good[..<count]), count: 60)
            // Without its end mark and checksum the frame has given all that it holds.
            #expect(result == nil || (result == Packed.repetition && count >= good.count - 8))
        }
    }

    @Test func flippedBitsNeverGiveOtherContent() {
        let good = Packed.lz4[Packed.repetition]!
        for place in good.indices {
            for bit in 0..<8 {
                var bytes = good
                bytes[place] ^= 1 << bit
                let result = decompressed(bytes, count: 60)
                #expect(result == nil || result == Packed.repetition, "byte \(place), bit \(bit)")
            }
        }
    }
}
