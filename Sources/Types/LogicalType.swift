// The types of SQL as StarRocks names them.

/// Names what a value means, independent of how it lies in memory.
package indirect enum LogicalType: Hashable, Sendable {
    /// The type of a bare NULL; converts to every other type.
    case null
    case boolean
    case tinyint
    case smallint
    case int
    case bigint
    /// 128 bits, signed.
    case largeint
    case float
    case double
    /// `precision` digits in all (1 … 38), `scale` of them behind the point.
    case decimal(precision: Int, scale: Int)
    case char(length: Int)
    /// Without a length it is STRING.
    case varchar(length: Int?)
    case varbinary
    /// Days since 1970-01-01.
    case date
    /// Microseconds since 1970-01-01 00:00:00, without a time zone.
    case datetime
    /// Microseconds; a type of expressions only.
    case time
    case json
    /// A set of unsigned 64-bit integers (`Bitmaps/Bitmap`).
    case bitmap
    /// A sketch of which distinct values there were.
    case hll
    /// A sketch of how numbers are distributed.
    case percentile
    /// A state of an aggregate over arguments of these types, written `avg(int)`.
    case aggregateState(function: String, arguments: [LogicalType])
    case array(LogicalType)
    case map(key: LogicalType, value: LogicalType)
    case structure([StructureField])

    package static let string = LogicalType.varchar(length: nil)
}

/// A named field of a STRUCT.
package struct StructureField: Hashable, Sendable {
    package var name: String
    package var type: LogicalType

    package init(name: String, type: LogicalType) {
        self.name = name
        self.type = type
    }
}

extension LogicalType {
    /// The layout used where no statistics allow a narrower one.
    package var widestPhysicalType: PhysicalType {
        switch self {
        case .null, .boolean, .tinyint: .int8
        case .smallint: .int16
        case .int, .date: .int32
        case .bigint, .datetime, .time: .int64
        case .largeint: .int128
        case .float: .float32
        case .double: .float64
        case .decimal(let precision, _):
            precision <= 9 ? .int32 : precision <= 18 ? .int64 : .int128
        case .char, .varchar, .varbinary, .json, .bitmap, .hll, .percentile, .aggregateState:
            .string
        case .array, .map: .list
        case .structure: .structure
        }
    }

    /// The values that the type itself allows, for types that are integers in memory.
    package var bounds: Bounds? {
        switch self {
        case .null: Bounds(0)
        case .boolean: Bounds(low: 0, high: 1)
        case .tinyint, .smallint, .int, .bigint, .largeint: widestPhysicalType.integerBounds
        case .decimal(let precision, _):
            Bounds(low: -powerOfTen(precision) + 1, high: powerOfTen(precision) - 1)
        // 0000-01-01 and 9999-12-31.
        case .date: Bounds(low: -719_528, high: 2_932_896)
        case .datetime:
            Bounds(low: -719_528 * 86_400_000_000, high: 2_932_897 * 86_400_000_000 - 1)
        case .time: PhysicalType.int64.integerBounds
        default: nil
        }
    }

    /// Tells whether both are texts of any length, or arrays of such.
    package func isText(like other: LogicalType) -> Bool {
        if case .array(let own) = self, case .array(let others) = other {
            return own.isText(like: others)
        }
        return isString && other.isString
    }

    /// True for texts, and for arrays of them.
    package var holdsTexts: Bool { isText(like: .string) || isText(like: .array(.string)) }

    /// What values are searched as: arrays of texts by their elements, all else as a text.
    package var typeOfTexts: LogicalType {
        isText(like: .array(.string)) ? .array(.string) : .string
    }

    package var isString: Bool {
        switch self {
        case .char, .varchar: true
        default: false
        }
    }

    /// True for TINYINT to LARGEINT.
    package var isInteger: Bool {
        switch self {
        case .tinyint, .smallint, .int, .bigint, .largeint: true
        default: false
        }
    }

    package var isFloating: Bool { self == .float || self == .double }

    package var isDecimal: Bool {
        if case .decimal = self { true } else { false }
    }

    /// True where arithmetic is defined, BOOLEAN included.
    package var isNumeric: Bool { isInteger || isFloating || isDecimal || self == .boolean }

    package var isTemporal: Bool { self == .date || self == .datetime }

    package var isNested: Bool {
        switch self {
        case .array, .map, .structure: true
        default: false
        }
    }

    /// True for values that only functions can look into: they neither compare nor order.
    package var isOpaque: Bool {
        switch self {
        case .bitmap, .hll, .percentile, .aggregateState: true
        default: false
        }
    }

    /// True where both are texts of some length, or hold such texts in the same places.
    package func isSame(butForLengthsOf other: LogicalType) -> Bool {
        switch (self, other) {
        case (.char, .char), (.char, .varchar), (.varchar, .char), (.varchar, .varchar): true
        case (.array(let one), .array(let another)): one.isSame(butForLengthsOf: another)
        case (.aggregateState(let one, let types), .aggregateState(let another, let others)):
            one == another && types.count == others.count
                && zip(types, others).allSatisfy { $0.isSame(butForLengthsOf: $1) }
        default: self == other
        }
    }

    /// The first opaque type in this one.
    package var opaquePart: LogicalType? {
        switch self {
        case .array(let element): element.opaquePart
        case .map(let key, let value): key.opaquePart ?? value.opaquePart
        case .structure(let fields): fields.lazy.compactMap(\.type.opaquePart).first
        default: isOpaque ? self : nil
        }
    }

    /// The digits behind the point; 0 for everything but DECIMAL.
    package var scale: Int {
        if case .decimal(_, let scale) = self { scale } else { 0 }
    }
}

extension LogicalType: CustomStringConvertible {
    /// The type's name in SQL, in lower case as StarRocks' DESC prints it.
    package var description: String {
        switch self {
        case .null: "null_type"
        case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
        case .char(let length): "char(\(length))"
        case .varchar(let length): length.map { "varchar(\($0))" } ?? "varchar"
        case .array(let element): "array<\(element)>"
        case .map(let key, let value): "map<\(key),\(value)>"
        case .structure(let fields):
            "struct<"
                + fields.map { "\(Self.written($0.name)) \($0.type)" }
                .joined(separator: ", ") + ">"
        case .aggregateState(let function, let arguments):
            "\(function)(" + arguments.map(\.description).joined(separator: ", ") + ")"
        default: simpleName
        }
    }

    /// Quotes the name of a field that is no plain word.
    private static func written(_ name: String) -> String {
        let isPlain =
            !name.isEmpty && !(name.utf8.first.map { (48...57).contains($0) } ?? false)
            && name.utf8.allSatisfy { byte in
                byte >= 0x80 || byte == UInt8(ascii: "_") || (48...57).contains(byte)
                    || (65...90).contains(byte & 0xDF)
            }
        guard !isPlain else { return name }
        return "`"
            + name.split(separator: "`", omittingEmptySubsequences: false)
            .joined(separator: "``") + "`"
    }

    private var simpleName: String {
        switch self {
        case .boolean: "boolean"
        case .tinyint: "tinyint"
        case .smallint: "smallint"
        case .int: "int"
        case .bigint: "bigint"
        case .largeint: "largeint"
        case .float: "float"
        case .double: "double"
        case .varbinary: "varbinary"
        case .date: "date"
        case .datetime: "datetime"
        case .time: "time"
        case .json: "json"
        case .bitmap: "bitmap"
        case .hll: "hll"
        case .percentile: "percentile"
        default: ""
        }
    }
}
