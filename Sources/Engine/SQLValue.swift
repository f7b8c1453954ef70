// Values as users of the library see them.

import StarlingErrors
import StarlingEvaluation
import StarlingTypes

/// Holds one value of a result.
public enum SQLValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// TINYINT to BIGINT.
    case integer(Int64)
    /// LARGEINT.
    case largeInteger(Int128)
    /// FLOAT and DOUBLE.
    case double(Double)
    /// DECIMAL: the unscaled number and the digits behind the point.
    case decimal(Int128, scale: Int)
    case string(String)
    case binary([UInt8])
    /// Days since 1970-01-01.
    case date(Int32)
    /// Microseconds since 1970-01-01 00:00:00.
    case datetime(Int64)
    /// The elements of an ARRAY, the fields of a STRUCT, keys and values of a MAP in turn. As a
    /// parameter it is an ARRAY.
    case list([SQLValue])

    init(_ value: Value, type: LogicalType) {
        switch (value, type) {
        case (.null, _): self = .null
        case (.integer(let number), .boolean): self = .boolean(number != 0)
        case (.integer(let number), .decimal(_, let scale)):
            self = .decimal(number, scale: scale)
        case (.integer(let number), .date): self = .date(Int32(truncatingIfNeeded: number))
        case (.integer(let number), .datetime), (.integer(let number), .time):
            self = .datetime(Int64(truncatingIfNeeded: number))
        case (.integer(let number), .largeint): self = .largeInteger(number)
        case (.integer(let number), _): self = .integer(Int64(truncatingIfNeeded: number))
        case (.floating(let number), _): self = .double(number)
        case (.bytes(let bytes), _) where type == .varbinary || type.isOpaque:
            self = .binary(bytes)
        case (.bytes(let bytes), _): self = .string(String(decoding: bytes, as: UTF8.self))
        case (.list(let values), .array(let element)):
            self = .list(values.map { SQLValue($0, type: element) })
        case (.list(let values), .map(let key, let value)):
            self = .list(
                values.enumerated().map { SQLValue($1, type: $0 % 2 == 0 ? key : value) })
        case (.list(let values), .structure(let fields)):
            self = .list(zip(values, fields).map { SQLValue($0, type: $1.type) })
        case (.list(let values), _): self = .list(values.map { SQLValue($0, type: .string) })
        }
    }

    /// Returns the value and type that the engine works with; for parameters.
    func engineValue() throws(StarlingError) -> (value: Value, type: LogicalType) {
        switch self {
        case .null: (.null, .null)
        case .boolean(let flag): (.boolean(flag), .boolean)
        case .integer(let number): (.integer(Int128(number)), .bigint)
        case .largeInteger(let number): (.integer(number), .largeint)
        case .double(let number): (.floating(number), .double)
        case .decimal(let number, let scale):
            (.integer(number), .decimal(precision: 38, scale: scale))
        case .string(let text): (.text(text), .string)
        case .binary(let bytes): (.bytes(bytes), .varbinary)
        case .date(let days): (.integer(Int128(days)), .date)
        case .datetime(let microseconds): (.integer(Int128(microseconds)), .datetime)
        case .list(let elements): try Self.array(of: elements)
        }
    }

    /// Makes an ARRAY of the type in which all elements meet.
    private static func array(
        of elements: [SQLValue]
    ) throws(StarlingError) -> (value: Value, type: LogicalType) {
        var values: [(value: Value, type: LogicalType)] = []
        for element in elements { values.append(try element.engineValue()) }
        let types = values.map(\.type)
        guard let common = LogicalType.commonType(types) else {
            throw StarlingError(
                .binding,
                "the elements of a list that is given as a parameter meet in no type; they are of "
                    + Set(types.map(\.description)).sorted().joined(separator: ", "))
        }
        var converted: [Value] = []
        for (value, type) in values {
            let fitting = castList(value, from: type, to: common)
            guard fitting.isNull == value.isNull else {
                throw StarlingError(
                    .data,
                    "an element of a list that is given as a parameter does not fit into the type "
                        + "\(common) of all: \(value.text(as: type) ?? "NULL")")
            }
            converted.append(fitting)
        }
        return (.list(converted), .array(common))
    }

    /// Converts a value, element by element where it is a list; NULL where one does not fit.
    private static func castList(
        _ value: Value, from source: LogicalType, to target: LogicalType
    ) -> Value {
        guard source != target, case .list(let elements) = value,
            case .array(let from) = source, case .array(let to) = target
        else { return castValue(value, from: source, to: target) }
        let converted = elements.map { castList($0, from: from, to: to) }
        let isWhole = zip(elements, converted).allSatisfy { $0.isNull == $1.isNull }
        return isWhole ? .list(converted) : .null
    }
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(nilLiteral: ()) { self = .null }
}
