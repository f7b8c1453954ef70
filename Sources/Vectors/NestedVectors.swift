// The place of nested types: a list vector keeps offset and length a row (`ListRange`) and a child
// with all elements, a MAP two: keys and values. Lists may share elements, leave some out and come
// in any order; a NULL has no elements. A structure keeps a child a field, as long as itself; a
// constant one keeps children of one row. Children come in any encoding.

/// Holds the child vectors of lists and structures.
package final class NestedVectors: Sendable {
    package let vectors: [Vector]

    package init(_ vectors: [Vector]) { self.vectors = vectors }

    func slice(from start: Int, count: Int) -> NestedVectors {
        NestedVectors(vectors.map { $0.slice(from: start, count: count) })
    }
}

/// Locates the elements of one list in the child vector.
package struct ListRange: BitwiseCopyable, Sendable {
    package var offset: UInt32
    package var count: UInt32

    package init(offset: UInt32, count: UInt32) {
        self.offset = offset
        self.count = count
    }
}
