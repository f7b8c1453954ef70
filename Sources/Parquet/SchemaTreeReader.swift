// Reads columns out of the schema, which is a tree written in depth-first order, by the rules of
// the format's LogicalTypes.md, those for older writers included:
//
//  - A group LIST has one repeated child. That child is the element itself where it is no group,
//    has more than one field, has one that is repeated, or is named `array` or `<list>_tuple`;
//    else its only field is.
//  - A group MAP (or MAP_KEY_VALUE) has one repeated group with the key and the value. Without
//    value fields it is a set of keys, read as an array.
//  - A repeated field that is in neither is an array whose elements are required.
//  - A group VARIANT is a structure of metadata and values that is read as JSON.
//  - Every other group is a structure.

import StarlingTypes

/// Walks through the elements of a schema.
struct SchemaTreeReader {
    private let elements: [SchemaElement]
    private(set) var next = 1
    private(set) var leafCount = 0
    private var isInVariant = false

    init(_ elements: [SchemaElement]) { self.elements = elements }

    private static let incomplete = ParquetDamage("the schema in the footer is incomplete")
    /// A level of lists or maps, with the group that is repeated, counts as two.
    private static let nestingMax = 256

    private func element(at index: Int) throws(ParquetDamage) -> SchemaElement {
        guard index < elements.count else { throw Self.incomplete }
        return elements[index]
    }

    /// Reads the next field, inside of values of a definition level.
    mutating func readField(
        level: Int = 0, depth: Int = 0, nesting: Int = 0
    ) throws(ParquetDamage) -> SchemaNode {
        let element = try element(at: next)
        switch element.repetition {
        case .required: return try readValue(level: level, depth: depth, nesting: nesting)
        case .optional: return try readValue(level: level + 1, depth: depth, nesting: nesting)
        case .repeated:
            let inner = try readValue(level: level + 1, depth: depth + 1, nesting: nesting)
            return SchemaNode(
                .list(inner), name: element.name, type: .array(inner.type),
                definitionLevel: level, depth: depth)
        }
    }

    /// Reads the next element as a value, whatever its repetition.
    private mutating func readValue(
        level: Int, depth: Int, nesting: Int
    ) throws(ParquetDamage) -> SchemaNode {
        guard nesting < Self.nestingMax else {
            throw .unsupported("the columns are nested in more than \(Self.nestingMax) levels")
        }
        let element = try element(at: next)
        if element.physicalType != nil { return try readLeaf(element, level, depth) }
        guard element.childCount >= 0 else { throw ParquetDamage("the schema is damaged") }
        next += 1
        switch element.annotation {
        case .list where try hasRepeatedChild(element):
            let inner = try readElement(of: element, level + 1, depth + 1, nesting + 1)
            return SchemaNode(
                .list(inner), name: element.name, type: .array(inner.type),
                definitionLevel: level, depth: depth)
        case .map where try isMap(element):
            return try readMap(element, level, depth, nesting + 1)
        case .variant where !isInVariant:
            isInVariant = true
            defer { isInVariant = false }
            let group = try readStructure(element, level, depth, nesting + 1)
            return SchemaNode(
                .variant(group), name: element.name, type: .json, definitionLevel: level,
                depth: depth)
        default: return try readStructure(element, level, depth, nesting + 1)
        }
    }

    private mutating func readStructure(
        _ element: SchemaElement, _ level: Int, _ depth: Int, _ nesting: Int
    ) throws(ParquetDamage) -> SchemaNode {
        var fields: [SchemaNode] = []
        for _ in 0..<element.childCount {
            fields.append(try readField(level: level, depth: depth, nesting: nesting))
        }
        let type = LogicalType.structure(
            fields.map { StructureField(name: $0.name, type: $0.type) })
        return SchemaNode(
            .structure(fields), name: element.name, type: type, definitionLevel: level,
            depth: depth)
    }

    private mutating func readLeaf(
        _ element: SchemaElement, _ level: Int, _ depth: Int
    ) throws(ParquetDamage) -> SchemaNode {
        var plain = element
        if plain.repetition == .repeated { plain.repetition = .required }
        guard let source = try FileSchema.source(of: plain, leaf: leafCount) else {
            throw ParquetDamage("column \(element.name) has an unknown physical type")
        }
        var type = try FileSchema.leafType(element)
        var inner = source
        let isNanoseconds = isInVariant && element.annotation == .timestamp(.nanoseconds)
        if isNanoseconds, type == .datetime {
            type = .bigint
            inner.meaning = .asIs
        }
        leafCount += 1
        next += 1
        return SchemaNode(
            .leaf(inner), name: element.name, type: type, definitionLevel: level, depth: depth,
            isInstant: element.isInstant, isNanoseconds: isNanoseconds)
    }

    /// Tells whether the group at `next - 1` has one child, and that is repeated.
    private func hasRepeatedChild(_ group: SchemaElement) throws(ParquetDamage) -> Bool {
        guard group.childCount == 1 else { return false }
        return try element(at: next).repetition == .repeated
    }

    private func isMap(_ group: SchemaElement) throws(ParquetDamage) -> Bool {
        guard try hasRepeatedChild(group) else { return false }
        let entry = try element(at: next)
        return entry.physicalType == nil && (entry.childCount == 1 || entry.childCount == 2)
    }

    /// Reads the element of a LIST, whose repeated child is next.
    private mutating func readElement(
        of list: SchemaElement, _ level: Int, _ depth: Int, _ nesting: Int
    ) throws(ParquetDamage) -> SchemaNode {
        let repeated = try element(at: next)
        var isElement = repeated.physicalType != nil || repeated.childCount != 1
        if !isElement {
            isElement =
                try element(at: next + 1).repetition == .repeated || repeated.name == "array"
                || repeated.name == list.name + "_tuple"
        }
        if isElement { return try readValue(level: level, depth: depth, nesting: nesting) }
        next += 1
        return try readField(level: level, depth: depth, nesting: nesting)
    }

    private mutating func readMap(
        _ map: SchemaElement, _ level: Int, _ depth: Int, _ nesting: Int
    ) throws(ParquetDamage) -> SchemaNode {
        let entry = try element(at: next)
        next += 1
        let key = try readField(level: level + 1, depth: depth + 1, nesting: nesting)
        guard entry.childCount == 2 else {
            return SchemaNode(
                .list(key), name: map.name, type: .array(key.type), definitionLevel: level,
                depth: depth)
        }
        let value = try readField(level: level + 1, depth: depth + 1, nesting: nesting)
        return SchemaNode(
            .map(key: key, value: value), name: map.name,
            type: .map(key: key.type, value: value.type), definitionLevel: level, depth: depth)
    }
}
