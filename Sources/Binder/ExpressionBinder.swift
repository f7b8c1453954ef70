// Binds expressions: names to columns, calls to functions, operands to common types.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

final class ExpressionBinder {
    let binder: QueryBinder
    let scope: Scope
    /// Where aggregates and windows go; nil in clauses that allow none.
    var calls: CallCollector?
    /// Names of the select list that may be used here.
    var aliases: [String: BoundExpression] = [:]
    var aliasesComeFirst = false
    /// For messages.
    var clause = "this place"
    var isInsideAggregate = false
    var isInsideWindow = false
    private var depth = 0
    /// Where what is being bound stands in the statement's text.
    private(set) var place: TextRange?

    init(_ binder: QueryBinder, scope: Scope) {
        self.binder = binder
        self.scope = scope
    }

    var environment: any BinderEnvironment { binder.environment }

    func bind(_ expression: Expression) throws(StarlingError) -> BoundExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth < 1_500 else {
            throw StarlingError(
                .binding, "the expression is nested too deeply", at: expression.range)
        }
        let around = place
        place = binder.viewPlace ?? expression.range
        defer { place = around }
        do {
            return try bindKind(expression).placed(at: place)
        } catch { throw error.located(at: expression.range) }
    }

    /// Binds a condition; numbers are true where they are not 0.
    func bindCondition(_ expression: Expression) throws(StarlingError) -> BoundExpression {
        let bound = try bind(expression)
        return try asCondition(bound, expression)
    }

    func asCondition(
        _ bound: BoundExpression, _ source: Expression
    ) throws(StarlingError) -> BoundExpression {
        switch bound.type {
        case .boolean: return bound
        case .null: return .null(.boolean)
        case let type where type.isNumeric || type.isString: return coerce(bound, to: .boolean)
        default:
            throw StarlingError(
                .binding, "a condition is BOOLEAN, not \(bound.type)", at: source.range)
        }
    }

    private func bindKind(_ expression: Expression) throws(StarlingError) -> BoundExpression {
        switch expression.kind {
        case .literal(let literal): return try bindLiteral(literal)
        case .column(let name): return try bindColumn(name)
        case .parameter(let parameter):
            guard let value = environment.expression(of: parameter) else {
                throw StarlingError(.binding, "no value is given for this parameter")
            }
            return value
        case .userVariable(let name):
            guard let (value, type) = environment.value(ofUserVariable: name.text) else {
                return .null(.null)
            }
            return .literal(value, type)
        case .systemVariable(let name, _): return try bindSystemVariable(name.text)
        case .unary(let op, let operand): return try bindUnary(op, operand)
        case .binary(let op, let left, let right): return try bindBinary(op, left, right)
        case .logical(let op, let operands): return try bindLogical(op, operands)
        case .not(let operand): return .not(try bindCondition(operand))
        case .isNull(let operand, let isNegated):
            return negate(try isNull(try bind(operand)), if: isNegated)
        case .isTruth(let operand, let value, let isNegated):
            return try bindCondition(operand).named(by: binder.allocator) { condition in
                let holds: BoundExpression = value ? condition : .not(condition)
                return negate(.and([.not(.isNull(condition)), holds]), if: isNegated)
            }
        case .isDistinct(let left, let right, let isNegated):
            let same = try compare(.nullSafeEqual, try bind(left), try bind(right))
            return negate(same, if: !isNegated)
        case .between(let operand, let lower, let upper, let isNegated):
            let range = try bind(operand).named(by: binder.allocator) {
                (value) throws(StarlingError) in
                .and([
                    try compare(.greaterOrEqual, value, try bind(lower)),
                    try compare(.lessOrEqual, value, try bind(upper)),
                ])
            }
            return negate(range, if: isNegated)
        case .inList(let operand, let values, let isNegated):
            return negate(try bindInList(operand, values), if: isNegated)
        case .inQuery(let operand, let query, let isNegated):
            return negate(try bindAny(operand, .equal, query), if: isNegated)
        case .pattern(let predicate): return try bindPattern(predicate)
        case .exists(let query): return try bindExists(query)
        case .scalarQuery(let query): return try bindScalarQuery(query)
        case .quantified(let op, let operand, let quantifier, let query):
            return try bindQuantified(op, operand, quantifier, query)
        case .conditional(let conditional): return try bindConditional(conditional)
        case .cast(let operand, let typeName, let isTry):
            return try bindCast(operand, try LogicalType(typeName), isTry, expression.range)
        case .extract(let unit, let operand):
            return try bindExtract(unit, try bind(operand))
        case .call(let functionCall): return try bindCall(functionCall, expression)
        case .interval:
            throw StarlingError(
                .binding,
                "INTERVAL is added to or taken from a date, or given to a function that says so, "
                    + "such as date_add(), time_slice() and array_generate()")
        case .row:
            throw StarlingError(.binding, "a row of values can only be compared or tested with IN")
        case .defaultValue:
            throw StarlingError(.binding, "DEFAULT can only be used in INSERT and UPDATE")
        case .array, .map, .element, .slice, .field, .lambda: return try bindNested(expression)
        case .atTimeZone:
            throw StarlingError(
                .unsupported, "AT TIME ZONE is parsed but not executed by this version")
        }
    }

    private func bindCast(
        _ operand: Expression, _ type: LogicalType, _ isTry: Bool, _ place: TextRange
    ) throws(StarlingError) -> BoundExpression {
        let value = try bind(operand)
        guard value.type.isConvertible(to: type) else {
            throw StarlingError(.binding, "\(value.type) cannot be cast to \(type)", at: place)
        }
        return isTry ? coerceExplicitly(value, to: type) : try checkedCast(value, to: type)
    }

    private func bindSystemVariable(_ name: String) throws(StarlingError) -> BoundExpression {
        guard let (value, type) = environment.value(ofSetting: name) else {
            let near = nearestName(to: name, among: environment.settingNames)
            throw StarlingError(.binding, "there is no variable '\(name)'\(suggestion(near))")
        }
        return .literal(value, type)
    }

    /// JSON's own null is NULL to this question, as StarRocks has it.
    private func isNull(_ operand: BoundExpression) throws(StarlingError) -> BoundExpression {
        guard operand.type == .json else { return .isNull(operand) }
        let signature = FunctionSignature([.json], returns: .boolean)
        return try operand.named(by: binder.allocator) { document in
            .or([.isNull(document), .call(DocumentQuestions.isNull, signature, [document])])
        }
    }

    func negate(_ expression: BoundExpression, if isNegated: Bool) -> BoundExpression {
        isNegated ? .not(expression) : expression
    }

    /// An explicit cast is kept, whatever the declared lengths say.
    private func coerceExplicitly(
        _ expression: BoundExpression, to type: LogicalType
    ) -> BoundExpression {
        if expression.type == type { return expression }
        if case .literal = expression { return coerce(expression, to: type) }
        return .cast(expression, to: type)
    }

    /// Casts, and ends the query where that loses a value and sql_mode says so.
    private func checkedCast(
        _ value: BoundExpression, to type: LogicalType
    ) throws(StarlingError) -> BoundExpression {
        let plain = coerceExplicitly(value, to: type)
        guard case .cast = plain, value.type != .null else { return plain }
        switch environment.modes.checkedCasts {
        case .none: return plain
        case .numbers:
            guard value.type.isNumeric, type.isInteger || type.isDecimal else { return plain }
        case .all: break
        }
        var signature = FunctionSignature([value.type, type], returns: type)
        signature.place = place
        return try value.named(by: binder.allocator) { value in
            .call(CastCheck.function, signature, [value, coerceExplicitly(value, to: type)])
        }
    }

    private func bindColumn(_ name: QualifiedName) throws(StarlingError) -> BoundExpression {
        let alias = name.simpleText.flatMap { aliases[$0.lowercased()] }
        if aliasesComeFirst, let alias { return try meaning(of: alias, at: name.range) }
        if let (value, used) = try scope.argument(name) {
            return used == name.parts.count
                ? value : try fields(name.parts[used...], of: value)
        }
        do throws(StarlingError) {
            let (column, used) = try scope.resolve(name)
            binder.namedColumns.insert(column.id)
            guard used == name.parts.count else {
                return try fields(name.parts[used...], of: .column(column))
            }
            if !isInsideAggregate {
                binder.columnPlaces[column.id, default: []].append(name.range)
            }
            return .column(column)
        } catch {
            if let alias { return try meaning(of: alias, at: name.range) }
            // CURRENT_USER needs no parentheses.
            let words = ["current_user", "session_user", "current_role"]
            if let word = name.simpleText?.lowercased(), words.contains(word),
                let function = SessionFunction(named: word)
            {
                let (value, type) = environment.value(of: function)
                return .literal(value, type)
            }
            throw error
        }
    }

    /// Gives what an alias stands for, where its calls may stand.
    private func meaning(
        of alias: BoundExpression, at place: TextRange
    ) throws(StarlingError) -> BoundExpression {
        guard let calls, isInsideAggregate || isInsideWindow else { return alias }
        let read = alias.referencedColumns
        if !read.isDisjoint(with: calls.windowColumns) {
            throw StarlingError(
                .binding, "window functions cannot be nested; use a subquery", at: place)
        }
        if !isInsideWindow, !read.isDisjoint(with: calls.aggregateColumns) {
            throw StarlingError(
                .binding, "aggregates cannot be nested; use a subquery", at: place)
        }
        return alias
    }

    // MARK: Literals

    private func bindLiteral(_ literal: Literal) throws(StarlingError) -> BoundExpression {
        switch literal {
        case .null: return .null(.null)
        case .boolean(let flag): return .literal(.boolean(flag), .boolean)
        case .integer(let digits): return try integerLiteral(digits)
        case .decimal(let text): return try decimalLiteral(text)
        case .double(let text):
            guard let number = Double(text), number.isFinite else {
                throw StarlingError(.binding, "the number \(text) is out of range of DOUBLE")
            }
            return .literal(.floating(number), .double)
        case .string(let text): return .literal(.text(text), .string)
        case .binary(let bytes): return .literal(.bytes(bytes), .varbinary)
        case .date(let text): return try temporalLiteral(text, .date, "date")
        case .datetime(let text): return try temporalLiteral(text, .datetime, "datetime")
        case .time(let text): return try temporalLiteral(text, .time, "time")
        case .json(let text):
            guard let bytes = DocumentMaking.parsed(text) else {
                throw StarlingError(.binding, "'\(text)' is not JSON")
            }
            return .literal(.bytes(bytes), .json)
        }
    }

    private func integerLiteral(_ digits: String) throws(StarlingError) -> BoundExpression {
        guard let number = Int128(digits) else {
            throw StarlingError(
                .binding,
                "the number \(digits) is out of range of LARGEINT; with a point or an exponent "
                    + "it is no whole number: \(digits.prefix(1))e\(digits.utf8.count - 1)")
        }
        return .literal(.integer(number), LogicalType(literal: number))
    }

    /// A number with a point is an exact DECIMAL of at most 38 digits.
    private func decimalLiteral(_ text: String) throws(StarlingError) -> BoundExpression {
        var (number, digitCount, scale): (Int128, Int, Int) = (0, 0, 0)
        var isFraction = false
        for byte in text.utf8 {
            guard byte != UInt8(ascii: ".") else {
                isFraction = true
                continue
            }
            if isFraction { scale += 1 }
            if digitCount > 0 || byte != UInt8(ascii: "0") { digitCount += 1 }
            if digitCount <= 38 { number = number &* 10 &+ Int128(byte &- UInt8(ascii: "0")) }
        }
        let precision = max(digitCount, scale, 1)
        guard precision <= 38 else {
            throw StarlingError(
                .binding,
                "the number \(text) has \(precision) digits, DECIMAL has at most 38; "
                    + "with an exponent it is a DOUBLE: \(text)e0")
        }
        return .literal(.integer(number), .decimal(precision: precision, scale: scale))
    }

    private func temporalLiteral(
        _ text: String, _ type: LogicalType, _ name: String
    ) throws(StarlingError) -> BoundExpression {
        guard let value = Value(parsing: text, as: type) else {
            throw StarlingError(.binding, "'\(text)' is not a \(name)")
        }
        return .literal(value, type)
    }
}

extension LogicalType {
    /// Makes the type that a name in the text means.
    package init(_ name: TypeName) throws(StarlingError) {
        switch name.name {
        case "ARRAY" where name.elements.count == 1:
            self = .array(try LogicalType(name.elements[0]))
        case "MAP" where name.elements.count == 2:
            self = .map(
                key: try LogicalType(name.elements[0]), value: try LogicalType(name.elements[1]))
        case "STRUCT":
            self = .structure(
                try mapAll(name.fields) { (field) throws(StarlingError) in
                    StructureField(name: field.name.text, type: try LogicalType(field.type))
                })
        case "DOUBLE PRECISION": self = .double
        case _ where !name.elements.isEmpty: self = try Self.states(name)
        default:
            let found: LogicalType?
            do { found = try LogicalType(name: name.name, parameters: name.parameters) } catch {
                throw error.located(at: name.range)
            }
            guard let found else {
                if Self.laterNames.contains(name.name) {
                    throw StarlingError(
                        .unsupported,
                        "the type \(name.name) is parsed but not executed by this version",
                        at: name.range)
                }
                if Self.knownNames.contains(name.name.lowercased()) {
                    let isComposite = ["ARRAY", "MAP", "STRUCT"].contains(name.name)
                    throw StarlingError(
                        .binding,
                        isComposite
                            ? "\(name.name) needs the types of what it holds: \(name.name)<…>"
                            : "\(name.name) takes no such parameters: \(name.sql)",
                        at: name.range)
                }
                let near = nearestName(to: name.name, among: LogicalType.knownNames)
                throw StarlingError(
                    .binding, "there is no type '\(name.name)'\(suggestion(near))", at: name.range)
            }
            self = found
        }
    }

    /// Makes the type of an aggregate's states.
    private static func states(_ name: TypeName) throws(StarlingError) -> LogicalType {
        guard let function = FunctionRegistry.builtin.aggregate(name.name) else {
            throw StarlingError(
                .binding, "there is no type or aggregate '\(name.name.lowercased())'",
                at: name.range)
        }
        let types = try mapAll(name.elements) { (element) throws(StarlingError) in
            try LogicalType(element)
        }
        do {
            return .aggregateState(
                function: function.name, arguments: try function.storingTypes(types))
        } catch {
            throw error.located(at: name.range)
        }
    }

    /// The types of StarRocks that come with later versions.
    private static let laterNames = ["VARIANT", "DECIMAL256"]
}
