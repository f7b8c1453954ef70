// The types of the schema's columns, by their codes.

import StarlingErrors
import StarlingTypes

/// Holds what a type of the format is in SQL and in memory.
struct ArrowType {
    var type: LogicalType
    var storage: ArrowStorage
    /// The validity included.
    var bufferCount = 2

    init(_ type: LogicalType, _ storage: ArrowStorage, bufferCount: Int = 2) {
        self.type = type
        self.storage = storage
        self.bufferCount = bufferCount
    }

    static let timestampCode: UInt8 = 10

    init(
        _ code: UInt8, _ table: FlatTable, _ children: [ArrowField]
    ) throws(StarlingError) {
        switch code {
        case 1: self.init(.null, .nothing, bufferCount: 0)
        case 2: self = try Self.integer(table)
        case 3: self = try Self.floating(table)
        case 4: self.init(.varbinary, .offsets(byteWidth: 4), bufferCount: 3)
        case 5: self.init(.string, .offsets(byteWidth: 4), bufferCount: 3)
        case 6: self.init(.boolean, .bits)
        case 7: self = try Self.decimal(table)
        case 8: self = try Self.date(table)
        case 9: self = try Self.time(table)
        case Self.timestampCode:
            self.init(.datetime, .ticks(byteWidth: 8, unit: try Self.unit(table, 0)))
        case 11:
            let code = try table.number(0, default: Int16(0))
            guard let unit = ArrowTextForm(rawValue: code), unit != .uuid else {
                throw table.message.damage("a column has an unknown kind of interval")
            }
            self.init(.string, .fixedTexts(unit))
        case 15:
            let count = Int(try table.number(0, default: Int32(0)))
            guard (0...(1 << 24)).contains(count) else {
                throw table.message.damage("a column has values of \(count) bytes")
            }
            self.init(.varbinary, .fixedBytes(count: count))
        case 18: self.init(.bigint, .integer(byteWidth: 8, isSigned: true))
        case 19: self.init(.varbinary, .offsets(byteWidth: 8), bufferCount: 3)
        case 20: self.init(.string, .offsets(byteWidth: 8), bufferCount: 3)
        case 23: self.init(.varbinary, .views)
        case 24: self.init(.string, .views)
        default: self = try Self.nested(code, table, children)
        }
    }

    static func integer(_ table: FlatTable) throws(StarlingError) -> ArrowType {
        let bitWidth = Int(try table.number(0, default: Int32(0)))
        let isSigned = try table.flag(1)
        let type: LogicalType
        switch (bitWidth, isSigned) {
        case (8, true): type = .tinyint
        case (8, false), (16, true): type = .smallint
        case (16, false), (32, true): type = .int
        case (32, false), (64, true): type = .bigint
        case (64, false): type = .largeint
        default: throw table.message.damage("a column has integers of \(bitWidth) bits")
        }
        return ArrowType(type, .integer(byteWidth: bitWidth / 8, isSigned: isSigned))
    }

    private static func floating(_ table: FlatTable) throws(StarlingError) -> ArrowType {
        switch try table.number(0, default: Int16(0)) {
        case 0: ArrowType(.float, .half)
        case 1: ArrowType(.float, .single)
        default: ArrowType(.double, .double)
        }
    }

    private static func decimal(_ table: FlatTable) throws(StarlingError) -> ArrowType {
        let precision = Int(try table.number(0, default: Int32(0)))
        let scale = Int(try table.number(1, default: Int32(0)))
        let bitWidth = Int(try table.number(2, default: Int32(128)))
        guard [32, 64, 128, 256].contains(bitWidth), precision >= 1, precision <= 76 else {
            throw table.message.damage("a column has decimals of \(bitWidth) bits")
        }
        guard (0...min(precision, 38)).contains(scale) else {
            return ArrowType(
                .decimal(precision: 38, scale: 38),
                .unreadable("DECIMAL(\(precision), \(scale))"))
        }
        // Numbers that need more digits than there are end in an error when they are read.
        return ArrowType(
            .decimal(precision: min(precision, 38), scale: scale),
            .decimal(byteWidth: bitWidth / 8))
    }

    private static func date(_ table: FlatTable) throws(StarlingError) -> ArrowType {
        try table.number(0, default: Int16(1)) == 0
            ? ArrowType(.date, .integer(byteWidth: 4, isSigned: true))
            : ArrowType(.date, .dateMilliseconds)
    }

    private static func time(_ table: FlatTable) throws(StarlingError) -> ArrowType {
        let unit = try unit(table, 1)
        let bitWidth = try table.number(1, default: Int32(32))
        guard bitWidth == 32 || bitWidth == 64 else {
            throw table.message.damage("a column has times of \(bitWidth) bits")
        }
        return ArrowType(.time, .ticks(byteWidth: Int(bitWidth) / 8, unit: unit))
    }

    private static func unit(
        _ table: FlatTable, _ otherwise: Int16
    ) throws(StarlingError) -> ArrowTimeUnit {
        let code = try table.number(0, default: otherwise)
        guard let unit = ArrowTimeUnit(rawValue: code) else {
            throw table.message.damage("a column has an unknown unit of time")
        }
        return unit
    }
}
