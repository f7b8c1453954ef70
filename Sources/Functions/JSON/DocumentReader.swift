// Single values out of documents, nested ones included.

import StarlingDocuments
import StarlingTypes

/// Reads documents as values of SQL's types.
struct DocumentReader {
    private var writer = DocumentWriter()

    /// Reads a document as a type; NULL where it does not fit.
    mutating func value(of document: DocumentValue, as type: LogicalType) -> Value {
        if document.isNull, type != .json { return .null }
        switch type {
        case .json: return canonical(document).map { .bytes($0) } ?? .null
        case .boolean: return document.boolean.map { .boolean($0) } ?? .null
        case .tinyint, .smallint, .int, .bigint, .largeint:
            guard let number = document.integer, type.bounds?.contains(number) ?? true else {
                return .null
            }
            return .integer(number)
        case .float: return document.double.map { .floating(Double(Float($0))) } ?? .null
        case .double: return document.double.map { .floating($0) } ?? .null
        case .array(let element):
            guard document.kind == .array else { return .null }
            var values: [Value] = []
            var parts = DocumentParts(document)
            while let part = parts.next() { values.append(value(of: part.value, as: element)) }
            return .list(values)
        case .map(let key, let element): return map(document, key, element)
        case .structure(let fields): return structure(document, fields)
        case .null: return .null
        default: return parsed(document, as: type)
        }
    }

    private mutating func canonical(_ document: DocumentValue) -> [UInt8]? {
        var bytes: [UInt8] = []
        return writer.append(document.bytes, to: &bytes) ? bytes : nil
    }

    /// Reads the text of a string, or that of a number.
    private mutating func parsed(_ document: DocumentValue, as type: LogicalType) -> Value {
        var text: [UInt8] = []
        if document.kind == .string {
            document.appendContent(to: &text)
        } else {
            guard let bytes = canonical(document), type.isString || !document.isContainer else {
                return .null
            }
            text = bytes
        }
        return Value(parsing: text, as: type) ?? .null
    }

    /// Makes a map; of keys that become equal the last counts, and one that is NULL is left out.
    private mutating func map(
        _ document: DocumentValue, _ key: LogicalType, _ element: LogicalType
    ) -> Value {
        guard document.kind == .object, let bytes = canonical(document) else { return .null }
        var entries: [Value] = []
        return bytes.withUnsafeBytes { bytes in
            guard let object = DocumentValue(bytes) else { return .null }
            var parts = DocumentParts(object)
            while let part = parts.next() {
                var name: [UInt8] = []
                part.appendKey(to: &name)
                guard let keyValue = Value(parsing: name, as: key) else { continue }
                let known = stride(from: 0, to: entries.count, by: 2).first {
                    entries[$0] == keyValue
                }
                let value = value(of: part.value, as: element)
                if let known {
                    entries[known + 1] = value
                } else {
                    entries += [keyValue, value]
                }
            }
            return .list(entries)
        }
    }

    private mutating func structure(
        _ document: DocumentValue, _ fields: [StructureField]
    ) -> Value {
        guard document.kind == .object else { return .null }
        var values: [Value] = []
        for field in fields {
            let found = Array(field.name.utf8).withUnsafeBytes { document.member($0) }
            values.append(found.map { value(of: $0, as: field.type) } ?? .null)
        }
        return .list(values)
    }
}
