// JSON as a tree: for small texts that describe something, such as schemas in the headers of files.

/// Holds a value and all that lies in it.
package indirect enum JSONTree: Sendable {
    case null
    case boolean(Bool)
    /// The text of a number.
    case number(String)
    case string(String)
    case array([JSONTree])
    /// In the order of the text, a key perhaps twice.
    case object([(key: String, value: JSONTree)])

    private static let depthMax = 128

    /// Reads a text that is one value.
    package init(parsing text: [UInt8]) throws(JSONCursor.Fault) {
        self = try text.withUnsafeBytes { bytes -> Result<JSONTree, JSONCursor.Fault> in
            do throws(JSONCursor.Fault) {
                var cursor = JSONCursor(bytes)
                let (kind, range) = try cursor.value()
                cursor.skipSpace()
                guard cursor.byte == nil else {
                    throw JSONCursor.Fault(
                        place: cursor.position, reason: "text follows the value", isEnd: false)
                }
                return .success(try JSONTree(bytes, kind, range, depth: 0))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    private init(
        _ text: UnsafeRawBufferPointer, _ kind: JSONCursor.Kind, _ range: Range<Int>, depth: Int
    ) throws(JSONCursor.Fault) {
        guard depth < Self.depthMax else {
            throw JSONCursor.Fault(
                place: range.lowerBound, reason: "values are nested too deeply", isEnd: false)
        }
        var cursor = JSONCursor(text, from: range.lowerBound)
        switch kind {
        case .null: self = .null
        case .boolean: self = .boolean(text[range.lowerBound] == UInt8(ascii: "t"))
        case .integer, .floating: self = .number(String(decoding: text[range], as: UTF8.self))
        case .string:
            self = .string(Self.string(text, (range.lowerBound + 1)..<(range.upperBound - 1)))
        case .array:
            var places: [(JSONCursor.Kind, Range<Int>)] = []
            try cursor.array { places.append(($0, $1)) }
            var elements: [JSONTree] = []
            for (kind, range) in places {
                elements.append(try JSONTree(text, kind, range, depth: depth + 1))
            }
            self = .array(elements)
        case .object:
            var places: [(Range<Int>, JSONCursor.Kind, Range<Int>)] = []
            try cursor.object { places.append(($0, $1, $2)) }
            var members: [(key: String, value: JSONTree)] = []
            for (key, kind, range) in places {
                members.append(
                    (Self.string(text, key), try JSONTree(text, kind, range, depth: depth + 1)))
            }
            self = .object(members)
        }
    }

    private static func string(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> String {
        String(decoding: JSONText.unescaped(Array(text[range])), as: UTF8.self)
    }

    /// Finds what an object has under a key.
    package subscript(key: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var integer: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    package var array: [JSONTree]? {
        if case .array(let elements) = self { elements } else { nil }
    }
}
