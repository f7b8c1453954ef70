// Which conversion a pair of types needs, and what becomes of bounds.

import StarlingTypes

/// Names the ways to convert.
enum CastKind {
    /// The representation is the same.
    case none
    /// Numbers stay, but the target may not hold all of them.
    case relabel
    /// The scale changes: decimals to decimals and integers, integers to decimals.
    case rescale
    case numberToBoolean
    case toFloating
    case fromFloating
    case dateToDateTime
    case dateTimeToDate
    /// From and to texts by loops, what is rare through `castValue`.
    case byValue
    /// Through `DocumentConversion`.
    case toJSON
    case fromJSON
    /// A string of JSON to a nested type.
    case throughJSON

    init(_ source: LogicalType, _ target: LogicalType) {
        if source == target {
            self = .none
            return
        }
        if source.isOpaque || target.isOpaque {
            // As binary they are the bytes that they lie in.
            self = target == .varbinary || source == .null ? .none : .byValue
            return
        }
        if target == .json || source == .json, source != .null {
            self = target == .json ? .toJSON : .fromJSON
            return
        }
        if source.isString, target.isNested {
            self = .throughJSON
            return
        }
        let isWhole = source.isInteger || source == .boolean
        switch target {
        case .boolean where source.isNumeric: self = .numberToBoolean
        case .tinyint, .smallint, .int, .bigint, .largeint, .decimal:
            if isWhole || source.isDecimal {
                self = source.scale == target.scale ? .relabel : .rescale
            } else {
                self = source.isFloating ? .fromFloating : .byValue
            }
        case .float, .double: self = source.isNumeric ? .toFloating : .byValue
        case .datetime: self = source == .date ? .dateToDateTime : .byValue
        case .date: self = source == .datetime ? .dateTimeToDate : .byValue
        case .char, .varchar, .varbinary:
            self = source.widestPhysicalType == .string ? .none : .byValue
        case .array, .map, .structure: self = .byValue
        default: self = source == .null ? .none : .byValue
        }
    }

    /// Gives bounds of the result before the target's own limits.
    func bounds(of bounds: Bounds, source: LogicalType, target: LogicalType) -> Bounds? {
        switch self {
        case .none, .relabel: return bounds
        case .rescale:
            let digits = target.scale - source.scale
            if digits > 0 { return bounds.multiplying(Bounds(powerOfTen(digits))) }
            let divisor = powerOfTen(-digits)
            // One more on each side for rounding.
            return Bounds(low: bounds.low / divisor - 1, high: bounds.high / divisor + 1)
        case .dateToDateTime: return bounds.multiplying(Bounds(Int128(microsecondsPerDay)))
        case .dateTimeToDate:
            let day = Int128(microsecondsPerDay)
            return Bounds(low: bounds.low / day - 1, high: bounds.high / day)
        case .numberToBoolean, .toFloating, .fromFloating, .byValue, .toJSON, .fromJSON,
            .throughJSON:
            return nil
        }
    }
}
