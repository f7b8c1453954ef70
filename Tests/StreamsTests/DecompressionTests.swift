import StarlingErrors
import StarlingFormatSupport
import StarlingStreams
import Testing

@Suite struct DecompressionTests {
    private static let parts: [[String]] = [
        [""], [Packed.greeting], [Packed.repetition], [Packed.greeting, "second part"],
        ["", Packed.greeting, "", "second part", ""],
        [Packed.repetition, Packed.repetition, Packed.repetition],
    ]

    @Test(arguments: [Compression.gzip, .zstd], parts)
    func partsFollowEachOther(compression: Compression, parts: [String]) throws {
        let bytes = parts.flatMap { Packed.bytes($0, compression) }
        for step in [1, 2, 7, 1_000] {
            let read = try content(of: bytes, compression, step: step)
            #expect(String(decoding: read, as: UTF8.self) == parts.joined())
        }
    }

    /// RFC 8878, 3.1.2: frames with these magic numbers hold what readers skip.
    @Test func skippableFramesAreSkipped() throws {
        let frame = hexadecimal("5e2a4d1803000000") + [1, 2, 3]
        let whole = frame + Packed.zstd[Packed.greeting]! + frame + Packed.zstd["second part"]!
        let read = try content(of: whole, .zstd)
        #expect(String(decoding: read, as: UTF8.self) == Packed.greeting + "second part")
    }

    /// Writers to tapes fill the last block with zeros.
    @Test func zerosBehindGzipAreNothing() throws {
        let zeros = [UInt8](repeating: 0, count: 5)
        let whole = Packed.gzip["second part"]! + zeros
        #expect(try content(of: whole, .gzip) == Array("second part".utf8))
        let more = try content(of: whole + Packed.gzip[Packed.repetition]!, .gzip)
        #expect(more == Array(("second part" + Packed.repetition).utf8))
    }

    @Test(arguments: [Compression.gzip, .zstd], [Packed.greeting, Packed.repetition, ""])
    func filesThatEndEarlyAreErrors(compression: Compression, text: String) throws {
        let first = Packed.bytes("second part", compression)
        let second = Packed.bytes(text, compression)
        for count in 0..<second.count {
            for bytes in [Array(second[..<count]), first + second[..<count]] {
                // Behind a whole part there may be nothing.
                if count == 0, !bytes.isEmpty { continue }
                for step in [1, 1_000] {
                    let error = #expect(throws: StarlingError.self, "\(count)") {
                        try content(of: bytes, compression, step: step)
                    }
                    #expect(error?.kind == .file)
                    #expect(error?.message.hasPrefix("folder/file can't be decompressed") == true)
                    #expect(error?.message.contains(compression.rawValue) == true)
                }
            }
        }
    }

    /// Every part ends in a checksum: no bit can change and what is read with it. Bits that name
    /// a time or a system may.
    @Test(arguments: [Compression.gzip, .zstd], [Packed.greeting, Packed.repetition])
    func flippedBitsNeverGiveOtherContent(compression: Compression, text: String) throws {
        let good = Packed.bytes(text, compression)
        var errorCount = 0
        for place in good.indices {
            for bit in 0..<8 {
                var bytes = good
                bytes[place] ^= 1 << bit
                do throws(StarlingError) {
                    let read = try content(of: bytes, compression)
                    #expect(read == Array(text.utf8), "byte \(place), bit \(bit)")
                } catch {
                    #expect(error.kind == .file)
                    errorCount += 1
                }
            }
        }
        #expect(errorCount > good.count * 4)
    }

    @Test func whatFollowsGzipAndIsNoneIsAnError() {
        let bytes = Packed.gzip["second part"]! + Array("text".utf8)
        #expect(throws: StarlingError.self) { try content(of: bytes, .gzip) }
    }

    /// The starts that RFC 1952 and RFC 8878 name.
    @Test(arguments: [
        ([], Compression.none), ([0x1F], .none), ([0x1F, 0x8B], .gzip), ([0x1F, 0x8B, 8], .gzip),
        ([0x28, 0xB5, 0x2F, 0xFD, 0], .zstd), ([0x28, 0xB5, 0x2F], .none),
        (Array("a,b\n".utf8), .none),
    ])
    func compressionsAreRecognized(start: [UInt8], compression: Compression) {
        #expect(Compression(recognizing: start) == compression)
    }

    @Test func startsAreRead() throws {
        let file = MemoryFile(Packed.gzip[Packed.repetition]!, path: "file")
        func start(_ count: Int) throws -> String {
            String(
                decoding: try readStart(of: file, compression: .gzip, count: count), as: UTF8.self)
        }
        #expect(try start(7) == "abcabca")
        #expect(try start(0) == "")
        #expect(try start(10_000) == Packed.repetition)
    }
}
