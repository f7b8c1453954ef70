// The pieces of a LIKE pattern without `_`, laid out so that matching follows plain pointers.

import CPlatform
import StarlingMemory
import StarlingVectors

/// Holds texts that come one after the other between `%`s: the first anchored at the start, the
/// last at the end.
struct LiteralPieces: Sendable {
    private let bytes: [UInt8]
    /// Where each piece ends in `bytes`.
    private let ends: [Int]

    init(_ pieces: [[UInt8]]) {
        bytes = pieces.flatMap { $0 }
        ends = pieces.reduce(into: []) { $0.append(($0.last ?? 0) + $1.count) }
    }

    /// Writes 1 for each string that matches, else 0; NULL rows are passed over.
    func match(
        _ strings: UnsafePointer<StringReference>, _ validity: Validity?, count: Int,
        into mask: UnsafeMutablePointer<UInt8>
    ) {
        // One byte more, so that there is an address also where all pieces are empty.
        (bytes + [0]).withUnsafeBufferPointer { bytes in
            ends.withUnsafeBufferPointer { ends in
                let (start, last) = (bytes.baseAddress!, ends.count - 1)
                // The first four bytes lie in the reference itself.
                let known = min(ends[0], 4)
                let mask4: UInt64 = (1 &<< UInt64(known * 8)) - 1
                let first4 = (0..<known).reduce(UInt64(0)) {
                    $0 | UInt64(start[$1]) << UInt64($1 * 8)
                }
                for row in 0..<count {
                    guard (strings[row].head &>> 32) & mask4 == first4,
                        validity?.isValid(row) ?? true
                    else {
                        mask[row] = 0
                        continue
                    }
                    let string = strings[row]
                    let text =
                        string.isInline ? UnsafeRawPointer(strings + row) + 4 : string.address
                    let isMatch = Self.matches(
                        text.assumingMemoryBound(to: UInt8.self), string.count,
                        start, ends.baseAddress!, last)
                    mask[row] = isMatch ? 1 : 0
                }
            }
        }
    }

    @inline(__always)
    private static func matches(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ bytes: UnsafePointer<UInt8>,
        _ ends: UnsafePointer<Int>, _ last: Int
    ) -> Bool {
        if count < ends[last] { return false }
        if last == 0 { return count == ends[0] && bytesAreEqual(text, bytes, count) }
        if ends[0] > 0, !bytesAreEqual(text, bytes, ends[0]) { return false }
        let tailStart = ends[last &- 1]
        let tailCount = ends[last] &- tailStart
        let limit = count &- tailCount
        if tailCount > 0 {
            // Most texts that end otherwise do so in their last byte.
            guard text[count &- 1] == bytes[ends[last] &- 1],
                bytesAreEqual(text + limit, bytes + tailStart, tailCount)
            else { return false }
        }
        var position = ends[0]
        var piece = 1
        while piece < last {
            let start = ends[piece &- 1]
            let length = ends[piece] &- start
            let place = starling_find_bytes(
                text + position, limit &- position, bytes + start, length)
            if place < 0 { return false }
            position &+= place &+ length
            piece &+= 1
        }
        return true
    }
}
