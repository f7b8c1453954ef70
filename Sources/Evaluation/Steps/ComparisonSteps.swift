// Comparisons, set membership, LIKE and null tests.

import StarlingErrors
import StarlingKernels
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Compares two values.
struct ComparisonStep: EvaluationStep {
    let comparison: ComparisonOperator
    let left: Int
    let right: Int

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        compare(comparison, try frame.value(left), try frame.value(right))
    }
}

/// Tells whether an integer lies within constant bounds.
struct RangeStep: EvaluationStep {
    let operand: Int
    let range: Bounds

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        try frame.value(operand).mask(within: range)
    }
}

/// Tells whether a value belongs to a constant set.
struct SetStep: EvaluationStep {
    enum Members: Sendable {
        case integers(IntegerSet)
        case strings(StringSet)
        case numbers([Double])
    }

    let operand: Int
    let members: Members

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        let value = try frame.value(operand)
        switch members {
        case .integers(let set): return set.mask(value)
        case .strings(let set): return set.mask(value)
        case .numbers(let numbers): return mask(value, in: numbers)
        }
    }
}

/// Matches a constant pattern.
struct LikeStep: EvaluationStep {
    let operand: Int
    let pattern: LikePattern

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        pattern.mask(try frame.value(operand))
    }
}

/// Matches a pattern that differs from row to row.
struct VariableLikeStep: EvaluationStep {
    let operand: Int
    let pattern: Int
    let escape: UInt8?

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        let texts = try frame.value(operand).flattened()
        let patterns = try frame.value(pattern).flattened()
        var result = Vector(uninitialized: .int8, count: frame.count)
        let mask = result.pointer(to: UInt8.self)
        let (text, sample) = (
            texts.pointer(to: StringReference.self), patterns.pointer(to: StringReference.self)
        )
        for row in 0..<frame.count {
            guard texts.isValid(row), patterns.isValid(row) else {
                mask[row] = 0
                continue
            }
            let compiled = LikePattern(sample[row].bytes, escape: escape)
            mask[row] = text[row].withBytes { compiled.matches($0) } ? 1 : 0
        }
        result.validity = Validity.intersection(
            texts.validity, patterns.validity, count: frame.count)
        return result
    }
}

/// Tells whether a value is NULL.
struct NullTestStep: EvaluationStep {
    let operand: Int

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        try frame.value(operand).nullMask()
    }
}

extension ExpressionCompiler {
    mutating func compileComparison(
        _ comparison: ComparisonOperator, _ left: BoundExpression, _ right: BoundExpression
    ) throws(StarlingError) -> Int {
        if left.type.isNested || right.type.isNested {
            return try compileComparison(comparison, left.asPackedKey, right.asPackedKey)
        }
        let (first, second) = (try compile(left), try compile(right))
        let isNullable =
            comparison != .nullSafeEqual
            && (nodeFacts(first).isNullable || nodeFacts(second).isNullable)
        let isText = nodeFacts(first).physicalType == .string
        return add(
            ComparisonStep(comparison: comparison, left: first, right: second),
            truthFacts(isNullable: isNullable, cost: isText ? 3 : 0.5), children: [first, second])
    }

    /// Adds `range.low <= operand <= range.high`.
    mutating func compileRange(
        _ operand: BoundExpression, _ range: Bounds
    ) throws(StarlingError) -> Int {
        let child = try compile(operand)
        let facts = truthFacts(isNullable: nodeFacts(child).isNullable, cost: 0.5)
        return add(RangeStep(operand: child, range: range), facts, children: [child])
    }

    mutating func compileSet(
        _ operand: BoundExpression, _ values: [Value]
    ) throws(StarlingError) -> Int {
        if operand.type.isNested {
            return try compile(
                .or(
                    values.map {
                        .comparison(.equal, operand, .literal($0, operand.type))
                    }))
        }
        let child = try compile(operand)
        let members: SetStep.Members
        let physicalType = nodeFacts(child).physicalType
        if physicalType.isInteger {
            members = .integers(IntegerSet(values.compactMap(\.integer)))
        } else if physicalType == .string {
            members = .strings(
                StringSet(
                    values.compactMap { if case .bytes(let bytes) = $0 { bytes } else { nil } }))
        } else if physicalType.isFloating {
            members = .numbers(
                values.compactMap {
                    if case .floating(let number) = $0 { number } else { nil }
                })
        } else {
            throw StarlingError(.unsupported, "IN for values of type \(operand.type)")
        }
        let facts = truthFacts(isNullable: nodeFacts(child).isNullable, cost: 4)
        return add(SetStep(operand: child, members: members), facts, children: [child])
    }

    mutating func compileLike(
        _ operand: BoundExpression, _ pattern: BoundExpression, _ escape: UInt8?
    ) throws(StarlingError) -> Int {
        let child = try compile(operand)
        if case .bytes(let text)? = pattern.constantValue {
            let facts = truthFacts(isNullable: nodeFacts(child).isNullable, cost: 30)
            let step = LikeStep(operand: child, pattern: LikePattern(text, escape: escape))
            return add(step, facts, children: [child])
        }
        let other = try compile(pattern)
        let isNullable = nodeFacts(child).isNullable || nodeFacts(other).isNullable
        return add(
            VariableLikeStep(operand: child, pattern: other, escape: escape),
            truthFacts(isNullable: isNullable, cost: 100), children: [child, other])
    }
}
