// Evaluates bound expressions row by row over single values, slowly and plainly: what the
// vectorized evaluation is compared with.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Computes one expression for one row at a time.
package struct ReferenceEvaluator {
    package var row: [ColumnID: Value]
    package var session: SessionValues

    package init(row: [ColumnID: Value], session: SessionValues) {
        self.row = row
        self.session = session
    }

    package func evaluate(_ expression: BoundExpression) throws(StarlingError) -> Value {
        switch expression {
        case .column(let column): return row[column.id] ?? .null
        case .literal(let value, _): return value
        case .naming(let naming):
            var inner = self
            inner.row[naming.column.id] = try evaluate(naming.value)
            return try inner.evaluate(naming.body)
        case .call(let function, let signature, let arguments):
            return try call(function, signature, arguments)
        case .cast(let operand, let type):
            return referenceCast(try evaluate(operand), from: operand.type, to: type)
        case .comparison(let comparison, let left, let right):
            return truth(try compare(comparison, evaluate(left), evaluate(right)))
        case .and(let parts): return try connect(parts, decision: false)
        case .or(let parts): return try connect(parts, decision: true)
        case .not(let operand):
            guard let flag = try evaluate(operand).integer else { return .null }
            return .boolean(flag == 0)
        case .isNull(let operand): return .boolean(try evaluate(operand).isNull)
        case .conditional(let branches, let otherwise, _):
            for branch in branches where try evaluate(branch.condition).integer == 1 {
                return try evaluate(branch.result)
            }
            return try evaluate(otherwise)
        case .inList(let operand, let values):
            let value = try evaluate(operand)
            return value.isNull ? .null : .boolean(values.contains(value))
        case .like(let operand, let pattern, let escape):
            guard case .bytes(let text) = try evaluate(operand),
                case .bytes(let pattern) = try evaluate(pattern)
            else { return .null }
            return .boolean(
                referenceLike(
                    ArraySlice(String(decoding: text, as: UTF8.self).unicodeScalars),
                    ArraySlice(String(decoding: pattern, as: UTF8.self).unicodeScalars),
                    escape: Unicode.Scalar(escape ?? UInt8(ascii: "\\"))))
        case .lambda: throw StarlingError(.unsupported, "lambdas have no reference")
        case .subquery: throw StarlingError(.internal, "subqueries have no reference")
        }
    }

    private func truth(_ flag: Bool?) -> Value { flag.map { .boolean($0) } ?? .null }

    private func connect(
        _ parts: [BoundExpression], decision: Bool
    ) throws(StarlingError) -> Value {
        var sawNull = false
        for part in parts {
            let value = try evaluate(part)
            if let number = value.integer, (number != 0) == decision { return .boolean(decision) }
            sawNull = sawNull || value.isNull
        }
        return sawNull ? .null : .boolean(!decision)
    }

    private func compare(
        _ comparison: ComparisonOperator, _ left: Value, _ right: Value
    ) -> Bool? {
        if comparison == .nullSafeEqual, left.isNull || right.isNull {
            return left.isNull && right.isNull
        }
        if left.isNull || right.isNull { return nil }
        return referenceCompare(comparison, left, right)
    }

    private func call(
        _ function: ScalarFunction, _ signature: FunctionSignature, _ arguments: [BoundExpression]
    ) throws(StarlingError) -> Value {
        if function.name == "if" {
            return try evaluate(arguments[evaluate(arguments[0]).integer == 1 ? 1 : 2])
        }
        if function.name == "coalesce" {
            for argument in arguments {
                let value = try evaluate(argument)
                if !value.isNull { return value }
            }
            return .null
        }
        var vectors: [Vector] = []
        for (position, argument) in arguments.enumerated() {
            let value = try evaluate(argument)
            if value.isNull, function.nullHandling == .propagates { return .null }
            let type = signature.argumentTypes[position].widestPhysicalType
            vectors.append(Vector(constant: value, type, count: 1))
        }
        let invocation = FunctionInvocation(
            arguments: vectors, signature: signature,
            resultPhysicalType: signature.resultType.widestPhysicalType, count: 1,
            session: session)
        return try function.evaluate(invocation).value(at: 0)
    }
}

/// Compares two values of one kind, neither of them NULL.
package func referenceCompare(
    _ comparison: ComparisonOperator, _ left: Value, _ right: Value
) -> Bool {
    func decide<Element: Comparable>(_ a: Element, _ b: Element) -> Bool {
        switch comparison {
        case .equal, .nullSafeEqual: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        }
    }
    switch (left, right) {
    case (.integer(let a), .integer(let b)): return decide(a, b)
    case (.floating(let a), .floating(let b)):
        // NaN is equal to NaN and greater than all other numbers.
        if a.isNaN || b.isNaN { return decide(a.isNaN ? 1 : 0, b.isNaN ? 1 : 0) }
        return decide(a, b)
    case (.bytes(let a), .bytes(let b)):
        let order = a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
        return decide(order, 0)
    default: preconditionFailure("values of different kinds")
    }
}

/// Matches a LIKE pattern character by character.
package func referenceLike(
    _ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>,
    escape: Unicode.Scalar
) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = pattern.dropFirst()
    if first == escape, let next = rest.first {
        return text.first == next
            && referenceLike(text.dropFirst(), rest.dropFirst(), escape: escape)
    }
    switch first {
    case "%":
        return referenceLike(text, rest, escape: escape)
            || (!text.isEmpty && referenceLike(text.dropFirst(), pattern, escape: escape))
    case "_": return !text.isEmpty && referenceLike(text.dropFirst(), rest, escape: escape)
    default:
        return text.first == first && referenceLike(text.dropFirst(), rest, escape: escape)
    }
}

/// Converts between numbers; other pairs are not needed here.
private func referenceCast(
    _ value: Value, from source: LogicalType, to target: LogicalType
) -> Value {
    guard !value.isNull, source != target else { return value }
    switch (value, target) {
    case (.integer(let number), .float), (.integer(let number), .double):
        return .floating(Double(number) / Double(powerOfTen(source.scale)))
    case (.integer(let number), .decimal(let precision, let scale)):
        var scaled = number
        if scale >= source.scale {
            let (product, overflow) = number.multipliedReportingOverflow(
                by: powerOfTen(scale - source.scale))
            if overflow { return .null }
            scaled = product
        } else {
            let divisor = powerOfTen(source.scale - scale)
            let half = divisor / 2
            scaled = (number >= 0 ? number + half : number - half) / divisor
        }
        return abs(scaled) < powerOfTen(precision) ? .integer(scaled) : .null
    case (.integer(let number), .boolean): return .boolean(number != 0)
    case (.integer(let number), _) where target.isInteger && !source.isTemporal:
        let whole = number / powerOfTen(source.scale)
        return target.bounds!.contains(whole) ? .integer(whole) : .null
    case (.integer(let days), .datetime): return .integer(days * 86_400_000_000)
    case (.integer(let number), .varchar):
        let sign = number < 0 ? "-" : ""
        let digits = String(number.magnitude)
        guard source.scale > 0 else { return .text(sign + digits) }
        let missing = max(0, source.scale + 1 - digits.count)
        let padded = String(repeating: "0", count: missing) + digits
        return .text(sign + padded.dropLast(source.scale) + "." + padded.suffix(source.scale))
    default: preconditionFailure("no reference for CAST from \(source) to \(target)")
    }
}
