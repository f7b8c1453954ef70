// Pieces that are written at once lie in the file one behind the other, however many there are.

import StarlingFiles
import StarlingMemory
import Testing

@Suite struct GatheredWritingTests {
    @Test(arguments: [0, 1, 15, 1_024, 1_025, 3_000])
    func piecesLieInOrder(count: Int) throws {
        let files = LocalFileSystem()
        let path = temporaryFolder() + "/starling-pieces-\(UInt64.random(in: 0 ... .max))"
        defer { try? files.remove(path) }
        // Every fifth piece is empty.
        let pieces = (0..<count).map { number in
            [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 5 * 37)
        }
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
