// A VARIANT whose values lie in columns of their own as far as they have a type in common (the
// format's VariantShredding.md): a group has `value`, `typed_value` or both. What is in `typed_value`
// is put together with what is left in `value`, row by row.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Renders the rows of a group.
final class VariantGroup {
    private enum Typed {
        case scalar(SchemaNode, Vector)
        case list(DecodedVector, VariantGroup)
        case object([(name: [UInt8], group: VariantGroup)])
    }

    private let value: DecodedVector?
    private let valueVector: Vector?
    private var typed: Typed?
    private var typedVector: Vector?
    private let names: Set<[UInt8]>

    /// Takes the structure with the fields `value` and `typed_value`, of which one may be missing.
    init(_ node: SchemaNode, _ vector: Vector) throws(ParquetDamage) {
        guard case .structure(let fields) = node.kind, let parts = vector.children?.vectors,
            parts.count == fields.count
        else { throw ParquetDamage("a VARIANT is no group") }
        var value: Vector?
        var typed: (SchemaNode, Vector)?
        for (field, part) in zip(fields, parts) {
            if field.name == "value" { value = part }
            if field.name == "typed_value" { typed = (field, part) }
        }
        if let value, value.physicalType != .string {
            throw ParquetDamage("a VARIANT has values that are no bytes")
        }
        valueVector = value
        self.value = value.map { DecodedVector($0) }
        var names: Set<[UInt8]> = []
        if let (node, part) = typed {
            typedVector = part
            switch node.kind {
            case .leaf: self.typed = .scalar(node, part)
            case .list(let element):
                guard let elements = part.children?.vectors.first else {
                    throw ParquetDamage("a VARIANT has an array without elements")
                }
                self.typed = .list(DecodedVector(part), try VariantGroup(element, elements))
            case .structure(let inner):
                var groups: [(name: [UInt8], group: VariantGroup)] = []
                for (field, part) in zip(inner, part.children?.vectors ?? []) {
                    let name = Array(field.name.utf8)
                    names.insert(name)
                    groups.append((name, try VariantGroup(field, part)))
                }
                self.typed = .object(groups)
            default: throw ParquetDamage.unsupported("a VARIANT is shredded into \(node.type)")
            }
        }
        self.names = names
    }

    private func hasValue(_ row: Int) -> Bool { value?.isValid(row) ?? false }
    private func hasTyped(_ row: Int) -> Bool { typedVector?.isValid(row) ?? false }

    /// Tells whether there is anything, be it a null of JSON.
    func isPresent(_ row: Int) -> Bool { hasValue(row) || hasTyped(row) }

    /// Appends a row's value; what is missing is null.
    func append(
        _ row: Int, _ document: inout VariantText, to text: inout [UInt8]
    ) throws(ParquetDamage) {
        guard hasTyped(row), let typed else {
            guard hasValue(row) else {
                text += Array("null".utf8)
                return
            }
            return try withValue(row) { (bytes) throws(ParquetDamage) in
                try document.append(bytes, to: &text)
            }
        }
        switch typed {
        case .scalar where hasValue(row), .list where hasValue(row):
            throw ParquetDamage("a VARIANT has two values")
        case .scalar(let node, let vector): try Self.appendScalar(node, vector, row, to: &text)
        case .list(let ranges, let elements):
            let range = ranges.value(row, as: ListRange.self)
            text.append(UInt8(ascii: "["))
            for index in 0..<Int(range.count) {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                try elements.append(Int(range.offset) + index, &document, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .object(let fields):
            text.append(UInt8(ascii: "{"))
            var count = 0
            for (name, group) in fields where group.isPresent(row) {
                if count > 0 { text.append(UInt8(ascii: ",")) }
                count += 1
                appendJSONString(name, to: &text)
                text.append(UInt8(ascii: ":"))
                try group.append(row, &document, to: &text)
            }
            if hasValue(row) {
                try withValue(row) { (bytes) throws(ParquetDamage) in
                    try document.appendFields(of: bytes, besides: names, behind: count, to: &text)
                }
            }
            text.append(UInt8(ascii: "}"))
        }
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
