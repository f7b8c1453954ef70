import StarlingDocuments
import StarlingTypes

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

/// Says what the values of a path are stored as. The numbers stand in files.
package enum ShreddedType: UInt8, Sendable, CaseIterable {
    case whole = 0
    case wide = 1
    case floating = 2
    case truth = 3
    case text = 4
    /// Anything but objects.
    case document = 5

    /// The type's name as people write it.
    package var title: String { "\(logicalType)".uppercased() }

    package var logicalType: LogicalType {
        switch self {
        case .whole: .bigint
        case .wide: .largeint
        case .floating: .double
        case .truth: .boolean
        case .text: .string
        case .document: .json
        }
    }
}
