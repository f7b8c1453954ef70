// Regular expressions of RE2: time linear in the text, memory bounded, whatever the pattern.

import CRE2
import StarlingErrors
import Synchronization

/// Finds the matches of a pattern.
///
/// `@unchecked Sendable`: RE2 promises that many threads may match with one compiled pattern.
package final class RegularExpression: @unchecked Sendable {
    private let handle: OpaquePointer
    package let groupCount: Int
    package let isEmpty: Bool

    /// Bounds what a pattern and the automata made while matching take.
    private static let byteCountMaximum: Int64 = 4 << 20

    /// Longer patterns can take seconds for a text of their own length.
    private static let stepCountMaximum = 20_000

    package init(_ pattern: [UInt8], function: String) throws(StarlingError) {
        var reason = [UInt8](repeating: 0, count: 256)
        let compiled = pattern.withUnsafeBytes { bytes in
            reason.withUnsafeMutableBytes { reason in
                starling_regexp_compile(
                    bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count,
                    Self.byteCountMaximum,
                    reason.baseAddress?.assumingMemoryBound(to: CChar.self), reason.count)
            }
        }
        guard let compiled else {
            let text = String(decoding: pattern, as: UTF8.self)
            let explanation = String(decoding: reason.prefix { $0 != 0 }, as: UTF8.self)
            throw StarlingError(
                .data, "\(function)(): '\(text)' is no regular expression: \(explanation)")
        }
        let stepCount = Int(starling_regexp_step_count(compiled))
        guard stepCount <= Self.stepCountMaximum else {
            starling_regexp_free(compiled)
            throw StarlingError(
                .data,
                "\(function)(): a pattern of \(pattern.count) bytes makes a regular expression of "
                    + "\(stepCount) steps, more than \(Self.stepCountMaximum); a plain text is "
                    + "found by instr() or LIKE")
        }
        handle = compiled
        groupCount = Int(starling_regexp_group_count(compiled))
        isEmpty = pattern.isEmpty
    }

    deinit { starling_regexp_free(handle) }

    /// Finds the first match at or behind `start`, and where it and its groups lie in `places`,
    /// a beginning and an end each, -1 for groups that took no part.
    package func find(
        in text: UnsafeRawBufferPointer, from start: Int, _ places: inout [Int64], parts: Int
    ) -> Bool {
        if places.count < 2 * parts { places = Array(repeating: -1, count: 2 * parts) }
        return places.withUnsafeMutableBufferPointer { places in
            starling_regexp_match(
                handle, text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, start,
                places.baseAddress, Int32(truncatingIfNeeded: parts))
        }
    }

    package func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        starling_regexp_match(
            handle, text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, 0, nil, 0)
    }

    // MARK: Bounds

    /// Bytes of a bound.
    private static let boundByteCount = 32

    /// Two texts between which, by their bytes, all lie that a pattern finds something in; nil where it
    /// may find it anywhere in a text.
    package static func bounds(ofPattern pattern: [UInt8]) -> (low: [UInt8], high: [UInt8])? {
        let quantifiers = Array("*+?{".utf8)
        guard pattern.first == UInt8(ascii: "^"), !pattern.contains(UInt8(ascii: "|")),
            pattern.count > 1, !quantifiers.contains(pattern[1]),
            let whole = try? RegularExpression(
                Array("(?:".utf8) + pattern + Array(")\\C*".utf8), function: "")
        else { return nil }
        return whole.wholeBounds
    }

    private var wholeBounds: (low: [UInt8], high: [UInt8])? {
        var low = [UInt8](repeating: 0, count: Self.boundByteCount + 1)
        var high = low
        var (lowCount, highCount) = (0, 0)
        let isBounded = low.withUnsafeMutableBytes { low in
            high.withUnsafeMutableBytes { high in
                starling_regexp_bounds(
                    handle, Int32(Self.boundByteCount),
                    low.baseAddress?.assumingMemoryBound(to: CChar.self), &lowCount,
                    high.baseAddress?.assumingMemoryBound(to: CChar.self), &highCount)
            }
        }
        return isBounded ? (Array(low[..<lowCount]), Array(high[..<highCount])) : nil
    }

    // MARK: Known patterns

    private static let patternCountMaximum = 32
    private static let known = Mutex<[[UInt8]: RegularExpression]>([:])

    /// Gives a pattern that was compiled for an earlier chunk, or compiles it.
    package static func compiled(
        _ pattern: [UInt8], function: String
    ) throws(StarlingError) -> RegularExpression {
        if let found = known.withLock({ $0[pattern] }) { return found }
        let made = try RegularExpression(pattern, function: function)
        known.withLock { patterns in
            if patterns.count >= patternCountMaximum { patterns.removeAll() }
            patterns[pattern] = made
        }
        return made
    }
}
