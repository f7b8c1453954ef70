// The values of a column as canonical JSON: scalars as they are, lists element by element, and arrays of
// objects each put together as a document.

import StarlingDocuments
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Writes values of a column, which it keeps alive.
final class ShreddedView {
    /// Is how values are written.
    private enum Kind {
        case whole, wide, floating, truth, text, document, day, moment(MomentForm), list, records

        init(_ type: ShreddedType) {
            self =
                switch type {
                case .whole: .whole
                case .wide: .wide
                case .floating: .floating
                case .truth: .truth
                case .text: .text
                case .document: .document
                case .day: .day
                case .moment(let form): .moment(form)
                case .list: .list
                case .records: .records
                }
        }
    }

    private let kind: Kind
    private let vector: Vector
    private let values: DecodedVector
    /// The elements of lists, or what is left of those of records.
    private let elements: ShreddedView?
    /// What puts records together.
    private let assembly: DocumentAssembly?
    /// The elements that are written as they are.
    private let wanted: Range<Int>
    /// What stands around each element of a list; nil for nothing.
    private let envelope: Envelope?

    /// Views the values of a type, arrays flat; nil for a vector that cannot have them. Elements of
    /// lists that are not wanted are written as something short, and the others, where `keys` are
    /// given, as objects in which these lead to them.
    init?(
        _ type: ShreddedType, _ vector: Vector, elements wanted: Range<Int> = 0..<Int.max,
        at keys: [[UInt8]] = []
    ) {
        guard vector.physicalType == type.logicalType.widestPhysicalType,
            vector.isFlat || !type.isArray
        else { return nil }
        kind = Kind(type)
        self.vector = vector
        self.wanted = wanted
        values = DecodedVector(vector)
        envelope = keys.isEmpty ? nil : Envelope(keys)
        switch type {
        case .list(let element):
            guard let child = vector.children?.vectors.first,
                let view = ShreddedView(element, child)
            else { return nil }
            elements = view
            assembly = nil
        case .records(let paths):
            guard let objects = vector.children?.vectors.first, objects.isFlat,
                let fields = objects.children?.vectors, fields.count == paths.count + 1,
                let remainders = ShreddedView(.document, fields[0])
            else { return nil }
            elements = remainders
            assembly = DocumentAssembly(paths, Array(fields[1...]))
        default:
            elements = nil
            assembly = nil
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

    // MARK: Arrays

    private func append(
        _ elements: ShreddedView, _ row: Int, to output: inout [UInt8]
    ) throws(StarlingError) {
        let range = values.value(row, as: ListRange.self)
        let first = Int(range.offset)
        output.append(UInt8(ascii: "["))
        for place in 0..<Int(range.count) {
            if place > 0 {
                output.append(UInt8(ascii: ","))
                output.append(UInt8(ascii: " "))
            }
            if !wanted.contains(place) {
                output.append(UInt8(ascii: "0"))
            } else if let assembly {
                try assembly.append(elements.text(first &+ place), row: first &+ place, to: &output)
            } else if let envelope {
                try elements.append(first &+ place, inside: envelope, to: &output)
            } else if elements.isValid(first &+ place) {
                try elements.append(first &+ place, to: &output)
            } else {
                output.append(contentsOf: "null".utf8)
            }
        }
        output.append(UInt8(ascii: "]"))
    }

    private func append(
        _ row: Int, inside envelope: Envelope, to output: inout [UInt8]
    ) throws(StarlingError) {
        guard isValid(row) else {
            output.append(UInt8(ascii: "{"))
            output.append(UInt8(ascii: "}"))
            return
        }
        output.append(contentsOf: envelope.start)
        try append(row, to: &output)
        output.append(contentsOf: envelope.end)
    }

    // MARK: Scalars

    @inline(__always)
    private func text(_ row: Int) -> StringReference { values.value(row) }

    @inline(__always)
    private func appendScalar(_ row: Int, to output: inout [UInt8]) {
        switch kind {
        case .whole: appendWhole(values.value(row), to: &output)
        case .wide: appendInteger(values.value(row), to: &output)
        case .floating: appendFloating(values.value(row), to: &output)
        case .truth:
            let isTrue = values.value(row, as: Int8.self) != 0
            output.append(contentsOf: (isTrue ? "true" : "false").utf8)
        case .text: text(row).withBytes { appendQuoted($0, to: &output) }
        case .document: text(row).withBytes { output.append(contentsOf: $0) }
        case .day, .moment:
            output.append(UInt8(ascii: "\""))
            appendContent(row, to: &output)
            output.append(UInt8(ascii: "\""))
        case .list, .records: break
        }
    }

    /// Appends the content of a string that is stored as a day or a moment.
    func appendContent(_ row: Int, to output: inout [UInt8]) {
        if case .moment(let form) = kind {
            form.append(values.value(row, as: Int64.self), to: &output)
        } else {
            appendDate(days: values.value(row, as: Int32.self), to: &output)
        }
    }
}

/// Is what makes a value the member of an object, and this one of another.
private struct Envelope {
    private(set) var start: [UInt8] = []
    private(set) var end: [UInt8] = []

    init(_ keys: [[UInt8]]) {
        for key in keys {
            start.append(UInt8(ascii: "{"))
            key.withUnsafeBytes { appendQuoted($0, to: &start) }
            start += [UInt8(ascii: ":"), UInt8(ascii: " ")]
            end.append(UInt8(ascii: "}"))
        }
    }
}
