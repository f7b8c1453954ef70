// A node of a file's schema: a leaf with a physical type, or a group with children.

struct SchemaElement: Sendable {
    enum Repetition: Int {
        case required, optional, repeated
    }

    /// The annotation of a node, from LogicalType or else from the older ConvertedType.
    enum Annotation: Sendable, Hashable {
        case string, map, list, enumeration, date, json, bson, uuid, float16, unknown, interval
        case variant
        case decimal(precision: Int, scale: Int)
        case time(TimeUnit)
        case timestamp(TimeUnit)
        case integer(bitWidth: Int, isSigned: Bool)
        /// One that this reader doesn't know; the bytes can still be read.
        case other
    }

    enum TimeUnit: Sendable, Hashable {
        case milliseconds, microseconds, nanoseconds
    }

    /// Nil for groups.
    var physicalType: Int?
    var typeLength = 0
    var repetition = Repetition.required
    var name = ""
    var childCount = 0
    var annotation: Annotation?
    /// For timestamps: whether they are moments in UTC, as those of the older annotations are.
    var isInstant = false

    init(_ reader: inout ThriftReader) throws(ParquetDamage) {
        var converted: Int?
        var scale = 0
        var precision = 0
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            switch field.id {
            case 1: physicalType = try reader.integer(field)
            case 2: typeLength = try reader.integer(field)
            case 3:
                guard let known = Repetition(rawValue: try reader.integer(field)) else {
                    throw ParquetDamage("the schema has an unknown repetition")
                }
                repetition = known
            case 4: name = String(decoding: try reader.binary(field), as: UTF8.self)
            case 5: childCount = try reader.integer(field)
            case 6: converted = try reader.integer(field)
            case 7: scale = try reader.integer(field)
            case 8: precision = try reader.integer(field)
            case 10 where field.type == .structure:
                annotation = try readLogicalType(&reader)
            default: try reader.skip(field)
            }
        }
        if annotation == nil || annotation == .other, let converted {
            annotation = Self.annotation(converted, precision: precision, scale: scale)
            if case .timestamp = annotation { isInstant = true }
        }
    }

    /// Reads the union LogicalType: one field, whose number says which type it is.
    private mutating func readLogicalType(
        _ reader: inout ThriftReader
    ) throws(ParquetDamage) -> Annotation? {
        var result: Annotation?
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            switch (field.id, field.type) {
            case (5, .structure):
                let numbers = try Self.readParameters(&reader)
                result = .decimal(precision: numbers[2] ?? 0, scale: numbers[1] ?? 0)
            case (7, .structure):
                result = .time(Self.unit(try Self.readParameters(&reader)))
            case (8, .structure):
                let numbers = try Self.readParameters(&reader)
                isInstant = numbers[1] == 1
                result = .timestamp(Self.unit(numbers))
            case (10, .structure):
                let numbers = try Self.readParameters(&reader)
                result = .integer(bitWidth: numbers[1] ?? 0, isSigned: numbers[2] == 1)
            default:
                let plain: [Int: Annotation] = [
                    1: .string, 2: .map, 3: .list, 4: .enumeration, 6: .date, 11: .unknown,
                    12: .json, 13: .bson, 14: .uuid, 15: .float16, 16: .variant,
                ]
                result = plain[field.id] ?? .other
                try reader.skip(field)
            }
        }
        return result
    }

    /// Reads the numbers and flags of a logical type by field, and of a unit which one it is.
    private static func readParameters(
        _ reader: inout ThriftReader
    ) throws(ParquetDamage) -> [Int: Int] {
        var numbers: [Int: Int] = [:]
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            switch field.type {
            case .boolTrue: numbers[field.id] = 1
            case .boolFalse: numbers[field.id] = 0
            case .byte, .i16, .i32, .i64: numbers[field.id] = try reader.integer(field)
            case .structure:
                var innerID = 0
                while let inner = try reader.nextField(after: &innerID) {
                    numbers[field.id] = inner.id
                    try reader.skip(inner)
                }
            default: try reader.skip(field)
            }
        }
        return numbers
    }

    private static func unit(_ numbers: [Int: Int]) -> TimeUnit {
        switch numbers[2] {
        case 1: .milliseconds
        case 3: .nanoseconds
        default: .microseconds
        }
    }

    private static func annotation(
        _ converted: Int, precision: Int, scale: Int
    ) -> Annotation {
        switch converted {
        case 0: .string
        case 1, 2: .map
        case 3: .list
        case 4: .enumeration
        case 5: .decimal(precision: precision, scale: scale)
        case 6: .date
        case 7: .time(.milliseconds)
        case 8: .time(.microseconds)
        case 9: .timestamp(.milliseconds)
        case 10: .timestamp(.microseconds)
        case 11...14: .integer(bitWidth: 8 << (converted - 11), isSigned: false)
        case 15...18: .integer(bitWidth: 8 << (converted - 15), isSigned: true)
        case 19: .json
        case 20: .bson
        case 21: .interval
        default: .other
        }
    }
}
