// What the values at one place of a document become: a type, with the keys that the fields of its
// structures come from and the form of its dates.

import StarlingFormats
import StarlingTypes

/// Says how values are read.
struct ValueShape: Sendable {
    var type: LogicalType
    /// The form of dates that are not ISO's.
    var pattern: String?
    /// True where times are written with their distance from UTC.
    var isInstant = false
    /// True where no value was seen that the type could come from.
    var isUnseen = false
    /// True where the type comes from a sample: other objects may have more keys, other numbers more
    /// digits.
    var isFromSample = false
    /// The keys of the fields of a structure, in their order.
    var keys: [[UInt8]] = []
    /// The shapes of fields, of the elements of an array, or of keys and values of a map.
    var children: [ValueShape] = []

    /// Reads values as a type; the keys of structures are the names of their fields.
    init(_ type: LogicalType, pattern: String? = nil, isInstant: Bool = false) {
        self.type = type
        self.pattern = pattern
        self.isInstant = isInstant
        switch type {
        case .array(let element): children = [ValueShape(element)]
        case .map(let key, let value): children = [ValueShape(key), ValueShape(value)]
        case .structure(let fields):
            keys = fields.map { Array($0.name.utf8) }
            children = fields.map { ValueShape($0.type) }
        default: break
        }
    }

    init(elements: ValueShape) {
        type = .array(elements.type)
        children = [elements]
    }

    /// Names fields after their keys.
    init(fields: [(key: [UInt8], shape: ValueShape)]) {
        let keys = fields.map { String(decoding: $0.key, as: UTF8.self) }
        // Only keys that are no UTF-8 can look alike.
        let names = Set(keys).count == keys.count ? keys : uniqueNames(keys)
        type = .structure(
            zip(names, fields).map { StructureField(name: $0, type: $1.shape.type) })
        self.keys = fields.map(\.key)
        children = fields.map(\.shape)
        isFromSample = true
    }

    /// Names columns after their keys; keys that differ in letter case only get different names.
    static func names(of keys: [[UInt8]]) -> [String] {
        uniqueNames(keys.map { String(decoding: $0, as: UTF8.self) })
    }

    /// How the text of such values is noted.
    var reading: ValueSpans.Reading {
        switch type {
        case .char, .varchar, .varbinary: .text
        case .array, .map, .structure: .nested
        case .json: .raw
        default: .scalar
        }
    }

    /// Where in the values instants lie.
    var instants: InstantPlaces {
        isInstant ? .value : InstantPlaces(parts: children.map(\.instants))
    }

    /// Tells whether positions in structures lead to a field.
    func hasField(_ path: ArraySlice<Int>) -> Bool {
        guard let first = path.first else { return true }
        guard case .structure = type, children.indices.contains(first) else { return false }
        return children[first].hasField(path.dropFirst())
    }
}
