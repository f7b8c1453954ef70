// BLAKE3 (O'Connor, Aumasson, Neves and Wilcox-O'Hearn, "BLAKE3: one function, fast everywhere",
// 2021): a tree of chunks of 1,024 bytes, each of 16 blocks. Only the plain hash of 32 bytes.

enum BLAKE3 {
    private static let start: [UInt32] = [
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
        0x5BE0_CD19,
    ]
    private static let order = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]

    /// Says what a block is.
    private enum Flag {
        static let chunkStart: UInt32 = 1
        static let chunkEnd: UInt32 = 2
        static let parent: UInt32 = 4
        static let root: UInt32 = 8
    }

    /// Is a block that waits to be compressed: only then is known whether it is the root.
    private struct Output {
        var chain: [UInt32]
        var words: [UInt32]
        var counter: UInt64
        var byteCount: UInt32
        var flags: UInt32

        func compressed(_ extra: UInt32 = 0) -> [UInt32] {
            compress(chain, words, counter, byteCount, flags | extra)
        }
    }

    static func digest(_ bytes: Bytes) -> [UInt8] {
        let words = tree(bytes, firstChunk: 0).compressed(Flag.root)
        return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }

    /// Hashes chunks; the left side of a tree is the greatest full one that leaves something.
    private static func tree(_ bytes: Bytes, firstChunk: UInt64) -> Output {
        if bytes.count <= 1_024 { return chunk(bytes, firstChunk) }
        let chunkCount = (bytes.count + 1_023) / 1_024
        var left = 1
        while left * 2 < chunkCount { left *= 2 }
        let boundary = left * 1_024
        let leftPart = tree(part(bytes, 0..<boundary), firstChunk: firstChunk)
        let rightPart = tree(
            part(bytes, boundary..<bytes.count), firstChunk: firstChunk + UInt64(left))
        return Output(
            chain: start, words: leftPart.compressed() + rightPart.compressed(), counter: 0,
            byteCount: 64, flags: Flag.parent)
    }

    private static func chunk(_ bytes: Bytes, _ counter: UInt64) -> Output {
        var chain = start
        var position = 0
        while true {
            let count = min(64, bytes.count - position)
            var words = [UInt32](repeating: 0, count: 16)
            for offset in 0..<count {
                words[offset / 4] |= UInt32(bytes[position + offset]) << UInt32(offset % 4 * 8)
            }
            let first = position == 0 ? Flag.chunkStart : 0
            position += count
            if position == bytes.count {
                return Output(
                    chain: chain, words: words, counter: counter, byteCount: UInt32(count),
                    flags: first | Flag.chunkEnd)
            }
            chain = compress(chain, words, counter, 64, first)
        }
    }

    /// Gives the new chain of eight words.
    private static func compress(
        _ chain: [UInt32], _ block: [UInt32], _ counter: UInt64, _ byteCount: UInt32,
        _ flags: UInt32
    ) -> [UInt32] {
        var state =
            chain + start[..<4] + [
                UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32),
                byteCount, flags,
            ]
        var words = block
        for round in 0..<7 {
            if round > 0 { words = order.map { words[$0] } }
            for column in 0..<4 {
                mix(
                    &state, column, column + 4, column + 8, column + 12, words[2 * column],
                    words[2 * column + 1])
            }
            for diagonal in 0..<4 {
                mix(
                    &state, diagonal, (diagonal + 1) % 4 + 4, (diagonal + 2) % 4 + 8,
                    (diagonal + 3) % 4 + 12, words[8 + 2 * diagonal], words[9 + 2 * diagonal])
            }
        }
        return (0..<8).map { state[$0] ^ state[$0 + 8] }
    }

    private static func mix(
        _ state: inout [UInt32], _ a: Int, _ b: Int, _ c: Int, _ d: Int, _ x: UInt32, _ y: UInt32
    ) {
        func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
            word >> count | word << (32 - count)
        }
        state[a] = state[a] &+ state[b] &+ x
        state[d] = rotated(state[d] ^ state[a], 16)
        state[c] = state[c] &+ state[d]
        state[b] = rotated(state[b] ^ state[c], 12)
        state[a] = state[a] &+ state[b] &+ y
        state[d] = rotated(state[d] ^ state[a], 8)
        state[c] = state[c] &+ state[d]
        state[b] = rotated(state[b] ^ state[c], 7)
    }
}
