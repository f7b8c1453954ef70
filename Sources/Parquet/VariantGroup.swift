// A VARIANT whose values lie in columns of their own as far as they have a type in common (the
// format's VariantShredding.md): a group has `value`, `typed_value` or both. What is in `typed_value`
// is put together with what is left in `value`, row by row.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Renders the rows of a group.
final class VariantGroup {
    /// Is a field that was taken out of objects.
    private struct Field {
        /// The key with what stands around it in JSON.
        let key: [UInt8]
        let group: VariantGroup
    }

    /// What the views below look at.
    private let vectors: [Vector]
    private let value: DecodedVector?
    private let typed: DecodedVector?
    /// For scalars: the leaf, the values, and whether these are texts.
    private let leaf: SchemaNode?
    private let scalars: Vector?
    private let isText: Bool
    /// For arrays: the elements.
    private let elements: VariantGroup?
    /// For objects: what was taken out of them.
    private let fields: [Field]
    private let names: Set<[UInt8]>

    /// Takes the structure with the fields `value` and `typed_value`, of which one may be missing.
    init(_ node: SchemaNode, _ vector: Vector) throws(ParquetDamage) {
        guard case .structure(let parts) = node.kind, let vectors = vector.children?.vectors,
            vectors.count == parts.count
        else { throw ParquetDamage("a VARIANT is no group") }
        self.vectors = vectors
        let places = Dictionary(parts.enumerated().map { ($1.name, $0) }) { $1 }
        value = places["value"].map { DecodedVector(vectors[$0]) }
        if let value, value.physicalType != .string {
            throw ParquetDamage("a VARIANT has values that are no bytes")
        }
        let place = places["typed_value"]
        typed = place.map { DecodedVector(vectors[$0]) }
        var leaf: SchemaNode?
        var elements: VariantGroup?
        var fields: [Field] = []
        var names: Set<[UInt8]> = []
        if let place {
            let (node, values) = (parts[place], vectors[place])
            switch node.kind {
            case .leaf: leaf = node
            case .list(let element):
                guard let inner = values.children?.vectors.first else {
                    throw ParquetDamage("a VARIANT has an array without elements")
                }
                elements = try VariantGroup(element, inner)
            case .structure(let inner):
                for (field, part) in zip(inner, values.children?.vectors ?? []) {
                    let name = Array(field.name.utf8)
                    names.insert(name)
                    var key: [UInt8] = []
                    appendJSONString(name, to: &key)
                    key.append(UInt8(ascii: ":"))
                    fields.append(Field(key: key, group: try VariantGroup(field, part)))
                }
            default: throw ParquetDamage.unsupported("a VARIANT is shredded into \(node.type)")
            }
        }
        self.leaf = leaf
        scalars = leaf == nil ? nil : place.map { vectors[$0] }
        isText = leaf.map { $0.type.isString && $0.type != .varbinary } ?? false
        self.elements = elements
        self.fields = fields
        self.names = names
    }

    private func hasValue(_ row: Int) -> Bool { value?.isValid(row) ?? false }
    private func hasTyped(_ row: Int) -> Bool { typed?.isValid(row) ?? false }

    /// Tells whether there is anything, be it a null of JSON.
    func isPresent(_ row: Int) -> Bool { hasValue(row) || hasTyped(row) }

    /// Appends a row's value; what is missing is null.
    func append(
        _ row: Int, _ document: inout VariantText, to text: inout [UInt8]
    ) throws(ParquetDamage) {
        guard let typed, typed.isValid(row) else {
            guard hasValue(row) else {
                text.append(contentsOf: "null".utf8)
                return
            }
            return try withValue(row) { (bytes) throws(ParquetDamage) in
                try document.append(bytes, to: &text)
            }
        }
        if leaf != nil || elements != nil, hasValue(row) {
            throw ParquetDamage("a VARIANT has two values")
        }
        if isText {
            typed.value(row, as: StringReference.self).withBytes {
                appendJSONString($0, to: &text)
            }
        } else if let leaf, let scalars {
            try Self.appendScalar(leaf, scalars, row, to: &text)
        } else if let elements {
            let range = typed.value(row, as: ListRange.self)
            text.append(UInt8(ascii: "["))
            for index in 0..<Int(range.count) {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                try elements.append(Int(range.offset) + index, &document, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        } else {
            try appendObject(row, &document, to: &text)
        }
    }

    private func appendObject(
        _ row: Int, _ document: inout VariantText, to text: inout [UInt8]
    ) throws(ParquetDamage) {
        text.append(UInt8(ascii: "{"))
        var count = 0
        for field in fields where field.group.isPresent(row) {
            if count > 0 { text.append(UInt8(ascii: ",")) }
            count += 1
            text.append(contentsOf: field.key)
            try field.group.append(row, &document, to: &text)
        }
        if hasValue(row) {
            try withValue(row) { (bytes) throws(ParquetDamage) in
                try document.appendFields(of: bytes, besides: names, behind: count, to: &text)
            }
        }
        text.append(UInt8(ascii: "}"))
    }

    private func withValue(
        _ row: Int, _ body: (UnsafeRawBufferPointer) throws(ParquetDamage) -> Void
    ) throws(ParquetDamage) {
        guard let value else { return }
        try value.value(row, as: StringReference.self).withBytes(body)
    }

    /// Appends a value of a leaf.
    static func appendScalar(
        _ node: SchemaNode, _ vector: Vector, _ row: Int, to text: inout [UInt8]
    ) throws(ParquetDamage) {
        let value = vector.value(at: row)
        var isWritten = true
        switch (value, node.type) {
        case (.integer(let number), .bigint) where node.isNanoseconds:
            isWritten = LosslessJSON.append(
                nanoseconds: Int64(truncatingIfNeeded: number), isInstant: node.isInstant,
                to: &text)
        case (.integer(let number), .date), (.integer(let number), .datetime),
            (.integer(let number), .time):
            isWritten = LosslessJSON.append(
                number, as: node.type, isInstant: node.isInstant, to: &text)
        case (.integer, .boolean): value.appendJSON(as: .boolean, to: &text)
        case (.integer, _): value.appendText(as: node.type, to: &text)
        case (.floating(let number), .float): LosslessJSON.append(Float(number), to: &text)
        case (.floating(let number), _): LosslessJSON.append(number, to: &text)
        default: value.appendJSON(as: node.type, to: &text)
        }
        if !isWritten { throw ParquetDamage("a VARIANT has a date or time out of range") }
    }

    /// Renders all rows of a VARIANT, the structure with `metadata` and the values.
    static func documents(_ node: SchemaNode, _ vector: Vector) throws(ParquetDamage) -> Vector {
        guard case .structure(let fields) = node.kind,
            let place = fields.firstIndex(where: { $0.name == "metadata" }),
            let metadata = vector.children?.vectors[place], metadata.physicalType == .string
        else { throw ParquetDamage("a VARIANT has no metadata") }
        let group = try VariantGroup(node, vector)
        let names = DecodedVector(metadata)
        var result = Vector(uninitialized: .string, count: vector.count)
        let heap = StringHeap()
        let output = result.pointer(to: StringReference.self)
        var text: [UInt8] = []
        for row in 0..<vector.count {
            output[row] = .empty
            guard vector.isValid(row) else { continue }
            text.removeAll(keepingCapacity: true)
            let bytes = names.isValid(row) ? names.value(row) : StringReference.empty
            try bytes.withBytes { (bytes) throws(ParquetDamage) in
                var document = try VariantText(metadata: bytes)
                try group.append(row, &document, to: &text)
            }
            output[row] = heap.add(text)
        }
        result.validity = vector.validity
        result.owner = heap
        return result
    }
}
