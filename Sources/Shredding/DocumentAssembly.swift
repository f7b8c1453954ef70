// Documents from their remainders and columns.

import StarlingDocuments
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Puts the documents of a window of rows together.
package struct DocumentAssembly {
    private let columns: [ShreddedView?]

    /// Takes the columns as they are for the rows that are wanted; those that no mark in these can
    /// name may be missing.
    package init(_ paths: [ShreddedPath], _ columns: [Vector?]) {
        self.columns = zip(paths, columns).map { path, column in
            column.flatMap { ShreddedView(path.type, $0) }
        }
    }

    /// Appends a remainder, or a part of one, with the values of a row in the place of marks.
    package func append(
        _ remainder: StringReference, _ part: Range<Int>? = nil, row: Int,
        to output: inout [UInt8]
    ) throws(StarlingError) {
        let failure = remainder.withBytes { text -> StarlingError? in
            do throws(StarlingError) {
                try append(
                    part.map { UnsafeRawBufferPointer(rebasing: text[$0]) } ?? text, row: row,
                    to: &output)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private func append(
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
            while place < text.count, isDigit(text[place]), column < columns.count {
                column = column &* 10 &+ Int(text[place] &- UInt8(ascii: "0"))
                place &+= 1
            }
            copied = place
            guard column < columns.count, let values = columns[column], values.isValid(row) else {
                throw StarlingError(
                    .data, "a document lacks a value that stands in column \(column)")
            }
            try values.append(row, to: &output)
        }
        output.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[copied...]))
    }
}
