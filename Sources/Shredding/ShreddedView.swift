// The values of a column as canonical JSON: scalars as they are, lists element by element, and arrays of
// objects each put together as a document.

import StarlingDocuments
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Writes values of a column, which it keeps alive.
final class ShreddedView {
    private let type: ShreddedType
    private let vector: Vector
    private let values: DecodedVector
    private let elements: Elements?
    /// The elements of lists that are written as they are.
    private let wanted: Range<Int>

    /// Is what arrays have in them.
    private enum Elements {
        case scalars(ShreddedView, inside: Envelope)
        /// What is left of objects, and what puts them together.
        case objects(Vector, DecodedVector, DocumentAssembly)
    }

    /// Views the values of a type, arrays flat; nil for a vector that cannot have them. Elements of
    /// lists that are not wanted are written as nothing, and the others, where `keys` are given, as
    /// objects in which these lead to them.
    init?(
        _ type: ShreddedType, _ vector: Vector, elements wanted: Range<Int> = 0..<Int.max,
        at keys: [[UInt8]] = []
    ) {
        guard vector.physicalType == type.logicalType.widestPhysicalType,
            vector.isFlat || !type.isArray
        else { return nil }
        self.type = type
        self.wanted = wanted
        self.vector = vector
        values = DecodedVector(vector)
        switch type {
        case .list(let element):
            guard let child = vector.children?.vectors.first,
                let view = ShreddedView(element, child)
            else { return nil }
            elements = .scalars(view, inside: Envelope(keys))
        case .records(let paths):
            guard let objects = vector.children?.vectors.first, objects.isFlat,
                let fields = objects.children?.vectors, fields.count == paths.count + 1,
                fields[0].physicalType == .string
            else { return nil }
            elements = .objects(
                fields[0], DecodedVector(fields[0]),
                DocumentAssembly(paths, Array(fields[1...])))
        default: elements = nil
        }
    }

    @inline(__always)
    func isValid(_ row: Int) -> Bool { values.isValid(row) }

    /// Appends the value of a row.
    @inline(__always)
    func append(_ row: Int, to output: inout [UInt8]) throws(StarlingError) {
        if let elements {
            try append(elements, row, to: &output)
        } else {
            appendScalar(row, to: &output)
        }
    }

    private func append(
        _ elements: Elements, _ row: Int, to output: inout [UInt8]
    ) throws(StarlingError) {
        let range = values.value(row, as: ListRange.self)
        output.append(UInt8(ascii: "["))
        for place in 0..<Int(range.count) {
            if place > 0 { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            let element = Int(range.offset) &+ place
            guard wanted.contains(place) else {
                output += "null".utf8
                continue
            }
            switch elements {
            case .scalars(let view, inside: let envelope):
                guard view.isValid(element) else {
                    output += envelope.nothing
                    continue
                }
                output += envelope.start
                try view.append(element, to: &output)
                output += envelope.end
            case .objects(_, let remainders, let assembly):
                try assembly.append(
                    remainders.value(element, as: StringReference.self), row: element, to: &output)
            }
        }
        output.append(UInt8(ascii: "]"))
    }

    @inline(__always)
    private func appendScalar(_ row: Int, to output: inout [UInt8]) {
        switch type {
        case .whole: output += String(values.value(row, as: Int64.self)).utf8
        case .wide: output += String(values.value(row, as: Int128.self)).utf8
        case .floating: appendFloating(values.value(row, as: Double.self), to: &output)
        case .truth:
            output += (values.value(row, as: Int8.self) != 0 ? "true" : "false").utf8
        case .text:
            values.value(row, as: StringReference.self).withBytes {
                appendQuoted($0, to: &output)
            }
        case .document:
            values.value(row, as: StringReference.self).withBytes {
                output.append(contentsOf: $0)
            }
        case .day, .moment:
            output.append(UInt8(ascii: "\""))
            appendContent(row, to: &output)
            output.append(UInt8(ascii: "\""))
        case .list, .records: break
        }
    }

    /// Appends the content of a string that is stored as a day or a moment.
    func appendContent(_ row: Int, to output: inout [UInt8]) {
        if case .moment(let form) = type {
            form.append(values.value(row, as: Int64.self), to: &output)
        } else {
            appendDate(days: values.value(row, as: Int32.self), to: &output)
        }
    }
}

/// Is what stands around each element of a list.
private struct Envelope {
    private(set) var start: [UInt8] = []
    private(set) var end: [UInt8] = []
    /// Stands for an element that is not there.
    let nothing: [UInt8]

    init(_ keys: [[UInt8]]) {
        nothing = Array((keys.isEmpty ? "null" : "{}").utf8)
        for key in keys {
            start.append(UInt8(ascii: "{"))
            key.withUnsafeBytes { appendQuoted($0, to: &start) }
            start += [UInt8(ascii: ":"), UInt8(ascii: " ")]
            end.append(UInt8(ascii: "}"))
        }
    }
}
