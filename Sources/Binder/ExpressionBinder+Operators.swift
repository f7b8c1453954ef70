// Operators: arithmetic, comparisons, logic, patterns, CASE.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    func bindUnary(
        _ op: UnaryOperator, _ operand: Expression
    ) throws(StarlingError) -> BoundExpression {
        // The digits of the least LARGEINT alone are none.
        if op == .minus, operand.kind == .literal(.integer("\(Int128.min.magnitude)")) {
            return .literal(.integer(.min), .largeint)
        }
        let bound = try bind(operand)
        switch op {
        case .plus: return bound
        case .bitNot: return try call("bitnot", [bound])
        case .minus:
            if case .literal(.integer(let number), let type) = bound,
                type.isInteger || type.isDecimal, number != .min
            {
                return negatedLiteral(number, type)
            }
            if case .literal(.floating(let number), let type) = bound {
                return .literal(.floating(-number), type)
            }
            return try call("negate", [bound])
        }
    }

    /// -128 is a TINYINT although 128 is none.
    private func negatedLiteral(_ number: Int128, _ type: LogicalType) -> BoundExpression {
        guard type.isInteger else { return .literal(.integer(-number), type) }
        let types: [LogicalType] = [.tinyint, .smallint, .int, .bigint, .largeint]
        let smallest = types.first { $0.bounds!.contains(-number) } ?? .largeint
        return .literal(.integer(-number), smallest)
    }

    func bindBinary(
        _ op: BinaryOperator, _ left: Expression, _ right: Expression
    ) throws(StarlingError) -> BoundExpression {
        if op.isComparison {
            if case .row(let lefts) = left.kind, case .row(let rights) = right.kind {
                return try compareRows(op, lefts, rights)
            }
            return try compare(comparison(op), try bind(left), try bind(right))
        }
        if case .interval(let amount, let unit) = right.kind, op == .add || op == .subtract {
            return try shift(try bind(left), amount, unit, isForward: op == .add)
        }
        if case .interval(let amount, let unit) = left.kind, op == .add {
            return try shift(try bind(right), amount, unit, isForward: true)
        }
        switch op {
        case .shiftLeft: return try bindShift("bit_shift_left", left, right)
        case .shiftRight: return try bindShift("bit_shift_right", left, right)
        case .shiftRightLogical: return try bindShift("bit_shift_right_logical", left, right)
        default: break
        }
        let arguments = [try bind(left), try bind(right)]
        switch op {
        case .add: return try call("add", arguments)
        case .subtract: return try call("subtract", arguments)
        case .multiply: return try call("multiply", arguments)
        case .divide: return try call("divide", arguments)
        case .integerDivide: return try call("int_divide", arguments)
        case .modulo: return try call("mod", arguments)
        case .bitAnd: return try call("bitand", arguments)
        case .bitOr: return try call("bitor", arguments)
        case .bitXor: return try call("bitxor", arguments)
        case .concat: return try call("concat", arguments)
        case .jsonValue: return try call("json_query", arguments)
        case .jsonText: return try call("get_json_string", arguments)
        default: throw StarlingError(.internal, "operator \(op.rawValue) is not bound")
        }
    }

    /// Shifts bits. A number that stands in the text is a BIGINT, unless CAST says what it is.
    func bindShift(
        _ name: String, _ number: Expression, _ count: Expression
    ) throws(StarlingError) -> BoundExpression {
        var value = try bind(number)
        let isCast = if case .cast = number.kind { true } else { false }
        if !isCast, let digits = value.constantInteger, value.type != .largeint,
            LogicalType(literal: digits) == value.type
        {
            value = coerce(value, to: .bigint)
        }
        return try call(name, [value, try bind(count)])
    }

    /// Adds an interval to a date or takes it away.
    func shift(
        _ date: BoundExpression, _ amount: Expression, _ unit: IntervalUnit, isForward: Bool
    ) throws(StarlingError) -> BoundExpression {
        var count = try bind(amount)
        if case .literal(.bytes(let bytes), _) = count,
            let number = Int128(String(decoding: bytes, as: UTF8.self))
        {
            count = .literal(.integer(number), .int)
        }
        var date = date
        if case .literal(.bytes, let type) = date, type.isString {
            let asDate = coerce(date, to: .datetime)
            if case .literal = asDate { date = asDate }
        }
        return try call(
            unit.rawValue.lowercased() + (isForward ? "s_add" : "s_sub"), [date, count])
    }

    private func comparison(_ op: BinaryOperator) -> ComparisonOperator {
        switch op {
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .nullSafeEqual: .nullSafeEqual
        default: .equal
        }
    }

    func compare(
        _ comparison: ComparisonOperator, _ left: BoundExpression, _ right: BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        guard let (left, right) = comparable(left, right) else {
            if let type = left.type.opaquePart ?? right.type.opaquePart {
                throw StarlingError(
                    .binding,
                    "values of type \(type) cannot be compared; compare what its "
                        + "functions give")
            }
            throw StarlingError(
                .binding,
                "\(left.type) and \(right.type) cannot be compared; cast one of them")
        }
        return .comparison(comparison, left, right)
    }

    /// Compares rows from left to right, as SQL orders them.
    private func compareRows(
        _ op: BinaryOperator, _ lefts: [Expression], _ rights: [Expression]
    ) throws(StarlingError) -> BoundExpression {
        guard lefts.count == rights.count else {
            throw StarlingError(
                .binding, "rows of \(lefts.count) and \(rights.count) values cannot be compared")
        }
        let pairs = try mapAll(Array(zip(lefts, rights))) {
            (pair) throws(StarlingError) -> (BoundExpression, BoundExpression) in
            (try bind(pair.0), try bind(pair.1))
        }
        let wanted = comparison(op)
        func all(_ comparison: ComparisonOperator) throws(StarlingError) -> BoundExpression {
            .conjunction(
                try mapAll(pairs) { (pair) throws(StarlingError) in
                    try compare(comparison, pair.0, pair.1)
                })
        }
        switch wanted {
        case .equal, .nullSafeEqual: return try all(wanted)
        case .notEqual: return .not(try all(.equal))
        default: return try order(wanted, pairs[...])
        }
    }

    /// Compares rows from the first pair on: (a, b) < (c, d) is a < c, or a = c and b < d. The last
    /// pair keeps the "or equal".
    private func order(
        _ wanted: ComparisonOperator, _ pairs: ArraySlice<(BoundExpression, BoundExpression)>
    ) throws(StarlingError) -> BoundExpression {
        let (left, right) = pairs[pairs.startIndex]
        guard pairs.count > 1 else { return try compare(wanted, left, right) }
        let strict: ComparisonOperator =
            wanted == .less || wanted == .lessOrEqual ? .less : .greater
        return try left.named(by: binder.allocator) { (left) throws(StarlingError) in
            try right.named(by: binder.allocator) { (right) throws(StarlingError) in
                .or([
                    try compare(strict, left, right),
                    .and([
                        try compare(.equal, left, right), try order(wanted, pairs.dropFirst()),
                    ]),
                ])
            }
        }
    }

    func bindLogical(
        _ op: LogicalOperator, _ operands: [Expression]
    ) throws(StarlingError) -> BoundExpression {
        let bound = try mapAll(operands) { (operand) throws(StarlingError) in
            try bindCondition(operand)
        }
        switch op {
        case .and: return .and(bound)
        case .or: return .or(bound)
        case .xor:
            return bound.dropFirst().reduce(bound[0]) { .comparison(.notEqual, $0, $1) }
        }
    }

    // MARK: IN, LIKE, CASE

    func bindInList(
        _ operand: Expression, _ values: [Expression]
    ) throws(StarlingError) -> BoundExpression {
        if case .row(let parts) = operand.kind { return try bindRowInList(parts, values) }
        let bound = try mapAll(values) { (value) throws(StarlingError) in try bind(value) }
        return try bind(operand).named(by: binder.allocator) { (left) throws(StarlingError) in
            try membership(of: left, in: bound)
        }
    }

    private func membership(
        of left: BoundExpression, in bound: [BoundExpression]
    ) throws(StarlingError) -> BoundExpression {
        // The operand takes another form for each type of value that it is compared with.
        var lists: [(operand: BoundExpression, constants: [Value])] = []
        var others: [BoundExpression] = []
        for value in bound {
            guard let pair = comparable(left, value) else {
                throw StarlingError(
                    .binding, "\(left.type) and \(value.type) cannot be compared; cast one of them")
            }
            guard case .literal(let constant, _) = pair.1, !constant.isNull else {
                others.append(.comparison(.equal, pair.0, pair.1))
                continue
            }
            if let place = lists.firstIndex(where: { $0.operand == pair.0 }) {
                lists[place].constants.append(constant)
            } else {
                lists.append((pair.0, [constant]))
            }
        }
        let listed = lists.map { operand, constants -> BoundExpression in
            constants.count == 1
                ? .comparison(.equal, operand, .literal(constants[0], operand.type))
                : .inList(operand, constants)
        }
        let all = listed + others
        return all.count == 1 ? all[0] : .or(all)
    }

    private func bindRowInList(
        _ parts: [Expression], _ values: [Expression]
    ) throws(StarlingError) -> BoundExpression {
        let matches = try mapAll(values) { (value) throws(StarlingError) -> BoundExpression in
            guard case .row(let rights) = value.kind else {
                throw StarlingError(
                    .binding, "a row can only be IN a list of rows", at: value.range)
            }
            return try compareRows(.equal, parts, rights)
        }
        return matches.count == 1 ? matches[0] : .or(matches)
    }

    func bindPattern(_ predicate: PatternPredicate) throws(StarlingError) -> BoundExpression {
        let operand = try bind(predicate.value)
        let value = coerce(operand, to: .string)
        let pattern = coerce(try bind(predicate.pattern), to: .string)
        var escape: UInt8? = UInt8(ascii: "\\")
        if let clause = predicate.escape {
            guard case .literal(.bytes(let bytes), _) = try bind(clause), bytes.count <= 1 else {
                throw StarlingError(.binding, "ESCAPE takes one character", at: clause.range)
            }
            escape = bytes.first
        }
        let result: BoundExpression
        switch predicate.operator {
        case .like: result = .like(value, pattern: pattern, escape: escape)
        case .ilike:
            result = .like(
                try call("lower", [value]), pattern: try call("lower", [pattern]), escape: escape)
        case .regexp: result = try call("regexp", [value, pattern])
        case .match: result = try match(.match, operand, pattern)
        case .matchAny: result = try match(.any, operand, pattern)
        case .matchAll: result = try match(.all, operand, pattern)
        case .matchPhrase: result = try match(.phrase, operand, pattern)
        case .matchRegexp: result = try match(.expression, operand, pattern)
        }
        return negate(result, if: predicate.isNegated)
    }

    func bindConditional(_ conditional: Conditional) throws(StarlingError) -> BoundExpression {
        guard let operand = conditional.operand else {
            return try bindBranches(conditional, comparing: nil)
        }
        return try bind(operand).named(by: binder.allocator) { (value) throws(StarlingError) in
            try bindBranches(conditional, comparing: value)
        }
    }

    private func bindBranches(
        _ conditional: Conditional, comparing operand: BoundExpression?
    ) throws(StarlingError) -> BoundExpression {
        var branches: [ConditionalBranch] = []
        for branch in conditional.branches {
            let condition: BoundExpression
            if let operand {
                condition = try compare(.equal, operand, try bind(branch.condition))
            } else {
                condition = try bindCondition(branch.condition)
            }
            branches.append(
                ConditionalBranch(condition: condition, result: try bind(branch.result)))
        }
        var otherwise = BoundExpression.null(.null)
        if let source = conditional.otherwise { otherwise = try bind(source) }
        return try makeConditional(branches, otherwise)
    }

    /// Brings the results of all branches to one type.
    func makeConditional(
        _ branches: [ConditionalBranch], _ otherwise: BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        let type = try commonType(of: branches.map(\.result) + [otherwise])
        let cast = branches.map {
            ConditionalBranch(condition: $0.condition, result: coerce($0.result, to: type))
        }
        return .conditional(cast, otherwise: coerce(otherwise, to: type), type)
    }

    /// The type that all results are brought to.
    func commonType(of results: [BoundExpression]) throws(StarlingError) -> LogicalType {
        let types = results.map(\.type)
        guard let type = LogicalType.commonType(types) else {
            throw StarlingError(
                .binding,
                "the results have no common type: "
                    + types.map(\.description).joined(separator: ", "))
        }
        return type
    }
}
