// Regular expressions of RE2: time linear in the text, memory bounded, whatever the pattern.

import CRE2
import StarlingErrors
import StarlingVectors
import Synchronization

/// Finds the matches of a pattern.
///
/// `@unchecked Sendable`: RE2 promises that many threads may match with one compiled pattern.
final class RegularExpression: @unchecked Sendable {
    private let handle: OpaquePointer
    let groupCount: Int
    let isEmpty: Bool

    /// Bounds what a pattern and the automata made while matching take.
    private static let byteCountMaximum: Int64 = 4 << 20

    /// Longer patterns can take seconds for a text of their own length.
    private static let stepCountMaximum = 20_000

    init(_ pattern: [UInt8], function: String) throws(StarlingError) {
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
    @inline(__always)
    func find(in text: Bytes, from start: Int, _ places: inout [Int64], parts: Int) -> Bool {
        if places.count < 2 * parts { places = Array(repeating: -1, count: 2 * parts) }
        return places.withUnsafeMutableBufferPointer { places in
            starling_regexp_match(
                handle, text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, start,
                places.baseAddress, Int32(truncatingIfNeeded: parts))
        }
    }

    @inline(__always)
    func matches(_ text: Bytes) -> Bool {
        starling_regexp_match(
            handle, text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, 0, nil, 0)
    }

    // MARK: Known patterns

    private static let patternCountMaximum = 32
    private static let known = Mutex<[[UInt8]: RegularExpression]>([:])

    /// Gives a pattern that was compiled for an earlier chunk, or compiles it.
    static func compiled(
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

/// Gives the pattern of each row: one for all, or those of a column, of which it keeps a few.
struct RowPatterns {
    private let function: String
    private let constant: RegularExpression?
    private let texts: DecodedVector
    private var recent: [[UInt8]: RegularExpression] = [:]

    /// Compiles a constant pattern; a NULL gives no pattern and no row asks for one.
    init(_ vector: Vector, function: String) throws(StarlingError) {
        self.function = function
        texts = DecodedVector(vector)
        constant =
            vector.isConstant && vector.isValid(0)
            ? try .compiled(vector.pointer(to: StringReference.self)[0].bytes, function: function)
            : nil
    }

    @inline(__always)
    mutating func pattern(_ row: Int) throws(StarlingError) -> RegularExpression {
        if let constant { return constant }
        return try varying(texts.text(row).bytes)
    }

    private mutating func varying(_ text: [UInt8]) throws(StarlingError) -> RegularExpression {
        if let found = recent[text] { return found }
        let made = try RegularExpression(text, function: function)
        if recent.count >= 64 { recent.removeAll() }
        recent[text] = made
        return made
    }
}
