// Documents from their remainders and columns.

import StarlingDocuments
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Puts the documents of a window of rows together.
package struct DocumentAssembly {
    private let types: [ShreddedType]
    private let columns: [Vector?]
    private let views: [DecodedVector?]

    /// Takes the columns as they are for the rows that are wanted; those that no mark in these can
    /// name may be missing.
    package init(_ paths: [ShreddedPath], _ columns: [Vector?]) {
        types = paths.map(\.type)
        self.columns = columns
        views = columns.map { column in column.map { DecodedVector($0) } }
    }

    /// Appends a remainder, or a part of one, with the values of a row in the place of marks.
    package func append(
        _ remainder: UnsafeRawBufferPointer, row: Int, to output: inout [UInt8]
    ) throws(StarlingError) {
        let text = Remainder.document(remainder)
        guard text.count == remainder.count else {
            output.append(contentsOf: text)
            return
        }
        var copied = 0
        var place = 0
        while place < text.count {
            guard text[place] == Remainder.mark else {
                place &+= 1
                continue
            }
            output.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[copied..<place]))
            place &+= 1
            var column = 0
            while place < text.count, isDigit(text[place]), column < views.count {
                column = column &* 10 &+ Int(text[place] &- UInt8(ascii: "0"))
                place &+= 1
            }
            copied = place
            guard column < views.count, let values = views[column], values.isValid(row) else {
                throw StarlingError(
                    .data, "a document lacks a value that stands in column \(column)")
            }
            appendValue(types[column], values, row, to: &output)
        }
        output.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[copied...]))
    }
}

/// Appends a value of a column as canonical JSON has it.
@inline(__always)
func appendValue(
    _ type: ShreddedType, _ values: borrowing DecodedVector, _ row: Int, to output: inout [UInt8]
) {
    switch type {
    case .whole: output += String(values.value(row, as: Int64.self)).utf8
    case .wide: output += String(values.value(row, as: Int128.self)).utf8
    case .floating: appendFloating(values.value(row, as: Double.self), to: &output)
    case .truth:
        output += (values.value(row, as: Int8.self) != 0 ? "true" : "false").utf8
    case .text:
        values.value(row, as: StringReference.self).withBytes { appendQuoted($0, to: &output) }
    case .document:
        values.value(row, as: StringReference.self).withBytes {
            output.append(contentsOf: $0)
        }
    case .day, .moment:
        output.append(UInt8(ascii: "\""))
        appendTemporal(type, values, row, to: &output)
        output.append(UInt8(ascii: "\""))
    }
}

/// Appends the content of a string that is stored as a day or a moment.
private func appendTemporal(
    _ type: ShreddedType, _ values: borrowing DecodedVector, _ row: Int, to output: inout [UInt8]
) {
    if case .moment(let form) = type {
        form.append(values.value(row, as: Int64.self), to: &output)
    } else {
        appendDate(days: values.value(row, as: Int32.self), to: &output)
    }
}

extension ShreddedType {
    /// Writes values of a column as documents; NULL where it is NULL.
    package func documents(_ values: Vector) -> Vector {
        if self == .document { return values }
        return written(values) { view, row, bytes in appendValue(self, view, row, to: &bytes) }
    }

    /// Writes the content of strings that are days or moments; NULL where the column is NULL.
    package func texts(_ values: Vector) -> Vector {
        written(values) { view, row, bytes in appendTemporal(self, view, row, to: &bytes) }
    }

    /// The text of a bound of days or moments; their order is the texts'.
    package func text(of bound: Value) -> Value? {
        guard let number = bound.integer.flatMap({ Int64(exactly: $0) }) else { return nil }
        var bytes: [UInt8] = []
        switch self {
        case .day:
            guard let day = Int32(exactly: number) else { return nil }
            appendDate(days: day, to: &bytes)
        case .moment(let form): form.append(number, to: &bytes)
        case .whole, .wide, .floating, .truth, .text, .document: return nil
        }
        return .bytes(bytes)
    }

    private func written(
        _ values: Vector, _ append: (borrowing DecodedVector, Int, inout [UInt8]) -> Void
    ) -> Vector {
        let result = Vector(uninitialized: .string, count: values.count)
        let target = result.pointer(to: StringReference.self)
        let view = DecodedVector(values)
        let heap = StringHeap()
        var bytes: [UInt8] = []
        let all = Validity(count: values.count, allValid: true)
        var hasNulls = false
        for row in 0..<values.count {
            guard view.isValid(row) else {
                target[row] = .empty
                all.setNull(row)
                hasNulls = true
                continue
            }
            bytes.removeAll(keepingCapacity: true)
            append(view, row, &bytes)
            target[row] = heap.add(bytes)
        }
        var documents = result
        documents.validity = hasNulls ? all : nil
        documents.owner = heap
        return documents
    }
}
