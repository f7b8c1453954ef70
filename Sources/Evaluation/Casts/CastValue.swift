// CAST of single values: constants, text in both directions, and the rare pairs of types.

import StarlingFunctions
import StarlingTypes

/// Converts one value; NULL where it does not fit or is malformed.
package func castValue(
    _ value: Value, from source: LogicalType, to target: LogicalType
) -> Value {
    if value.isNull || source == target { return value }
    if source.isOpaque || target.isOpaque {
        return castOpaque(value, from: source, to: target)
    }
    if case .bytes(let text) = value {
        if target.widestPhysicalType == .string { return value }
        return Value(parsing: text, as: target) ?? .null
    }
    if target.widestPhysicalType == .string {
        var text: [UInt8] = []
        value.appendText(as: source, to: &text)
        return .bytes(text)
    }
    switch value {
    case .floating(let number): return castFloating(number, to: target)
    case .integer(let number): return castInteger(number, from: source, to: target)
    default: return .null
    }
}

/// Converts bitmaps and sketches from and to text and binary, and checks what they become.
private func castOpaque(
    _ value: Value, from source: LogicalType, to target: LogicalType
) -> Value {
    guard case .bytes(let bytes) = value else { return .null }
    if source.isOpaque {
        if target == .varbinary { return value }
        guard target.isString else { return .null }
        var text: [UInt8] = []
        value.appendText(as: source, to: &text)
        return .bytes(text)
    }
    if source == .varbinary { return isStored(bytes, as: target) ? value : .null }
    guard source.isString, let parsed = Value(parsing: bytes, as: target),
        case .bytes(let stored) = parsed, isStored(stored, as: target)
    else { return .null }
    return parsed
}

private func castFloating(_ number: Double, to target: LogicalType) -> Value {
    switch target {
    case .boolean: return .boolean(number != 0)
    case .float: return .floating(Double(Float(number)))
    case .double: return .floating(number)
    default: break
    }
    guard target.isInteger || target.isDecimal, let limit = target.bounds else { return .null }
    let scaled = number * Double(powerOfTen(target.scale))
    let whole = scaled.rounded(target.isDecimal ? .toNearestOrAwayFromZero : .towardZero)
    guard whole.magnitude < 1.7e38, limit.contains(Int128(whole)) else { return .null }
    return .integer(Int128(whole))
}

private func castInteger(
    _ number: Int128, from source: LogicalType, to target: LogicalType
) -> Value {
    if source.isTemporal || target.isTemporal {
        return castTemporal(number, from: source, to: target)
    }
    guard source.isNumeric else { return .null }
    switch target {
    case .boolean: return .boolean(number != 0)
    case .float, .double:
        let wide = Double(nearest: number, scale: source.scale)
        return .floating(target == .float ? Double(Float(wide)) : wide)
    case .tinyint, .smallint, .int, .bigint, .largeint:
        let whole = number / powerOfTen(source.scale)
        return target.bounds?.contains(whole) ?? false ? .integer(whole) : .null
    case .decimal(let precision, let scale):
        let scaled = rescale(number, from: source.scale, to: scale, precision: precision)
        return scaled.map { .integer($0) } ?? .null
    default: return .null
    }
}

/// Converts days, microseconds, and the numbers that spell them: 20240131, 20240131235959.
private func castTemporal(
    _ number: Int128, from source: LogicalType, to target: LogicalType
) -> Value {
    switch (source, target) {
    case (.date, .datetime): return .integer(number * Int128(microsecondsPerDay))
    case (.datetime, .date):
        return .integer(Int128(dayNumber(ofMicroseconds: Int64(truncatingIfNeeded: number))))
    case (.date, _), (.datetime, _):
        guard target.isNumeric, target != .boolean else { return .null }
        let digits = spelledNumber(number, source)
        return castInteger(digits, from: .largeint, to: target)
    default:
        var text: [UInt8] = []
        guard source.isInteger else { return .null }
        Value.integer(number).appendText(as: source, to: &text)
        return Value(parsing: text, as: target) ?? .null
    }
}

private func spelledNumber(_ number: Int128, _ source: LogicalType) -> Int128 {
    if source == .date {
        let date = CivilDate(days: Int32(truncatingIfNeeded: number))
        return Int128(date.year * 10_000 + date.month * 100 + date.day)
    }
    let moment = CivilDateTime(microseconds: Int64(truncatingIfNeeded: number))
    let date = moment.date.year * 10_000 + moment.date.month * 100 + moment.date.day
    return Int128(date) * 1_000_000
        + Int128(moment.hour * 10_000 + moment.minute * 100 + moment.second)
}
