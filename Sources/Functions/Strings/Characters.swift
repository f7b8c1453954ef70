// Characters of UTF-8: code points, found by the bytes that begin them. Bytes that are not UTF-8
// count by the same rule and never lead outside the text.

import StarlingKernels
import StarlingVectors

typealias Bytes = UnsafeRawBufferPointer

@inline(__always)
func beginsCharacter(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }

@inline(__always)
func characterCount(_ text: Bytes) -> Int {
    var count = 0
    for byte in text { count &+= beginsCharacter(byte) ? 1 : 0 }
    return count
}

/// Finds the byte at which the character after `count` characters begins, or the end.
@inline(__always)
func byteOffset(_ text: Bytes, afterCharacters count: Int) -> Int {
    // As long as bytes are ASCII, characters are bytes.
    let plain = min(count, text.count)
    var offset = 0
    while offset < plain, text[offset] < 0x80 { offset &+= 1 }
    if offset == plain, offset == text.count || beginsCharacter(text[offset]) { return offset }
    var left = count &- offset
    while offset < text.count {
        if beginsCharacter(text[offset]) {
            if left <= 0 { return offset }
            left &-= 1
        }
        offset &+= 1
    }
    return offset
}

/// Finds the byte behind the character at `start`; at the end one more than there are.
@inline(__always)
func nextCharacter(_ text: Bytes, from start: Int) -> Int {
    var offset = start &+ 1
    while offset < text.count, !beginsCharacter(text[offset]) { offset &+= 1 }
    return offset
}

/// Finds the byte at which the last `count` characters begin, or 0.
func byteOffset(_ text: Bytes, beforeLastCharacters count: Int) -> Int {
    var left = count
    var offset = text.count
    while offset > 0, left > 0 {
        offset &-= 1
        if beginsCharacter(text[offset]) { left &-= 1 }
    }
    return offset
}

@inline(__always)
func part(_ text: Bytes, _ range: Range<Int>) -> Bytes { Bytes(rebasing: text[range]) }

/// Finds the first place of `pattern` at or behind `start`; an empty pattern is found at once.
func firstPlace(of pattern: Bytes, in text: Bytes, from start: Int = 0) -> Int? {
    guard pattern.count <= text.count, start >= 0 else { return nil }
    if pattern.isEmpty { return start <= text.count ? start : nil }
    return StarlingKernels.firstPlace(of: pattern, in: text, from: start)
}

/// Finds the last place of `pattern` that ends at or before `end`.
func lastPlace(of pattern: Bytes, in text: Bytes, before end: Int) -> Int? {
    guard !pattern.isEmpty, pattern.count <= end else { return nil }
    var place = end - pattern.count
    while place >= 0 {
        if part(text, place..<(place + pattern.count)).elementsEqual(pattern) { return place }
        place -= 1
    }
    return nil
}

/// The longest string that functions make, as in StarRocks; longer ones are NULL.
let stringByteCountMaximum = 1_048_576
