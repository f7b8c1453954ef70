// What the texts of a sort key begin with. Names, addresses and moments as text often share their
// first bytes, which tell nothing; so the words of a key begin behind what the first chunk's texts have
// in common. Texts that do not begin so are below or above all that do.

import StarlingVectors
import Synchronization

/// Is shared by all who make words of one key of a sort, and is the same for the whole sort.
final class TextOrigin: Sendable, Hashable {
    private static let byteCountMax = 64
    /// Fewer bytes are not worth two bits of a word.
    private static let byteCountMin = 3
    /// Where all texts are the same, so many bytes of them are left to tell them from later ones.
    private static let keptByteCount = 8
    private let prefix = Mutex<[UInt8]?>(nil)

    /// The prefix; the texts of `vector` say what it is where no others have before.
    func prefix(_ vector: Vector) -> [UInt8] {
        prefix.withLock { prefix in
            if let prefix { return prefix }
            let common = Self.commonPrefix(of: vector)
            prefix = common
            return common
        }
    }

    /// The prefix as far as there is one.
    var known: [UInt8] { prefix.withLock { $0 ?? [] } }

    private static func commonPrefix(of vector: Vector) -> [UInt8] {
        let view = DecodedVector(vector)
        defer { withExtendedLifetime(vector) {} }
        var common: [UInt8]?
        var areSame = true
        for row in 0..<view.count where view.isValid(row) {
            let text: StringReference = view.value(row)
            guard let known = common else {
                common = text.withBytes { Array($0.prefix(byteCountMax)) }
                continue
            }
            let shared = text.withBytes { bytes in
                zip(known, bytes).prefix { $0 == $1 }.count
            }
            if shared < byteCountMin { return [] }
            areSame = areSame && shared == known.count && text.count == shared
            if shared < known.count { common = Array(known.prefix(shared)) }
        }
        guard var common else { return [] }
        if areSame { common.removeLast(min(keptByteCount, common.count)) }
        return common.count >= byteCountMin ? common : []
    }

    static func == (left: TextOrigin, right: TextOrigin) -> Bool { left === right }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// Turns texts into codes that order as they do, as far as 64 bits go.
struct TextCoder {
    /// Of texts that begin as others do; below are those that come before these, above all others.
    private static let firstWithin: UInt64 = 1 << 62
    private static let above: UInt64 = 3 << 62

    private let prefix: [UInt8]

    init(_ prefix: [UInt8]) { self.prefix = prefix }

    @inline(__always)
    func code(_ text: StringReference) -> UInt64 {
        prefix.isEmpty ? text.orderingWord : codeBehindPrefix(text)
    }

    private func codeBehindPrefix(_ text: StringReference) -> UInt64 {
        let order = order(of: text)
        if order != 0 { return order < 0 ? 0 : Self.above }
        return Self.firstWithin + text.orderingWord(from: prefix.count) >> 2
    }

    /// Returns 0 for texts with the prefix, else where they stand from those.
    private func order(of text: StringReference) -> Int {
        text.withBytes { bytes in
            for (own, byte) in zip(prefix, bytes) where own != byte { return byte < own ? -1 : 1 }
            return bytes.count < prefix.count ? -1 : 0
        }
    }

    /// The bytes that texts have in common where the first `byteCount` bytes of their codes are the
    /// same, and so their first words.
    func agreedCount(_ text: StringReference, byteCount: Int) -> Int {
        if prefix.isEmpty { return byteCount }
        return order(of: text) == 0 ? prefix.count + byteCount - 1 : 0
    }
}

extension StringReference {
    /// The first eight bytes, the first of them highest, zeros behind the end.
    @inline(__always)
    var orderingWord: UInt64 {
        if isInline { return ((head &>> 32) | (tail &<< 32)).byteSwapped }
        return address.loadUnaligned(as: UInt64.self).byteSwapped
    }

    /// The eight bytes from `depth` on, zeros behind the end.
    func orderingWord(from depth: Int) -> UInt64 {
        guard depth > 0 else { return orderingWord }
        let left = count - depth
        guard left > 0 else { return 0 }
        if isInline {
            let last = (tail &>> 32).byteSwapped
            return depth < 8
                ? orderingWord << UInt64(8 * depth) | last >> UInt64(64 - 8 * depth)
                : last << UInt64(8 * (depth - 8))
        }
        if left >= 8 { return (address + depth).loadUnaligned(as: UInt64.self).byteSwapped }
        // More than twelve bytes lie there, so eight end with the last one.
        let word = (address + (count - 8)).loadUnaligned(as: UInt64.self).byteSwapped
        return word << UInt64(8 * (8 - left))
    }
}
