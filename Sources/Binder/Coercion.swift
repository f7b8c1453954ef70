// Conversions that the text does not write: operands are brought to the type that an operator or
// function works on. Literals are converted here, so that plans show what is compared.

import StarlingFunctions
import StarlingPlans
import StarlingTypes

/// Casts where the types differ in more than what lengths say.
func coerce(_ expression: BoundExpression, to type: LogicalType) -> BoundExpression {
    // A bare NULL is one wherever its column is named; a parameter's value is yet to come.
    if case .column(let column) = expression, column.type == .null,
        column.placeholderNumber == nil
    {
        return .null(type)
    }
    if expression.type == type { return expression }
    if expression.type.isString, type.isString, case .varchar = type {
        // Longer or shorter declarations hold the same bytes.
        return expression
    }
    if case .literal(let value, let source) = expression,
        let converted = convertLiteral(value, from: source, to: type)
    {
        return .literal(converted, type)
    }
    return .cast(expression, to: type)
}

/// Converts a literal where that is exact and plain; other casts are left to evaluation.
private func convertLiteral(
    _ value: Value, from source: LogicalType, to target: LogicalType
) -> Value? {
    switch (value, target) {
    case (.null, _): return .null
    case (.integer(let number), .decimal(let precision, let scale))
    where source.isInteger || source.isDecimal || source == .boolean:
        return rescale(number, from: source.scale, to: scale, precision: precision)
            .map { .integer($0) }
    case (.integer(let number), .double) where source.isInteger:
        return .floating(Double(number))
    case (.integer(let number), _) where source.isInteger && target.isInteger:
        return target.bounds!.contains(number) ? value : nil
    case (.bytes(let bytes), .date), (.bytes(let bytes), .datetime):
        return Value(parsing: bytes, as: target)
    case (.integer(let days), .datetime) where source == .date:
        return .integer(days * 86_400_000_000)
    default: return nil
    }
}

/// Brings both sides of a comparison to one type, or returns nil where there is none.
func comparable(
    _ left: BoundExpression, _ right: BoundExpression
) -> (BoundExpression, BoundExpression)? {
    if let pair = comparedAsDate(left, right) { return pair }
    if let pair = comparedAsDate(right, left) { return (pair.1, pair.0) }
    guard let type = LogicalType.comparisonType(left.type, right.type) else { return nil }
    return (orderable(coerce(left, to: type)), orderable(coerce(right, to: type)))
}

/// Replaces JSON, whose text says nothing about its order, by bytes that do.
func orderable(_ expression: BoundExpression) -> BoundExpression {
    let type = expression.type
    guard type.holdsJSON else { return expression }
    return .call(
        DocumentComparing.orderKey,
        FunctionSignature([type], returns: type.replacingJSON(by: .varbinary)), [expression])
}

/// Brings JSON into the form in which equal documents are equal texts: for keys that are shown.
func groupable(_ expression: BoundExpression) -> BoundExpression {
    let type = expression.type
    guard type.holdsJSON else { return expression }
    return .call(
        DocumentComparing.canonical, FunctionSignature([type], returns: type), [expression])
}

/// Gives the values of a type with JSON whose order keys were found.
func documents(of keys: BoundExpression, _ type: LogicalType) -> BoundExpression {
    guard type.holdsJSON else { return keys }
    return .call(
        DocumentComparing.document, FunctionSignature([keys.type], returns: type), [keys])
}

/// A date against a text or time that has no time of day compares as dates, without converting the
/// column.
private func comparedAsDate(
    _ left: BoundExpression, _ right: BoundExpression
) -> (BoundExpression, BoundExpression)? {
    guard left.type == .date, case .literal(let value, let type) = right else { return nil }
    var moment = value
    if case .bytes(let bytes) = value, type.isString {
        moment = Value(parsing: bytes, as: .datetime) ?? .null
    } else if type != .datetime {
        return nil
    }
    guard case .integer(let microseconds) = moment, microseconds % 86_400_000_000 == 0 else {
        return nil
    }
    return (left, .literal(.integer(microseconds / 86_400_000_000), .date))
}
