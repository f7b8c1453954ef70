// How a file's column becomes the table's: of a wider type, and instants as clocks show them. None of
// these loses anything: a value that a type does not keep is NULL and counted.

import StarlingFormats
import StarlingKernels
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Names the way from a file's type to the table's.
indirect enum ColumnConversion: Sendable, Hashable {
    /// The same values in memory, if perhaps in a wider layout.
    case direct
    /// Integers or unscaled decimals that get more digits behind the point.
    case scaledUp(digits: Int)
    /// Numbers with `scale` digits behind the point, or FLOAT, as DOUBLE.
    case floating(scale: Int)
    /// The same for numbers of so many digits that DOUBLE does not keep those of all.
    case keptFloating(scale: Int)
    case dateToDateTime
    case text(LogicalType)
    /// Fields of structures, or what lies in arrays and maps, each in its own way.
    case nested([NestedPart])
    /// Instants as clocks show them, and what becomes of that.
    case clock(WallClock, then: ColumnConversion)

    /// - Parameter clock: what instants are shown by; nil where that is UTC.
    init(
        from source: LogicalType, to target: LogicalType, instants: InstantPlaces = .none,
        clock: WallClock? = nil
    ) {
        let instants = clock == nil ? .none : instants
        if let clock, instants == .value {
            self = .clock(clock, then: ColumnConversion(from: source, to: target))
        } else if source == .null || (source == target && instants == .none) {
            self = .direct
        } else if let parts = NestedPart.parts(from: source, to: target, instants, clock) {
            self = .nested(parts)
        } else if target == .double || target == .float {
            let isLong = source.asDecimal.map { $0.precision > 15 } ?? false
            self = isLong ? .keptFloating(scale: source.scale) : .floating(scale: source.scale)
        } else if source == .date, target == .datetime {
            self = .dateToDateTime
        } else if source.isNumeric, target.isNumeric {
            let digits = target.scale - source.scale
            self = digits == 0 ? .direct : .scaledUp(digits: digits)
        } else if source.isString, target.isString {
            self = .direct
        } else {
            self = .text(source)
        }
    }

    /// The layout to ask the file for, where the table's is `wanted`.
    func layout(in source: LogicalType, wanted: PhysicalType) -> PhysicalType {
        self == .direct ? wanted : source.widestPhysicalType
    }

    /// Converts values; `lostCount` counts those that the type does not keep, which become NULL.
    func convert(_ vector: Vector, to type: PhysicalType, lostCount: inout Int) -> Vector {
        switch self {
        case .direct: return vector
        case .scaledUp(let digits):
            return vector.withIntegerLayout(.int128).scaledUp(digits: digits, to: .int128)
                .withIntegerLayout(type)
        case .floating(let scale): return vector.decimalToFloating(scale: scale, type)
        case .keptFloating(let scale):
            return vector.keepingFloating(scale: scale, lostCount: &lostCount)
        case .clock(let clock, let next):
            let shown = vector.shown(by: clock, lostCount: &lostCount)
            if next == .direct { return shown.withIntegerLayout(type) }
            return next.convert(shown, to: type, lostCount: &lostCount)
        case .dateToDateTime:
            return vector.withIntegerLayout(.int64)
                .multiplied(by: microsecondsPerDay).withIntegerLayout(type)
        case .text(let source): return Self.text(of: vector, source)
        case .nested(let parts):
            var result = vector.flattened()
            let children = result.children?.vectors ?? []
            let count = type == .list ? children.first?.count ?? 0 : result.count
            var converted: [Vector] = []
            for part in parts {
                converted.append(part.converted(children, count: count, lostCount: &lostCount))
            }
            result.children = NestedVectors(converted)
            return result
        }
    }

    /// Renders value by value: types that meet in STRING are rare, and meet by mistake.
    private static func text(of vector: Vector, _ type: LogicalType) -> Vector {
        let count = vector.isConstant ? min(1, vector.count) : vector.count
        var result = Vector(uninitialized: .string, count: count)
        let heap = StringHeap()
        let output = result.pointer(to: StringReference.self)
        for row in 0..<count {
            var bytes: [UInt8] = []
            let value = vector.value(at: row)
            if !value.isNull { value.appendText(as: type, to: &bytes) }
            output[row] = heap.add(bytes)
        }
        if let validity = vector.validity {
            let copy = Validity(count: count, allValid: true)
            for row in 0..<count where !validity.isValid(row) { copy.setNull(row) }
            result.validity = copy
        }
        result.owner = heap
        if vector.isConstant {
            result.encoding = .constant
            result.count = vector.count
        }
        return result
    }

    /// Says what holds of the converted column.
    func convert(_ statistics: ColumnStatistics) -> ColumnStatistics {
        var result = statistics
        switch self {
        case .direct: return statistics
        case .scaledUp(let digits):
            let factor = powerOfTen(digits)
            result.low = Self.scaled(statistics.low, by: factor)
            result.high = Self.scaled(statistics.high, by: factor)
        case .dateToDateTime:
            result.low = Self.scaled(statistics.low, by: Int128(microsecondsPerDay))
            result.high = Self.scaled(statistics.high, by: Int128(microsecondsPerDay))
        case .floating, .text, .nested:
            result.low = nil
            result.high = nil
        case .keptFloating:
            result.low = nil
            result.high = nil
            result.nullCount = nil
        case .clock(let clock, let next): return next.convert(Self.shown(statistics, by: clock))
        }
        return result
    }

    /// Says what clocks show of instants between two bounds: at least and at most.
    private static func shown(
        _ statistics: ColumnStatistics, by clock: WallClock
    ) -> ColumnStatistics {
        var result = statistics
        let isSteady = clock.offsets.lowerBound == clock.offsets.upperBound
        result.low = moved(statistics.low, bySeconds: clock.offsets.lowerBound)
        result.high = moved(statistics.high, bySeconds: clock.offsets.upperBound)
        result.isLowExact = statistics.isLowExact && isSteady
        result.isHighExact = statistics.isHighExact && isSteady
        let allowed = LogicalType.datetime.bounds
        let isInside = result.bounds.map { allowed?.contains($0) ?? true } ?? false
        if !isInside {
            // Some may be moments that no DATETIME is.
            (result.low, result.high, result.nullCount) = (nil, nil, nil)
        }
        return result
    }

    private static func moved(_ value: Value?, bySeconds seconds: Int64) -> Value? {
        value?.integer.map { .integer($0 + Int128(seconds) * 1_000_000) }
    }

    private static func scaled(_ value: Value?, by factor: Int128) -> Value? {
        guard let number = value?.integer else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: factor)
        return overflows ? nil : .integer(product)
    }
}
