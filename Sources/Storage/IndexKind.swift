// What an index of a column is: CREATE INDEX says it, and each segment that has one says it again, so
// that an index is only asked what it was made for.

import StarlingErrors
import StarlingTables
import StarlingTypes

/// Says what is known of the values of a column beside their bounds.
package enum IndexKind: Sendable, Hashable {
    /// GIN: which rows have which terms, and where in the text.
    case terms(analyzer: String, hasPositions: Bool)
    /// BITMAP: which rows have which values.
    case values
    /// NGRAMBF: which runs of characters many rows together have.
    case grams(size: Int, ignoresCase: Bool, error: Double)

    /// Tells whether values of a type can be indexed so.
    package func isPossible(for type: LogicalType) -> Bool {
        switch self {
        case .terms, .grams: return type.holdsTexts
        case .values:
            if case .array(let element) = type {
                return element.bounds != nil || element.isString
            }
            return type.bounds != nil || type.isString
        }
    }
}

/// Is an index that a column is to have, or the values at a path of its documents.
package struct WantedIndex: Sendable, Hashable {
    /// The keys that lead to what is indexed; none where it is the column itself.
    package var keys: [[UInt8]]
    package var kind: IndexKind

    package init(keys: [[UInt8]] = [], kind: IndexKind) {
        self.keys = keys
        self.kind = kind
    }
}

extension [WantedIndex] {
    /// Those of a path, as indexes of the column that the path is.
    func ofPath(_ keys: [[UInt8]]) -> [WantedIndex] {
        compactMap { $0.keys == keys ? WantedIndex(kind: $0.kind) : nil }
    }

    /// What cuts texts for the indexes of terms, beside what is known otherwise; nil where nothing is.
    func analyzers(with known: ColumnAnalyzers?) -> ColumnAnalyzers? {
        var result = known ?? ColumnAnalyzers()
        for index in self {
            guard case .terms(let analyzer, _) = index.kind else { continue }
            if index.keys.isEmpty {
                result.own = analyzer
            } else {
                result.paths[index.keys] = analyzer
            }
        }
        return result == ColumnAnalyzers() ? nil : result
    }

    /// What is wanted of a column itself, as far as it can be of such values.
    func kinds(possibleFor values: IndexedValues) -> [IndexKind] {
        compactMap { $0.keys.isEmpty && values.canHave($0.kind) ? $0.kind : nil }
    }
}

/// Writes values so that their bytes order as they do.
enum IndexedValue {
    /// The bytes of a value; nil where it is none that is indexed.
    static func bytes(of value: Value) -> [UInt8]? {
        switch value {
        case .integer(let number): bytes(of: number)
        case .bytes(let bytes): bytes
        default: nil
        }
    }

    static func bytes(of number: Int128) -> [UInt8] {
        let ordered = (UInt128(bitPattern: number) ^ (1 << 127)).bigEndian
        return withUnsafeBytes(of: ordered) { Array($0) }
    }
}
