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
    }
}

extension ShreddedType {
    /// Writes values of a column as documents; NULL where it is NULL.
    package func documents(_ values: Vector) -> Vector {
        if self == .document { return values }
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
            appendValue(self, view, row, to: &bytes)
            target[row] = heap.add(bytes)
        }
        var documents = result
        documents.validity = hasNulls ? all : nil
        documents.owner = heap
        return documents
    }
}
