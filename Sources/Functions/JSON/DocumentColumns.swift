// JSON to nested types, column by column: the values of all rows that go into one column are found
// in the texts first, then converted together.
//
//  - A STRUCT looks up each of its fields in all objects; what they have there is the field's column.
//  - An ARRAY lines up the elements of all arrays, a MAP the values of all objects.
//  - Single values are read from the text; strings without escapes stay where they are.

import StarlingDocuments
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Converts documents to columns of SQL's types; what does not fit is NULL.
struct DocumentColumns {
    private let documents: Vector
    private let heap = StringHeap()
    private var writer = DocumentWriter()
    private var bytes: [UInt8] = []

    /// Takes documents as a flat vector.
    init(_ documents: Vector) { self.documents = documents }

    /// Converts all documents.
    mutating func converted(to type: LogicalType) -> Vector {
        let texts = documents.pointer(to: StringReference.self)
        var values: [DocumentValue?] = []
        values.reserveCapacity(documents.count)
        for row in 0..<documents.count {
            guard documents.isValid(row) else {
                values.append(nil)
                continue
            }
            let text = texts[row]
            values.append(DocumentValue(text.isInline ? copy(text.bytes) : text.place))
        }
        let result = vector(of: values, as: type)
        withExtendedLifetime(documents) {}
        return result
    }

    /// Keeps bytes as long as the columns.
    private func copy(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
        let place = heap.allocate(max(1, bytes.count))
        bytes.withUnsafeBytes { source in
            if let base = source.baseAddress {
                place.copyMemory(from: base, byteCount: source.count)
            }
        }
        return UnsafeRawBufferPointer(start: place, count: bytes.count)
    }

    private mutating func vector(of values: [DocumentValue?], as type: LogicalType) -> Vector {
        switch type {
        case .structure(let fields): return structures(values, fields)
        case .array(let element): return arrays(values, element)
        case .map(let key, let value): return maps(values, key, value)
        case .boolean: return measured(values, TruthMeasure.self, .int8)
        case .bigint: return measured(values, WholeMeasure.self, .int64)
        case .tinyint, .smallint, .int, .largeint:
            return measured(values, WideMeasure.self, .int128).narrowed(
                to: type.widestPhysicalType, within: type.bounds ?? Bounds(low: .min, high: .max))
        case .double: return measured(values, DoubleMeasure.self, .float64)
        case .float:
            return measured(values, DoubleMeasure.self, .float64).convertedToFloating(.float32)
        case .char, .varchar, .json: return texts(values, as: type)
        default: return parsed(values, as: type)
        }
    }

    // MARK: Single values

    @inline(__always)
    private func measured<Operation: DocumentMeasure>(
        _ values: [DocumentValue?], _ operation: Operation.Type, _ layout: PhysicalType
    ) -> Vector {
        var result = Vector(zeroed: layout, count: values.count)
        let output = result.pointer(to: Operation.Output.self)
        for row in values.indices {
            if let value = values[row], let number = Operation.measure(value) {
                output[row] = number
            } else {
                result.setNull(row)
            }
        }
        return result
    }

    /// Gives the texts of values, or values of JSON.
    private mutating func texts(_ values: [DocumentValue?], as type: LogicalType) -> Vector {
        var result = Vector(zeroed: .string, count: values.count)
        let output = result.pointer(to: StringReference.self)
        for row in values.indices {
            bytes.removeAll(keepingCapacity: true)
            let text: DocumentText =
                if let value = values[row] {
                    if type == .json {
                        writer.append(value.bytes, to: &bytes) ? .written : .none
                    } else {
                        value.text(&writer, to: &bytes)
                    }
                } else {
                    .none
                }
            switch text {
            case .part(let part): output[row] = StringReference(part)
            case .written: output[row] = heap.add(bytes)
            case .none: result.setNull(row)
            }
        }
        result.owner = OwnerList.joining(heap, documents.owner)
        return result
    }

    /// Reads values of other types from the texts of strings and scalars.
    private mutating func parsed(_ values: [DocumentValue?], as type: LogicalType) -> Vector {
        var results: [Value] = []
        results.reserveCapacity(values.count)
        for value in values {
            guard let value, !value.isNull, type.isString || !value.isContainer else {
                results.append(.null)
                continue
            }
            bytes.removeAll(keepingCapacity: true)
            if value.kind == .string {
                value.appendContent(to: &bytes)
            } else if !writer.append(value.bytes, to: &bytes) {
                results.append(.null)
                continue
            }
            results.append(Value(parsing: bytes, as: type) ?? .null)
        }
        return Vector(results, as: type)
    }

    // MARK: Containers

    private mutating func structures(
        _ values: [DocumentValue?], _ fields: [StructureField]
    ) -> Vector {
        var result = Vector(.structure, count: values.count, buffer: Buffer(byteCount: 0))
        let objects = values.map { $0?.kind == .object ? $0 : nil }
        var children: [Vector] = []
        for field in fields {
            let members = Array(field.name.utf8).withUnsafeBytes { key in
                objects.map { $0?.member(key) }
            }
            children.append(vector(of: members, as: field.type))
        }
        result.children = NestedVectors(children)
        for row in objects.indices where objects[row] == nil { result.setNull(row) }
        return result
    }

    private mutating func arrays(_ values: [DocumentValue?], _ element: LogicalType) -> Vector {
        var result = Vector(uninitialized: .list, count: values.count)
        let ranges = result.pointer(to: ListRange.self)
        var elements: [DocumentValue?] = []
        for row in values.indices {
            let start = elements.count
            if let value = values[row], value.kind == .array {
                var parts = DocumentParts(value)
                while let part = parts.next() { elements.append(part.value) }
            } else {
                result.setNull(row)
            }
            ranges[row] = ListRange(
                offset: UInt32(start), count: UInt32(elements.count - start))
        }
        result.children = NestedVectors([vector(of: elements, as: element)])
        return result
    }

    /// Makes maps; of keys that become equal the last counts, and one that is NULL is left out.
    private mutating func maps(
        _ values: [DocumentValue?], _ key: LogicalType, _ element: LogicalType
    ) -> Vector {
        var result = Vector(uninitialized: .list, count: values.count)
        let ranges = result.pointer(to: ListRange.self)
        var keys: [Value] = []
        var elements: [DocumentValue?] = []
        for row in values.indices {
            let start = keys.count
            if let value = values[row], value.kind == .object, let object = canonical(value) {
                var parts = DocumentParts(object)
                while let part = parts.next() {
                    bytes.removeAll(keepingCapacity: true)
                    part.appendKey(to: &bytes)
                    guard let name = Value(parsing: bytes, as: key) else { continue }
                    if let known = keys[start...].firstIndex(of: name) {
                        elements[known] = part.value
                    } else {
                        keys.append(name)
                        elements.append(part.value)
                    }
                }
            } else {
                result.setNull(row)
            }
            ranges[row] = ListRange(offset: UInt32(start), count: UInt32(keys.count - start))
        }
        result.children = NestedVectors([
            Vector(keys, as: key), vector(of: elements, as: element),
        ])
        return result
    }

    /// Brings a value into canonical form, which is kept.
    private mutating func canonical(_ value: DocumentValue) -> DocumentValue? {
        bytes.removeAll(keepingCapacity: true)
        guard writer.append(value.bytes, to: &bytes) else { return nil }
        return DocumentValue(copy(bytes))
    }
}

extension StringReference {
    /// Where the bytes of a string lie that is not inline.
    fileprivate var place: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: address, count: count)
    }
}
