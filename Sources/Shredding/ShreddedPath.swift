import StarlingDocuments

/// Is a path of documents whose values are a column.
package struct ShreddedPath: Sendable, Hashable {
    /// The keys that lead there, without escapes.
    package var keys: [[UInt8]]
    package var type: ShreddedType
    /// Counts the documents in which JSON's null is there, which stands in the remainder.
    package var nullCount: Int
    /// Counts the documents in which something else is there that stands in the remainder.
    package var otherCount: Int

    package init(
        keys: [[UInt8]], type: ShreddedType, nullCount: Int = 0, otherCount: Int = 0
    ) {
        self.keys = keys
        self.type = type
        self.nullCount = nullCount
        self.otherCount = otherCount
    }

    package var text: String { pathText(keys) }
}
