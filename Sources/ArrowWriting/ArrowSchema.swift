// The columns as the format's schema describes them.

import StarlingErrors
import StarlingTables
import StarlingTypes

/// Makes the metadata of files.
enum ArrowSchema {
    /// The number of the format's version 5, which all readers know since 2020.
    static let version: Int16 = 4

    /// Names the kinds of messages by the format's codes.
    enum Header: UInt8 {
        case schema = 1
        case batch = 3
    }

    static func message(
        _ header: Header, _ table: FlatValue, bodyByteCount: Int = 0
    ) -> [UInt8] {
        FlatBuilder.message(
            .table([
                0: .short(version), 1: .byte(header.rawValue), 2: table,
                3: .long(Int64(bodyByteCount)),
            ]))
    }

    static func schema(_ columns: [TableColumn]) throws(StarlingError) -> FlatValue {
        var fields: [FlatValue] = []
        for column in columns {
            try check(column.type, column: column.name)
            fields.append(field(column.name, column.type, isNullable: column.isNullable))
        }
        return .table([0: .short(0), 1: .tables(fields)])
    }

    private static func check(_ type: LogicalType, column: String) throws(StarlingError) {
        switch type {
        case .structure(let fields):
            guard !fields.isEmpty else {
                throw StarlingError(
                    .unsupported, "column '\(column)' has structures without fields")
            }
            for field in fields { try check(field.type, column: column) }
        case .array(let element): try check(element, column: column)
        case .map(let key, let value):
            try check(key, column: column)
            try check(value, column: column)
        default: break
        }
    }

    private static func field(
        _ name: String, _ type: LogicalType, isNullable: Bool
    ) -> FlatValue {
        let (code, parameters) = parameters(type)
        var field: [Int: FlatValue] = [
            0: .text(name), 1: .flag(isNullable || type == .null), 2: .byte(code),
            3: .table(parameters), 5: .tables(children(type)),
        ]
        if type == .json {
            field[6] = .tables([
                .table([0: .text("ARROW:extension:name"), 1: .text("arrow.json")]),
                .table([0: .text("ARROW:extension:metadata"), 1: .text("")]),
            ])
        }
        return .table(field)
    }

    private static func children(_ type: LogicalType) -> [FlatValue] {
        switch type {
        case .array(let element): return [field("item", element, isNullable: true)]
        case .map(let key, let value):
            let pair = [
                field("key", key, isNullable: false), field("value", value, isNullable: true),
            ]
            // Entries are a structure that is never NULL.
            return [
                .table([
                    0: .text("entries"), 1: .flag(false), 2: .byte(13), 3: .table([:]),
                    5: .tables(pair),
                ])
            ]
        case .structure(let fields):
            return fields.map { field($0.name, $0.type, isNullable: true) }
        default: return []
        }
    }

    /// Returns the code of a type and the fields that describe it.
    private static func parameters(_ type: LogicalType) -> (UInt8, [Int: FlatValue]) {
        func integer(_ bitWidth: Int32) -> (UInt8, [Int: FlatValue]) {
            (2, [0: .int(bitWidth), 1: .flag(true)])
        }
        switch type {
        case .null: return (1, [:])
        case .tinyint: return integer(8)
        case .smallint: return integer(16)
        case .int: return integer(32)
        case .bigint: return integer(64)
        case .float: return (3, [0: .short(1)])
        case .double: return (3, [0: .short(2)])
        case .varbinary, .bitmap, .hll, .percentile, .aggregateState: return (4, [:])
        case .char, .varchar, .json: return (5, [:])
        case .boolean: return (6, [:])
        case .largeint: return (7, [0: .int(38), 1: .int(0), 2: .int(128)])
        case .decimal(let precision, let scale):
            return (7, [0: .int(Int32(precision)), 1: .int(Int32(scale)), 2: .int(128)])
        case .date: return (8, [0: .short(0)])
        case .time: return (9, [0: .short(2), 1: .int(64)])
        case .datetime: return (10, [0: .short(2)])
        case .array: return (12, [:])
        case .structure: return (13, [:])
        case .map: return (17, [0: .flag(false)])
        }
    }
}
