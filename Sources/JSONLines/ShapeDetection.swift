// Finds what the values at one place of a document become, from those of the sample: objects are
// structures with all keys that were seen, arrays are arrays of what holds all elements. Where that
// cannot be, because kinds differ or there are too many keys or levels, they stay JSON.

import StarlingFields
import StarlingTypes

/// Sees the values at one place.
final class ShapeDetection {
    /// Objects with more keys hold data in them, as maps do.
    static let keyCountMax = 200
    /// Levels that become types at most; deeper values are JSON.
    static let levelCountMax = 128

    private var strings = TypeDetection()
    private var kinds: Set<JSONCursor.Kind> = []
    /// True where a string is a number that JSON has no form for, if the others are numbers.
    private var hasNonFinite = false
    /// True where such a number stands without quotes, and so in no JSON.
    private var hasBareNonFinite = false
    private var isBigint = true
    /// True where an integer has more digits than any type of integers.
    private var hasHugeInteger = false
    private var numbers = NumberDetection()
    private(set) var keys: [[UInt8]] = []
    private(set) var fields: [ShapeDetection] = []
    private var positions: [[UInt8]: Int] = [:]
    private var elements: ShapeDetection?
    private let keyCountMax: Int
    /// How many levels may become types, this one included.
    private let levelCount: Int

    init(levelCount: Int, keyCountMax: Int = ShapeDetection.keyCountMax) {
        self.levelCount = levelCount
        self.keyCountMax = keyCountMax
    }

    /// Takes a value that lies in `range` of a text and has been found to be well-formed.
    func add(_ kind: JSONCursor.Kind, _ range: Range<Int>, in text: UnsafeRawBufferPointer) {
        guard kind != .null else { return }
        let bytes = UnsafeRawBufferPointer(rebasing: text[range])
        switch kind {
        case .string: return addString(JSONText.unescaped(Array(bytes[1..<(bytes.count - 1)])))
        case .integer:
            addInteger(Array(bytes))
            numbers.add(bytes)
        case .floating:
            numbers.add(bytes)
            if Self.nonFinite.contains(Array(bytes)) { hasBareNonFinite = true }
        case .object where levelCount > 1 && keys.count <= keyCountMax: addObject(bytes)
        case .array where levelCount > 1: addArray(bytes)
        default: break
        }
        kinds.insert(kind)
    }

    /// The numbers that JSON has no form for, as they are written in quotes.
    private static let nonFinite: Set<[UInt8]> = Set(
        ["nan", "inf", "-inf", "NaN", "Infinity", "-Infinity"].map { Array($0.utf8) })

    private func addString(_ text: [UInt8]) {
        if Self.nonFinite.contains(text) {
            hasNonFinite = true
            text.withUnsafeBytes { numbers.add($0) }
        } else {
            kinds.insert(.string)
            strings.add(text)
        }
    }

    private func addInteger(_ bytes: [UInt8]) {
        guard Value(parsing: bytes, as: .bigint) == nil else { return }
        isBigint = false
        if Value(parsing: bytes, as: .largeint) == nil { hasHugeInteger = true }
    }

    /// Takes the keys and values of an object.
    private func addObject(_ text: UnsafeRawBufferPointer) {
        var cursor = JSONCursor(text, allowsNonFinite: true)
        var members: [(Range<Int>, JSONCursor.Kind, Range<Int>)] = []
        // What stands here was walked over before.
        try? cursor.object { members.append(($0, $1, $2)) }
        add(members, in: text)
    }

    func add(
        _ members: [(key: Range<Int>, kind: JSONCursor.Kind, value: Range<Int>)],
        in text: UnsafeRawBufferPointer
    ) {
        for (key, kind, value) in members {
            let name = JSONText.unescaped(Array(text[key]))
            let position = positions[name] ?? keys.count
            if position == keys.count {
                positions[name] = position
                keys.append(name)
                fields.append(ShapeDetection(levelCount: levelCount - 1))
            }
            fields[position].add(kind, value, in: text)
        }
    }

    private func addArray(_ text: UnsafeRawBufferPointer) {
        let elements = elements ?? ShapeDetection(levelCount: levelCount - 1)
        self.elements = elements
        var cursor = JSONCursor(text, allowsNonFinite: true)
        var values: [(JSONCursor.Kind, Range<Int>)] = []
        try? cursor.array { values.append(($0, $1)) }
        for (kind, range) in values { elements.add(kind, range, in: text) }
    }

    /// The kinds of all values, numbers in quotes being strings beside other strings.
    private var seenKinds: Set<JSONCursor.Kind> {
        hasNonFinite && !kinds.contains(.string) ? kinds.union([.floating]) : kinds
    }

    /// The shape that holds all values that were seen.
    ///
    /// - Parameter detectsTypes: false leaves scalars text, and everything else JSON.
    func shape(detectsTypes: Bool) -> ValueShape {
        var result = unmarkedShape(detectsTypes: detectsTypes)
        result.isFromSample = true
        return result
    }

    private func unmarkedShape(detectsTypes: Bool) -> ValueShape {
        let kinds = seenKinds
        let isNested = kinds.contains(.object) || kinds.contains(.array)
        guard levelCount > 0, !isNested || detectsTypes else { return ValueShape(.json) }
        guard detectsTypes else { return ValueShape(.string) }
        guard isNested else { return scalarShape }
        if kinds == [.array], let elements {
            // Elements that nobody has seen may be anything.
            var shape = elements.shape(detectsTypes: true)
            if shape.isUnseen { shape.type = .json }
            return ValueShape(elements: shape)
        }
        if kinds == [.object], !keys.isEmpty, keys.count <= keyCountMax {
            return ValueShape(
                fields: zip(keys, fields).map { ($0, $1.shape(detectsTypes: true)) })
        }
        return ValueShape(.json)
    }

    private var scalarShape: ValueShape {
        let kinds = seenKinds
        if kinds.isEmpty {
            var shape = ValueShape(.string)
            shape.isUnseen = true
            return shape
        }
        if kinds == [.boolean] { return ValueShape(.boolean) }
        if kinds == [.integer] {
            if hasHugeInteger { return ValueShape(.string) }
            return ValueShape(isBigint ? .bigint : .largeint)
        }
        if kinds.isSubset(of: [.integer, .floating]) { return ValueShape(numbers.type ?? .string) }
        // 5 and "5" are not the same.
        guard kinds == [.string] else { return ValueShape(hasBareNonFinite ? .string : .json) }
        if !hasNonFinite {
            // Digits in quotes are meant as text.
            let found = strings.result
            if found.type == .date || found.type == .datetime {
                return ValueShape(
                    found.type, pattern: found.pattern, isInstant: found.isInstant)
            }
        }
        return ValueShape(.string)
    }
}
