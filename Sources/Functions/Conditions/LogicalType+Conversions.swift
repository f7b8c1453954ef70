// Which types values of a type can be converted to.

import StarlingTypes

extension LogicalType {
    /// The types of the vectors that a nested vector has inside.
    package var elementTypes: [LogicalType] {
        switch self {
        case .array(let element): [element]
        case .map(let key, let value): [key, value]
        case .structure(let fields): fields.map(\.type)
        default: []
        }
    }

    /// True where a cast to the other type exists: of nested values to those of the same form,
    /// lists of lists and as many fields, of texts and JSON to whatever they write.
    package func isConvertible(to other: LogicalType) -> Bool {
        switch (self, other) {
        case (.array, .array), (.map, .map), (.structure, .structure):
            let (own, others) = (elementTypes, other.elementTypes)
            return own.count == others.count
                && zip(own, others).allSatisfy { $0.isConvertible(to: $1) }
        case (.null, _), (.json, _), (.varchar, _), (.char, _): return true
        default: return !isNested && !other.isNested || other.widestPhysicalType == .string
        }
    }
}
