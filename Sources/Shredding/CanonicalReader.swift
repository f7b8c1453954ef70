// Steps through the members of objects in canonical form, which needs no checks: keys follow each
// other in order, a blank stands behind each colon and comma and nowhere else.

import CPlatform

/// Reads a document from left to right.
struct CanonicalReader {
    let text: UnsafePointer<UInt8>
    let count: Int
    var place = 0

    init(_ document: UnsafeRawBufferPointer) {
        text = document.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
        count = document.count
    }

    @inline(__always)
    var byte: UInt8 { text[place] }

    @inline(__always)
    var isAtObject: Bool { text[place] == UInt8(ascii: "{") }

    /// Steps into an object; false where it has no members, and then behind it.
    @inline(__always)
    mutating func open() -> Bool {
        place &+= 1
        guard text[place] == UInt8(ascii: "}") else { return true }
        place &+= 1
        return false
    }

    /// Gives the key between its quotes and moves to the value.
    @inline(__always)
    mutating func key() -> UnsafeRawBufferPointer {
        let start = place &+ 1
        var escapes: Int32 = 0
        let end = starling_find_quote(text, start, count, &escapes)
        place = end &+ 3
        return UnsafeRawBufferPointer(start: text + start, count: end &- start)
    }

    /// Moves behind the comma in front of the next member; false, and behind the object, at its
    /// end.
    @inline(__always)
    mutating func next() -> Bool {
        guard text[place] == UInt8(ascii: ",") else {
            place &+= 1
            return false
        }
        place &+= 2
        return true
    }

    /// Moves behind a value and returns it.
    @inline(__always)
    mutating func value() -> UnsafeRawBufferPointer {
        let start = place
        place = starling_skip_value(text, start, count)
        return UnsafeRawBufferPointer(start: text + start, count: place &- start)
    }
}
