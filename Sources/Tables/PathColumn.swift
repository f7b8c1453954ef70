// A column that is read out of documents: what an expression makes of the value at a path. A table that
// stores documents as columns gives it from there where it can; else it is computed from the documents.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Asks for what is at a path of a column of documents.
package struct PathColumn: Sendable {
    /// Says which stored values are what is asked for, as they are.
    package enum Form: Sendable {
        /// The value as JSON.
        case value
        /// The text that strings have as their content; NULL for JSON's null.
        case text
        /// Whole numbers in the bounds of the type.
        case whole
        case floating
        case truth
        /// What a cast of the text to DATE or DATETIME reads.
        case day
        case moment
        /// What a cast to an array reads.
        case elements
        /// Something that is always computed.
        case other
    }

    /// Computes the column, in a layout, from documents or from values in them, which are NULL where
    /// there is none.
    package typealias Computation =
        @Sendable (Vector, PhysicalType) throws(StarlingError) -> Vector

    /// The position of the documents in the table's columns.
    package var column: Int
    /// The keys that lead to the value.
    package var keys: [[UInt8]]
    /// The keys that lead on from elements of an array there; of other members of these nothing is
    /// asked. Empty where more is.
    package var keysInElements: [[UInt8]] = []
    /// The elements of an array there that matter; of others no more than that they are there.
    package var elementsRead = 0..<Int.max
    package var form: Form
    package var type: LogicalType
    /// What people call it: `j.a.b`.
    package var title: String
    /// False where a document without the value gives 0 in place of NULL.
    package var isNullWhereAbsent: Bool
    package var ofDocuments: Computation
    package var ofValues: Computation
    /// Where the value that these many keys lead to may be an array, the column is to be read
    /// through this one, which has no more keys than that; empty where it does not matter.
    package var throughArrays: [PathColumn] = []

    package init(
        column: Int, keys: [[UInt8]], form: Form, type: LogicalType, title: String,
        isNullWhereAbsent: Bool, ofDocuments: @escaping Computation,
        ofValues: @escaping Computation
    ) {
        self.column = column
        self.keys = keys
        self.form = form
        self.type = type
        self.title = title
        self.isNullWhereAbsent = isNullWhereAbsent
        self.ofDocuments = ofDocuments
        self.ofValues = ofValues
    }
}
