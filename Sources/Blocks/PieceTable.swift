// Pieces of text, and the longest of them that a text begins with. The lengths of pieces that begin
// with the same bytes are known, so that few are looked for, from the longest on.

import StarlingMemory

/// Knows up to 4,096 pieces of at most 16 bytes, among them every single byte.
///
/// `@unchecked Sendable`: the worker that makes it is the only one to use it.
final class PieceTable: @unchecked Sendable {
    static let pieceCountMax = 4_096
    static let byteCountMax = 16
    private static let placeBits = 14
    /// Pieces as long as this are not made longer at the cost of the one before.
    private static let lengthEnough = 8
    private static let placeCount = 1 << placeBits

    /// The text of a piece with zeros behind it.
    private struct Text: BitwiseCopyable, Equatable {
        var low: UInt64
        var high: UInt64
    }

    /// Is a piece that a text begins with.
    typealias Match = (piece: Int, length: Int)

    private let textBytes = Buffer.zeroed(byteCount: pieceCountMax * byteCountMax)
    private let texts: UnsafeMutablePointer<Text>
    private let lengthBytes = Buffer.zeroed(byteCount: pieceCountMax)
    private let lengths: UnsafeMutablePointer<UInt8>
    private(set) var count = 256

    /// A bit for each length of pieces that begin with the same four bytes, or eight, as far as a
    /// hash tells: bit 0 for four, or eight.
    private let shortLengthBytes = Buffer.zeroed(byteCount: placeCount * 2)
    private let shortLengths: UnsafeMutablePointer<UInt16>
    private let longLengthBytes = Buffer.zeroed(byteCount: placeCount * 2)
    private let longLengths: UnsafeMutablePointer<UInt16>
    /// The pieces of more than one byte by the hash of their text; 0 where there is none.
    private let slotBytes = Buffer.zeroed(byteCount: placeCount * 2)
    private let slots: UnsafeMutablePointer<UInt16>

    init() {
        texts = textBytes.pointer(to: Text.self)
        lengths = lengthBytes.pointer(to: UInt8.self)
        shortLengths = shortLengthBytes.pointer(to: UInt16.self)
        longLengths = longLengthBytes.pointer(to: UInt16.self)
        slots = slotBytes.pointer(to: UInt16.self)
        for byte in 0..<256 {
            texts[byte] = Text(low: UInt64(byte), high: 0)
            lengths[byte] = 1
        }
    }

    @inline(__always)
    func length(of piece: Int) -> Int { Int(lengths[piece]) }

    func text(of piece: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: texts + piece, count: length(of: piece))
    }

    /// Tells whether a piece stands before another by bytes.
    func ascends(_ left: Int, _ right: Int) -> Bool {
        let (left, right) = (text(of: left), text(of: right))
        return left.lexicographicallyPrecedes(right)
    }

    /// Finds the longest piece that `count` bytes, one at least, begin with; 16 may be read.
    @inline(__always)
    func longestPiece(of bytes: UnsafeRawPointer, count: Int) -> Match {
        let low = bytes.loadUnaligned(as: UInt64.self)
        if count >= 8 {
            let high = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            var lengths = longLengths[Self.place(low)] & Self.bits(upTo: count &- 8)
            while lengths != 0 {
                let length = 8 &+ 15 &- lengths.leadingZeroBitCount
                let text = Text(low: low, high: Self.first(length &- 8, of: high))
                let piece = find(text, length: length)
                if piece != 0 { return (piece, length) }
                lengths ^= 1 &<< UInt16(length &- 8)
            }
        }
        if count >= 4 {
            var lengths =
                shortLengths[Self.place(Self.first(4, of: low))] & Self.bits(upTo: count &- 4)
            while lengths != 0 {
                let length = 4 &+ 15 &- lengths.leadingZeroBitCount
                let piece = find(Text(low: Self.first(length, of: low), high: 0), length: length)
                if piece != 0 { return (piece, length) }
                lengths ^= 1 &<< UInt16(length &- 4)
            }
        }
        for length in stride(from: min(count, 3), to: 1, by: -1) {
            let piece = find(Text(low: Self.first(length, of: low), high: 0), length: length)
            if piece != 0 { return (piece, length) }
        }
        return (Int(UInt8(truncatingIfNeeded: low)), 1)
    }

    /// Cuts a text into pieces and returns how many there are. Behind the longest piece often only a
    /// short one fits: then it is made shorter where that lets both together reach further.
    @inline(__always)
    func cut(
        _ text: UnsafeRawPointer, count: Int, into target: UnsafeMutablePointer<UInt16>
    ) -> Int {
        guard count > 0 else { return 0 }
        var (offset, pieceCount) = (0, 0)
        var own = longestPiece(of: text, count: count)
        while true {
            let rest = count &- offset
            guard own.length < rest else { break }
            var next = longestPiece(of: text + offset + own.length, count: rest &- own.length)
            if next.length < Self.lengthEnough, own.length &+ next.length < rest {
                (own, next) = further(text + offset, count: rest, own, next)
            }
            target[pieceCount] = UInt16(truncatingIfNeeded: own.piece)
            pieceCount &+= 1
            offset &+= own.length
            own = next
        }
        target[pieceCount] = UInt16(truncatingIfNeeded: own.piece)
        return pieceCount &+ 1
    }

    /// Tries the next two shorter pieces in the place of the longest.
    private func further(
        _ text: UnsafeRawPointer, count: Int, _ longest: Match, _ behind: Match
    ) -> (Match, Match) {
        var (best, bestNext) = (longest, behind)
        var own = longest
        for _ in 0..<2 where own.length > 1 {
            own = longestPiece(of: text, count: own.length &- 1)
            let next = longestPiece(of: text + own.length, count: count &- own.length)
            if own.length &+ next.length > best.length &+ bestNext.length {
                (best, bestNext) = (own, next)
            }
        }
        return (best, bestNext)
    }

    /// Makes one piece of two and returns its number; nil where it is too long or there is no room.
    func join(_ first: Int, _ second: Int) -> Int? {
        let firstLength = self.length(of: first)
        let length = firstLength + self.length(of: second)
        guard length <= Self.byteCountMax, count < Self.pieceCountMax else { return nil }
        var text = texts[first]
        withUnsafeMutableBytes(of: &text) {
            $0[firstLength...].copyBytes(from: self.text(of: second))
        }
        // Other pieces may have made the same text.
        let known = find(text, length: length)
        guard known == 0 else { return known }
        texts[count] = text
        lengths[count] = UInt8(length)
        if length >= 8 {
            longLengths[Self.place(text.low)] |= 1 << UInt16(length - 8)
        } else if length >= 4 {
            shortLengths[Self.place(Self.first(4, of: text.low))] |= 1 << UInt16(length - 4)
        }
        slots[emptySlot(for: text, length)] = UInt16(count)
        count += 1
        return count - 1
    }

    private func emptySlot(for text: Text, _ length: Int) -> Int {
        var place = Self.place(text, length)
        while slots[place] != 0 { place = (place + 1) & (Self.placeCount - 1) }
        return place
    }

    /// Returns the number of a piece of more than one byte, 0 where there is no such.
    @inline(__always)
    private func find(_ text: Text, length: Int) -> Int {
        var place = Self.place(text, length)
        while case let piece = Int(slots[place]), piece != 0 {
            if texts[piece] == text, lengths[piece] == UInt8(truncatingIfNeeded: length) {
                return piece
            }
            place = (place &+ 1) & (Self.placeCount &- 1)
        }
        return 0
    }

    @inline(__always)
    private static func place(_ text: Text, _ length: Int) -> Int {
        place(text.low &+ text.high &* 0xC2B2_AE3D_27D4_EB4F &+ UInt64(length))
    }

    @inline(__always)
    private static func place(_ number: UInt64) -> Int {
        Int((number &* 0x9E37_79B9_7F4A_7C15) &>> UInt64(64 &- placeBits))
    }

    @inline(__always)
    private static func first(_ byteCount: Int, of word: UInt64) -> UInt64 {
        byteCount >= 8 ? word : word & ((1 &<< UInt64(byteCount &* 8)) &- 1)
    }

    /// The bits 0 … `last`.
    @inline(__always)
    private static func bits(upTo last: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: (2 &<< min(last, 15)) &- 1)
    }
}
