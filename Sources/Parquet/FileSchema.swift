// From a file's schema, a tree written as a list in depth-first order, to columns of a table.

import StarlingTables
import StarlingTypes

/// Says how the values of a column lie in the file and what they become.
struct ColumnSource: Sendable, Hashable {
    /// The carriers of the format, by their codes.
    enum Carrier: Int, Sendable {
        case boolean, int32, int64, int96, float, double, byteArray, fixedLengthByteArray
    }

    /// What has to be done to a carrier's value to get the logical type's number.
    enum Meaning: Sendable, Hashable {
        case asIs, unsigned, thousandfold, thousandth, bigEndianDecimal, float16, uuid, interval
        /// Bytes of an annotation that says nothing of their order that is known here.
        case unordered
        /// Decimals with more digits behind the point than SQL's have.
        case overlyPrecise
        /// There are no values, whatever the carrier is.
        case nothing
    }

    var carrier: Carrier
    /// The bytes of a value of FIXED_LEN_BYTE_ARRAY.
    var byteWidth: Int
    var meaning: Meaning
    var isOptional: Bool
    /// The position of the leaf among all leaves, which is its place in a row group's columns.
    var leaf: Int

    var isBytes: Bool { carrier == .byteArray || carrier == .fixedLengthByteArray }
}

/// Holds a file's columns, each with the way to read it.
struct FileSchema: Sendable {
    var columns: [TableColumn] = []
    /// How flat columns are read; nil for nested ones.
    var sources: [ColumnSource?] = []
    /// The tree of each column.
    private(set) var trees: [SchemaNode] = []
    private(set) var leafCount = 0

    init(_ elements: [SchemaElement]) throws(ParquetDamage) {
        guard let root = elements.first, root.childCount >= 0 else {
            throw ParquetDamage("the footer has no schema")
        }
        var reader = SchemaTreeReader(elements)
        for _ in 0..<root.childCount {
            guard reader.next < elements.count else {
                throw ParquetDamage("the schema in the footer is incomplete")
            }
            let element = elements[reader.next]
            let leaf = reader.leafCount
            let tree = try reader.readField()
            columns.append(
                TableColumn(
                    name: element.name, type: tree.type,
                    isNullable: element.repetition == .optional))
            trees.append(tree)
            sources.append(tree.type.isNested ? nil : try Self.source(of: element, leaf: leaf))
        }
        leafCount = reader.leafCount
        if reader.next != elements.count {
            throw ParquetDamage("the schema has elements without parent")
        }
    }

    /// Names the type of a leaf by its annotation and its carrier.
    static func leafType(_ element: SchemaElement) throws(ParquetDamage) -> LogicalType {
        guard let code = element.physicalType, let carrier = ColumnSource.Carrier(rawValue: code)
        else { throw ParquetDamage("column \(element.name) has an unknown physical type") }
        switch element.annotation {
        case .decimal(let precision, let scale):
            let isNumber = ![.boolean, .int96, .float, .double].contains(carrier)
            guard isNumber, precision >= 1, (0...precision).contains(scale) else {
                throw .unsupported(
                    "column \(element.name) is DECIMAL(\(precision), \(scale)), which is no type")
            }
            // Numbers that need more digits than there are end in an error when they are read.
            return .decimal(precision: min(precision, 38), scale: min(scale, 38))
        case .unknown: return .null
        case .date where carrier == .int32: return .date
        case .time where carrier == .int32 || carrier == .int64: return .time
        case .timestamp where carrier == .int64: return .datetime
        case .integer(let bitWidth, let isSigned) where carrier == .int32 || carrier == .int64:
            return integerType(bitWidth, isSigned: isSigned)
        default: break
        }
        switch carrier {
        case .boolean: return .boolean
        case .int32: return .int
        case .int64: return .bigint
        case .int96: return .datetime
        case .float: return .float
        case .double: return .double
        case .byteArray, .fixedLengthByteArray: return bytesType(element, carrier)
        }
    }

    private static func bytesType(
        _ element: SchemaElement, _ carrier: ColumnSource.Carrier
    ) -> LogicalType {
        switch element.annotation {
        case .string, .enumeration: .string
        case .json: .json
        case .uuid where carrier == .fixedLengthByteArray && element.typeLength == 16:
            .varchar(length: 36)
        case .float16 where carrier == .fixedLengthByteArray && element.typeLength == 2: .float
        case .interval where carrier == .fixedLengthByteArray && element.typeLength == 12: .string
        default: .varbinary
        }
    }

    private static func integerType(_ bitWidth: Int, isSigned: Bool) -> LogicalType {
        switch (bitWidth, isSigned) {
        case (8, true): .tinyint
        case (8, false), (16, true): .smallint
        case (16, false), (32, true): .int
        case (32, false), (64, true): .bigint
        default: .largeint
        }
    }

    /// Says how a leaf is read; nil for repeated ones and unknown carriers.
    static func source(
        of element: SchemaElement, leaf: Int
    ) throws(ParquetDamage) -> ColumnSource? {
        guard let code = element.physicalType, let carrier = ColumnSource.Carrier(rawValue: code),
            element.repetition != .repeated
        else { return nil }
        if carrier == .fixedLengthByteArray, !(1...1_048_576).contains(element.typeLength) {
            throw ParquetDamage("column \(element.name) has an impossible length of values")
        }
        let isBytes = carrier == .byteArray || carrier == .fixedLengthByteArray
        let meaning: ColumnSource.Meaning =
            switch element.annotation {
            case .decimal(_, let scale) where scale > 38: .overlyPrecise
            case .decimal where isBytes: .bigEndianDecimal
            case .other where isBytes: .unordered
            case .integer(32, isSigned: false) where carrier == .int32: .unsigned
            case .integer(64, isSigned: false) where carrier == .int64: .unsigned
            case .timestamp(.milliseconds), .time(.milliseconds): .thousandfold
            case .timestamp(.nanoseconds), .time(.nanoseconds): .thousandth
            case .uuid where try leafType(element) == .varchar(length: 36): .uuid
            case .float16 where try leafType(element) == .float: .float16
            case .interval where try leafType(element) == .string: .interval
            case .unknown: .nothing
            default: .asIs
            }
        return ColumnSource(
            carrier: carrier, byteWidth: element.typeLength, meaning: meaning,
            isOptional: element.repetition == .optional, leaf: leaf)
    }
}
