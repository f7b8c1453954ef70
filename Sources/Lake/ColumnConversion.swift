// How a file's column becomes one of a wider type. None of these loses anything.

import StarlingKernels
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Names the way from a file's type to the table's.
enum ColumnConversion: Sendable, Hashable {
    /// The same values in memory, if perhaps in a wider layout.
    case direct
    /// Integers or unscaled decimals that get more digits behind the point.
    case scaledUp(digits: Int)
    /// Numbers with `scale` digits behind the point, or FLOAT, as DOUBLE.
    case floating(scale: Int)
    case dateToDateTime
    case text(LogicalType)
    /// Fields of structures, or what lies in arrays and maps, each in its own way.
    case nested([NestedPart])

    init(from source: LogicalType, to target: LogicalType) {
        if source == target || source == .null {
            self = .direct
        } else if let parts = NestedPart.parts(from: source, to: target) {
            self = .nested(parts)
        } else if target == .double || target == .float {
            self = .floating(scale: source.scale)
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

    func convert(_ vector: Vector, to type: PhysicalType) -> Vector {
        switch self {
        case .direct: return vector
        case .scaledUp(let digits):
            return vector.withIntegerLayout(.int128).scaledUp(digits: digits, to: .int128)
                .withIntegerLayout(type)
        case .floating(let scale): return vector.decimalToFloating(scale: scale, type)
        case .dateToDateTime:
            return vector.withIntegerLayout(.int64)
                .multiplied(by: microsecondsPerDay).withIntegerLayout(type)
        case .text(let source): return Self.text(of: vector, source)
        case .nested(let parts):
            var result = vector.flattened()
            let children = result.children?.vectors ?? []
            let count = type == .list ? children.first?.count ?? 0 : result.count
            result.children = NestedVectors(parts.map { $0.converted(children, count: count) })
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
        }
        return result
    }

    private static func scaled(_ value: Value?, by factor: Int128) -> Value? {
        guard let number = value?.integer else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: factor)
        return overflows ? nil : .integer(product)
    }
}
