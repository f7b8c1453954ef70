// Walks over JSON value by value: where everything has to be found out, and where a text has to be
// checked.

import CPlatform

/// Reads values one after the other.
package struct JSONCursor {
    package enum Kind: Sendable {
        case null, boolean, integer, floating, string, array, object
    }

    /// Says what is wrong and where.
    package struct Fault: Error {
        package var place: Int
        package var reason: String
        /// True where the text ends too early.
        package var isEnd: Bool
    }

    package let text: UnsafeRawBufferPointer
    package var position: Int
    /// True where NaN, Infinity and -Infinity are numbers, as some programs write them.
    private let allowsNonFinite: Bool

    package init(
        _ text: UnsafeRawBufferPointer, from position: Int = 0, allowsNonFinite: Bool = false
    ) {
        self.text = text
        self.position = position
        self.allowsNonFinite = allowsNonFinite
    }

    package mutating func skipSpace() {
        while position < text.count, isJSONSpace(text[position]) { position += 1 }
    }

    /// The byte at the position; nil at the end.
    package var byte: UInt8? { position < text.count ? text[position] : nil }

    private func fault(_ reason: String) -> Fault {
        let isEnd = position >= text.count
        return Fault(
            place: position, reason: isEnd ? "the text ends within a value" : reason, isEnd: isEnd)
    }

    /// Steps over a value and tells its kind and where it lies.
    package mutating func value(depth: Int = 0) throws(Fault) -> (kind: Kind, range: Range<Int>) {
        skipSpace()
        let start = position
        guard depth < 512 else { throw fault("values are nested too deeply") }
        switch byte {
        case UInt8(ascii: "\""):
            try string()
            return (.string, start..<position)
        case UInt8(ascii: "{"):
            try object(depth: depth) { _, _, _ in }
            return (.object, start..<position)
        case UInt8(ascii: "["):
            try array(depth: depth) { _, _ in }
            return (.array, start..<position)
        default: return (try scalar(), start..<position)
        }
    }

    /// Steps over an object and hands out its keys (as written) and values.
    package mutating func object(
        depth: Int = 0, _ body: (Range<Int>, Kind, Range<Int>) -> Void
    ) throws(Fault) {
        skipSpace()
        guard byte == UInt8(ascii: "{") else { throw fault("an object is missing") }
        position += 1
        try elements(until: UInt8(ascii: "}")) { (cursor) throws(Fault) in
            cursor.skipSpace()
            let keyStart = cursor.position + 1
            guard cursor.byte == UInt8(ascii: "\"") else {
                throw cursor.fault("a key is missing")
            }
            try cursor.string()
            let key = keyStart..<(cursor.position - 1)
            cursor.skipSpace()
            guard cursor.byte == UInt8(ascii: ":") else {
                throw cursor.fault("a colon is missing behind a key")
            }
            cursor.position += 1
            let (kind, range) = try cursor.value(depth: depth + 1)
            body(key, kind, range)
        }
    }

    /// Steps over an array and hands out its elements.
    package mutating func array(
        depth: Int = 0, _ body: (Kind, Range<Int>) -> Void
    ) throws(Fault) {
        skipSpace()
        guard byte == UInt8(ascii: "[") else { throw fault("an array is missing") }
        position += 1
        try elements(until: UInt8(ascii: "]")) { (cursor) throws(Fault) in
            let (kind, range) = try cursor.value(depth: depth + 1)
            body(kind, range)
        }
    }

    private mutating func elements(
        until end: UInt8, _ element: (inout JSONCursor) throws(Fault) -> Void
    ) throws(Fault) {
        skipSpace()
        if byte == end {
            position += 1
            return
        }
        while true {
            try element(&self)
            skipSpace()
            if byte == UInt8(ascii: ",") {
                position += 1
            } else if byte == end {
                position += 1
                return
            } else {
                throw fault("a comma or '\(Character(Unicode.Scalar(end)))' is missing")
            }
        }
    }

    private mutating func string() throws(Fault) {
        position += 1
        guard let bytes = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            throw fault("")
        }
        while position < text.count {
            position = starling_skip_plain(bytes, position, text.count)
            guard position < text.count else { break }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"): position += 2
            default: throw fault("a control character stands in a string")
            }
        }
        position = text.count
        throw fault("")
    }

    private mutating func scalar() throws(Fault) -> Kind {
        let start = position
        while position < text.count, !Self.endsScalar(text[position]) { position += 1 }
        if let kind = number(start..<position) { return kind }
        let bytes = text[start..<position]
        if bytes.elementsEqual("null".utf8) { return .null }
        if bytes.elementsEqual("true".utf8) || bytes.elementsEqual("false".utf8) { return .boolean }
        if allowsNonFinite, Self.nonFinite.contains(where: { bytes.elementsEqual($0.utf8) }) {
            return .floating
        }
        if position < text.count { position = start }
        throw fault("a value is missing or is none")
    }

    private static let nonFinite = ["NaN", "Infinity", "-Infinity"]

    private static func endsScalar(_ byte: UInt8) -> Bool {
        isJSONSpace(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}")
            || byte == UInt8(ascii: "]") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "\"")
    }

    /// Tells which number stands in a range; nil where none does.
    private func number(_ range: Range<Int>) -> Kind? {
        var place = range.lowerBound
        func next() -> UInt8 { place < range.upperBound ? text[place] : 0 }
        func digits() -> Int {
            let start = place
            while next() >= 0x30, next() <= 0x39 { place += 1 }
            return place - start
        }
        if next() == UInt8(ascii: "-") { place += 1 }
        let startsWithZero = next() == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !(startsWithZero && whole > 1) else { return nil }
        var kind = Kind.integer
        if next() == UInt8(ascii: ".") {
            place += 1
            guard digits() > 0 else { return nil }
            kind = .floating
        }
        if next() | 0x20 == UInt8(ascii: "e") {
            place += 1
            if next() == UInt8(ascii: "+") || next() == UInt8(ascii: "-") { place += 1 }
            guard digits() > 0 else { return nil }
            kind = .floating
        }
        return place == range.upperBound ? kind : nil
    }
}

@inline(always)
package func isJSONSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}
