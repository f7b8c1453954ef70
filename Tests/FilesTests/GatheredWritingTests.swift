// Pieces that are written at once lie in the file one behind the other, however many there are.

import StarlingFiles
import StarlingMemory
import Testing

@Suite struct GatheredWritingTests {
    @Test(arguments: [0, 1, 15, 1_024, 1_025, 3_000])
    func manyPiecesLieInOrder(count: Int) throws {
        // Every fifth piece is empty.
        try check(
            (0..<count).map { number in
                [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 5 * 37)
            })
    }

    @Test func largePiecesLieInOrder() throws {
        let sizes = [7, 1 << 20, 1, (1 << 20) - 1, (1 << 20) + 1, 0, 5 << 20, 300_000, 800_000]
        try check(
            sizes.map { size in
                (0..<size).map { UInt8(truncatingIfNeeded: $0 >> 8 ^ $0 ^ size) }
            })
    }

    private func check(_ pieces: [[UInt8]]) throws {
        let files = LocalFileSystem()
        let path = temporaryFolder() + "/starling-pieces-\(UInt64.random(in: 0 ... .max))"
        defer { try? files.remove(path) }
        let all = pieces.flatMap { $0 }
        let file = try files.create(path)
        try file.write([1, 2, 3])
        try all.withUnsafeBytes { bytes in
            var place = 0
            try file.write(
                gathered: pieces.map { piece in
                    defer { place += piece.count }
                    return UnsafeRawBufferPointer(
                        rebasing: bytes[place..<(place + piece.count)])
                })
        }
        try file.write([4])
        try file.close()
        let written = try files.open(path)
        let buffer = try written.read(0..<written.byteCount)
        let found = withExtendedLifetime(buffer) {
            Array(UnsafeRawBufferPointer(start: buffer.baseAddress, count: buffer.byteCount))
        }
        #expect(found == [1, 2, 3] + all + [4])
    }
}
