// CAST. Conversions among numbers, dates, datetimes and their texts have kernels; what is rare goes
// value by value. What does not fit or is malformed gives NULL, as StarRocks has it; TRY_CAST is the
// same.

import StarlingErrors
import StarlingFunctions
import StarlingKernels
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Converts values to another type.
struct CastStep: EvaluationStep {
    let operand: Int
    let conversion: Conversion

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        try conversion.convert(try frame.value(operand))
    }
}

/// Converts vectors of one type to another.
struct Conversion: Sendable {
    let source: LogicalType
    let target: LogicalType
    let sourceBounds: Bounds?
    let physicalType: PhysicalType

    func convert(_ value: Vector) throws(StarlingError) -> Vector {
        if value.isConstantNull || source == .null {
            return .allNull(as: target, physicalType, count: value.count)
        }
        if source.isNested, target.isNested {
            return try castNested(value, from: source, to: target)
        }
        if target.isNested, source != .json, !source.isString {
            // Only NULLs are here: nothing else converts to a nested type.
            return .allNull(as: target, physicalType, count: value.count)
        }
        switch CastKind(source, target) {
        case .none: return value
        case .relabel: return relabelled(value)
        case .rescale: return rescaled(value)
        case .numberToBoolean: return numberToBoolean(value)
        case .toFloating: return toFloating(value)
        case .fromFloating:
            return value.floatingToInteger(
                scale: target.scale, rounds: target.isDecimal,
                within: target.bounds ?? Bounds(0), layout: physicalType)
        case .dateToDateTime:
            return value.withIntegerLayout(.int64).multiplied(by: microsecondsPerDay)
                .withIntegerLayout(physicalType)
        case .dateTimeToDate:
            return value.withIntegerLayout(.int64).dividedDown(by: microsecondsPerDay)
                .withIntegerLayout(physicalType)
        case .byValue: return try convertEachValue(value)
        case .toJSON: return DocumentConversion.toJSON(value, from: source)
        case .fromJSON: return DocumentConversion.fromJSON(value, to: target, physicalType)
        case .throughJSON:
            let documents = DocumentConversion.toJSON(value, from: source)
            return DocumentConversion.fromJSON(documents, to: target, physicalType)
        }
    }

    /// Keeps the numbers, but for those that the target cannot hold.
    private func relabelled(_ value: Vector) -> Vector {
        guard let limit = target.bounds else { return value }
        if let sourceBounds, limit.contains(sourceBounds) {
            return value.withNumberLayout(physicalType)
        }
        guard let range = physicalType.integerBounds?.intersection(limit) else { return value }
        return value.narrowed(to: physicalType, within: range)
    }

    private func rescaled(_ value: Vector) -> Vector {
        let (from, to) = (source.scale, target.scale)
        let limit = target.bounds
        if to > from, let sourceBounds, let limit,
            let scaled = sourceBounds.multiplying(Bounds(powerOfTen(to - from))),
            limit.contains(scaled)
        {
            return value.scaledUp(digits: to - from, to: physicalType)
        }
        if !target.isDecimal {
            let whole = value.withIntegerLayout(.int128).dividedTowardZero(by: powerOfTen(from))
            let range = limit ?? Bounds(low: .min, high: .max)
            return whole.narrowed(
                to: physicalType, within: physicalType.integerBounds?.intersection(range) ?? range)
        }
        guard case .decimal(let precision, _) = target else { return value }
        return value.rescaled(from: from, to: to, precision: precision, layout: physicalType)
    }

    private func numberToBoolean(_ value: Vector) -> Vector {
        let zero =
            value.physicalType.isFloating
            ? Vector(constant: .floating(0), value.physicalType, count: value.count)
            : Vector(constant: .integer(0), value.physicalType, count: value.count)
        return compare(.notEqual, value, zero)
    }

    private func toFloating(_ value: Vector) -> Vector {
        value.physicalType.isFloating
            ? value.convertedToFloating(physicalType)
            : value.decimalToFloating(scale: source.scale, physicalType)
    }

    private func convertEachValue(_ value: Vector) throws(StarlingError) -> Vector {
        if value.isConstant {
            let converted = castValue(value.value(at: 0), from: source, to: target)
            return converted.isNull
                ? .allNull(physicalType, count: value.count)
                : Vector(constant: converted, physicalType, count: value.count)
        }
        if source.isString || source == .varbinary,
            let read = value.read(as: target, layout: physicalType)
        {
            return read
        }
        if target.isString || target == .varbinary, let written = value.written(as: source) {
            return written
        }
        var builder = VectorBuilder(physicalType)
        for row in 0..<value.count {
            builder.append(castValue(value.value(at: row), from: source, to: target))
        }
        return builder.finish()
    }
}

extension ExpressionCompiler {
    mutating func compileCast(
        _ operand: BoundExpression, _ target: LogicalType
    ) throws(StarlingError) -> Int {
        let source = operand.type
        let isOfJSON = source == .json || target == .json
        if let value = operand.constantValue, !target.isNested, !source.isNested, !isOfJSON {
            return try compile(.literal(castValue(value, from: source, to: target), target))
        }
        let child = try compile(operand)
        let kind = CastKind(source, target)
        if source.isNested || target.isNested, !source.isConvertible(to: target) {
            throw StarlingError(.unsupported, "CAST from \(source) to \(target)")
        }
        let input = nodeFacts(child)
        var bounds = target.bounds
        if let from = input.bounds, let limit = target.bounds,
            let converted = kind.bounds(of: from, source: source, target: target)
        {
            bounds = converted.intersection(limit) ?? Bounds(limit.low)
        }
        var facts = NodeFacts(
            type: target, physicalType: Self.physicalType(for: target, bounds), bounds: bounds,
            isNullable: true, cost: kind == .byValue || isOfJSON ? 100 : 1)
        if kind == .none { facts.physicalType = input.physicalType }
        let isTotal = kind == .none || kind == .relabel || kind == .dateToDateTime
        if isTotal, let from = input.bounds, let limit = target.bounds,
            kind == .dateToDateTime || limit.contains(from)
        {
            facts.isNullable = input.isNullable
            if kind != .dateToDateTime { facts.cost = 0 }
        }
        if kind == .none || kind == .toFloating { facts.isNullable = input.isNullable }
        return add(
            CastStep(
                operand: child,
                conversion: Conversion(
                    source: source, target: target, sourceBounds: input.bounds,
                    physicalType: facts.physicalType)),
            facts, children: [child])
    }
}
