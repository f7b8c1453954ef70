// Values of any type as JSON: numbers as numbers, dates and binary as strings, structures and maps
// as objects. What JSON has no word for, such as infinity, is null.

import StarlingDocuments
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Writes the rows of a vector as JSON.
final class DocumentRenderer {
    private let type: LogicalType
    private let vector: Vector
    private let view: DecodedVector
    private let parts: [DocumentRenderer]

    init(_ vector: Vector, as type: LogicalType) {
        self.type = type
        self.vector = type.isNested ? vector.flattened() : vector
        view = DecodedVector(self.vector)
        let elements = type.partTypes
        parts = zip(self.vector.children?.vectors ?? [], elements).map {
            DocumentRenderer($0, as: $1)
        }
    }

    func append(_ row: Int, to output: inout [UInt8]) {
        guard view.isValid(row) else {
            output += Array("null".utf8)
            return
        }
        switch type {
        case .array: appendList(row, open: "[", close: "]", to: &output)
        case .map: appendList(row, open: "{", close: "}", to: &output)
        case .structure(let fields): appendStructure(row, fields, to: &output)
        case .json: view.text(row).withBytes { output.append(contentsOf: $0) }
        case .char, .varchar: view.text(row).withBytes { appendQuoted($0, to: &output) }
        default: vector.value(at: row).appendJSONScalar(as: type, to: &output)
        }
    }

    private func appendList(
        _ row: Int, open: Unicode.Scalar, close: Unicode.Scalar, to output: inout [UInt8]
    ) {
        output.append(UInt8(ascii: open))
        let range = view.value(row, as: ListRange.self)
        let first = Int(range.offset)
        for element in first..<(first + Int(range.count)) where !parts.isEmpty {
            if element > first { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            if parts.count > 1 {
                parts[0].appendKey(element, to: &output)
                parts[1].append(element, to: &output)
            } else {
                parts[0].append(element, to: &output)
            }
        }
        output.append(UInt8(ascii: close))
    }

    /// Appends a map's key, which in JSON is a string whatever it was.
    private func appendKey(_ row: Int, to output: inout [UInt8]) {
        var key: [UInt8] = []
        vector.value(at: row).appendText(as: type, to: &key)
        key.withUnsafeBytes { appendQuoted($0, to: &output) }
        output += [UInt8(ascii: ":"), UInt8(ascii: " ")]
    }

    private func appendStructure(
        _ row: Int, _ fields: [StructureField], to output: inout [UInt8]
    ) {
        output.append(UInt8(ascii: "{"))
        for (position, field) in fields.enumerated() where position < parts.count {
            if position > 0 { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            Array(field.name.utf8).withUnsafeBytes { appendQuoted($0, to: &output) }
            output += [UInt8(ascii: ":"), UInt8(ascii: " ")]
            parts[position].append(row, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }
}

extension LogicalType {
    /// The types of the vectors that a nested vector has inside.
    fileprivate var partTypes: [LogicalType] {
        switch self {
        case .array(let element): [element]
        case .map(let key, let value): [key, value]
        case .structure(let fields): fields.map(\.type)
        default: []
        }
    }
}

extension Value {
    /// Appends a scalar as JSON; decimals and large integers are numbers with all of their digits.
    fileprivate func appendJSONScalar(as type: LogicalType, to output: inout [UInt8]) {
        switch (self, type) {
        case (.integer, .decimal), (.integer, .largeint): appendText(as: type, to: &output)
        default: appendJSON(as: type, to: &output)
        }
    }
}
