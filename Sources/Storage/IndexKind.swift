// What an index of a column is: CREATE INDEX says it, and each segment that has one says it again, so
// that an index is only asked what it was made for.

import StarlingErrors
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
        case .terms, .grams: type.isString
        case .values: type.bounds != nil || type.isString
        }
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
