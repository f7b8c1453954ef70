// The texts of rows, wherever they stand: of a column of texts the one of each row, of a column of lists
// the elements, and several vectors together.

import StarlingTypes
import StarlingVectors

/// Views vectors of texts, or of lists of them, row by row; keeps them alive.
package struct TextRows {
    private let sources: [Source]

    /// Is a vector of texts, or of lists and the vector of their elements.
    private struct Source {
        let vector: Vector
        let rows: DecodedVector
        let elements: DecodedVector?

        init(_ vector: Vector) {
            self.vector = vector.compacted()
            rows = DecodedVector(self.vector)
            elements = self.vector.children?.vectors.first.map { DecodedVector($0) }
        }
    }

    /// Takes the texts of each row from all of some vectors; where the first is NULL, the row is.
    package init(_ vectors: [Vector]) { sources = vectors.map { Source($0) } }

    package var count: Int { sources.first?.rows.count ?? 0 }

    package func isValid(_ row: Int) -> Bool { sources.first?.rows.isValid(row) ?? false }

    /// Hands out the texts of a row; those that are NULL are none.
    package func forEachText(of row: Int, _ take: (UnsafeRawBufferPointer) -> Void) {
        for source in sources where source.rows.isValid(row) {
            guard let elements = source.elements else {
                source.rows.value(row, as: StringReference.self).withBytes(take)
                continue
            }
            let range = source.rows.value(row, as: ListRange.self)
            let first = Int(range.offset)
            for element in first..<(first + Int(range.count)) where elements.isValid(element) {
                elements.value(element, as: StringReference.self).withBytes(take)
            }
        }
    }
}
