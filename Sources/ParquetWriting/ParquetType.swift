// How SQL's types are written: the physical type of the format, its width, and the annotation that
// tells readers what it means.

import StarlingErrors
import StarlingTypes

/// Describes a column in the file.
struct ParquetType: Sendable {
    enum Storage: Sendable {
        case boolean
        case int32
        case int64
        /// 16 bytes, big-endian two's complement.
        case decimal128
        case float
        case double
        case bytes
    }

    let storage: Storage
    let logicalType: LogicalType

    init(_ type: LogicalType, column: String) throws(StarlingError) {
        logicalType = type
        switch type {
        case .boolean, .null: storage = .boolean
        case .tinyint, .smallint, .int, .date: storage = .int32
        case .bigint, .datetime, .time: storage = .int64
        case .largeint: storage = .decimal128
        case .float: storage = .float
        case .double: storage = .double
        case .decimal(let precision, _):
            storage = precision <= 9 ? .int32 : precision <= 18 ? .int64 : .decimal128
        case .char, .varchar, .varbinary, .json, .bitmap, .hll, .percentile, .aggregateState:
            storage = .bytes
        case .array, .map, .structure:
            throw StarlingError(
                .unsupported,
                "column '\(column)' has a \(type) where a single value should be")
        }
    }

    /// True for bytes that are UTF-8.
    var isText: Bool {
        storage == .bytes && logicalType != .varbinary && !logicalType.isOpaque
    }

    /// The number of the physical type in the format.
    var code: Int {
        switch storage {
        case .boolean: 0
        case .int32: 1
        case .int64: 2
        case .float: 4
        case .double: 5
        case .bytes: 6
        case .decimal128: 7
        }
    }

    /// Writes the fields of a schema element that say what the type is.
    func write(to writer: inout ThriftWriter, name: String, isNullable: Bool) {
        writer.write(1, int32: code)
        if storage == .decimal128 { writer.write(2, int32: 16) }
        writer.write(3, int32: isNullable ? 1 : 0)
        writer.write(4, text: name)
        if let converted { writer.write(6, int32: converted) }
        if let (precision, scale) = decimal {
            writer.write(7, int32: scale)
            writer.write(8, int32: precision)
        }
        writeLogicalType(to: &writer)
    }

    private var decimal: (precision: Int, scale: Int)? {
        switch logicalType {
        case .decimal(let precision, let scale): (precision, scale)
        case .largeint: (38, 0)
        default: nil
        }
    }

    /// The older annotation, for readers that know no other.
    private var converted: Int? {
        switch logicalType {
        case .char, .varchar: 0
        case .decimal, .largeint: 5
        case .date: 6
        case .time: 8
        case .tinyint: 15
        case .smallint: 16
        case .json: 19
        default: nil
        }
    }

    private func writeLogicalType(to writer: inout ThriftWriter) {
        switch logicalType {
        case .char, .varchar: writer.write(10) { $0.write(1) { _ in } }
        case .decimal, .largeint:
            let (precision, scale) = decimal!
            writer.write(10) { union in
                union.write(5) { parameters in
                    parameters.write(1, int32: scale)
                    parameters.write(2, int32: precision)
                }
            }
        case .date: writer.write(10) { $0.write(6) { _ in } }
        case .time: writer.write(10) { $0.write(7, structure: Self.microseconds) }
        // A wall clock's time, not an instant.
        case .datetime: writer.write(10) { $0.write(8, structure: Self.microseconds) }
        case .tinyint: writer.write(10) { $0.write(10) { Self.integer(8, &$0) } }
        case .smallint: writer.write(10) { $0.write(10) { Self.integer(16, &$0) } }
        case .json: writer.write(10) { $0.write(12) { _ in } }
        default: break
        }
    }

    private static func microseconds(_ writer: inout ThriftWriter) {
        writer.write(1, flag: false)
        writer.write(2) { unit in unit.write(2) { _ in } }
    }

    private static func integer(_ bitWidth: Int8, _ writer: inout ThriftWriter) {
        writer.write(1, byte: bitWidth)
        writer.write(2, flag: true)
    }
}
