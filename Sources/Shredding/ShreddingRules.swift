import StarlingDocuments

/// Says which paths of documents become columns.
package struct ShreddingRules: Sendable, Hashable {
    package var isEnabled: Bool
    /// Where more of the rows have no document, nothing becomes a column.
    package var nullFactor: Double
    /// The share of the documents that a path must be in.
    package var sparsityFactor: Double
    /// How many paths become columns, besides those that all documents have.
    package var columnMax: Int
    /// Become columns however rare they are, since something is to be known of their values.
    package var wantedPaths: Set<[[UInt8]]> = []
    /// Get bloom filters where they are columns.
    package var filteredPaths: Set<[[UInt8]]> = []
    /// How often arrays of objects are taken apart within each other.
    private(set) var recordDepthMax = 4

    package init(
        isEnabled: Bool = true, nullFactor: Double = 0.3, sparsityFactor: Double = 0.3,
        columnMax: Int = 100
    ) {
        self.isEnabled = isEnabled
        self.nullFactor = nullFactor
        self.sparsityFactor = sparsityFactor
        self.columnMax = columnMax
    }

    /// The rules for the objects in arrays.
    var ofElements: ShreddingRules {
        var rules = ShreddingRules(sparsityFactor: sparsityFactor, columnMax: columnMax)
        rules.recordDepthMax = recordDepthMax - 1
        return rules
    }

    /// Documents stay as they are.
    package static let none = ShreddingRules(isEnabled: false)

    /// Reads a path of nothing but keys; nil for others.
    package static func keys(to path: String) -> [[UInt8]]? {
        guard let path = DocumentPath(Array(path.utf8)), !path.leadingKeys.isEmpty,
            path.textBehindLeadingKeys == [UInt8(ascii: "$")]
        else { return nil }
        return path.leadingKeys
    }
}
