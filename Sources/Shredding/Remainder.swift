// What is left of documents when some of their values are columns: their text, with a mark in the place
// of each such value. So the remainder says which paths a document has and in which order, an empty
// object is none that is missing, and the document is put together by filling the marks.
//
//   mark := the byte 1, the number of the column in decimal digits
//
// No JSON has that byte. A text that is none, or in no canonical form, stands behind a byte 2.

import StarlingDocuments

/// Tells remainders of documents from documents.
package enum Remainder {
    static let mark: UInt8 = 1
    static let verbatim: UInt8 = 2

    /// Is what a remainder stands for.
    package enum Kind {
        /// An object, perhaps with marks in it.
        case object
        /// A scalar, in which no path leads anywhere.
        case scalar
        /// A text that is to be looked at as a whole.
        case whole
    }

    package static func kind(of remainder: UnsafeRawBufferPointer) -> Kind {
        switch remainder.first {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["), verbatim: .whole
        default: .scalar
        }
    }

    /// The document, of a remainder that has no marks.
    package static func document(_ remainder: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        remainder.first == verbatim
            ? UnsafeRawBufferPointer(rebasing: remainder[1...]) : remainder
    }

    package static func hasMarks(_ text: UnsafeRawBufferPointer) -> Bool {
        text.contains(mark)
    }
}
