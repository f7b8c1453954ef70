// Expressions. An operand gets parentheses if it binds looser than its place asks for.

extension Printer {
    /// Writes an expression for a place that asks for operators of at least that power.
    mutating func write(_ expression: Expression, _ power: BindingPower = .lambda) {
        guard expression.kind.bindingPower < power else { return writeBare(expression) }
        write("(")
        writeBare(expression)
        write(")")
    }

    mutating func writeList(_ expressions: [Expression]) {
        writeList(expressions) { $0.write($1) }
    }

    private mutating func writeBare(_ expression: Expression) {
        switch expression.kind {
        case .literal(let literal): write(literal)
        case .interval(let value, let unit):
            write("INTERVAL ")
            write(value, .primary)
            write(" \(unit.rawValue)")
        case .array(let items, let type): writeArray(items, type)
        case .map(let entries, let type): writeMap(entries, type)
        case .row(let items): writeList(items)
        case .column(let name): write(name)
        case .parameter(let parameter): write(parameter)
        case .userVariable(let name):
            write("@")
            write(name)
        case .systemVariable(let name, let scope):
            write("@@")
            if let scope { write("\(scope.rawValue).") }
            write(name)
        case .defaultValue: write("DEFAULT")
        case .unary, .binary, .logical, .not: writeOperator(expression.kind)
        case .conditional(let conditional): write(conditional)
        case .cast(let value, let type, let isTry):
            write(isTry ? "TRY_CAST(" : "CAST(")
            write(value)
            write(" AS ")
            write(type)
            write(")")
        case .extract(let unit, let value):
            write("EXTRACT(")
            write(unit)
            write(" FROM ", value)
            write(")")
        case .call(let call): write(call)
        case .lambda(let parameters, let body): writeLambda(parameters, body)
        case .element, .slice, .field, .atTimeZone: writePostfix(expression.kind)
        default: writePredicate(expression.kind)
        }
    }

    // MARK: Operators

    private mutating func writeOperator(_ kind: Expression.Kind) {
        switch kind {
        case .unary(let unary, let operand):
            write(unary.rawValue)
            // Two signs side by side would begin a comment.
            write(operand, .postfix)
        case .binary(let binary, let left, let right): write(binary, left, right)
        case .logical(let logical, let operands):
            write(operands, separator: " \(logical.rawValue) ") {
                $0.write($1, logical.bindingPower.tighter)
            }
        case .not(let operand):
            write("NOT ")
            write(operand, .not)
        default: break
        }
    }

    private mutating func write(_ binary: BinaryOperator, _ left: Expression, _ right: Expression) {
        switch binary {
        case .concat where !options.pipesAsConcat:
            write("concat(")
            write(left)
            write(", ")
            write(right)
            write(")")
        case .jsonValue, .jsonText:
            writeArrowOperand(left, right)
            write(binary.rawValue)
            write(right, .primary)
        default:
            write(left, binary.bindingPower)
            write(" \(binary.rawValue) ")
            write(right, binary.bindingPower.tighter)
        }
    }

    /// Writes what stands left of `->`: a name or a list of names must not look like the parameters
    /// of a lambda.
    private mutating func writeArrowOperand(_ left: Expression, _ right: Expression) {
        if case .literal(.string) = right.kind { return write(left, .postfix) }
        switch left.kind {
        case .column(let name) where name.parts.count == 1:
            write("((")
            write(left)
            write("))")
        case .row:
            write("(")
            write(left)
            write(")")
        default: write(left, .postfix)
        }
    }

    private mutating func writePostfix(_ kind: Expression.Kind) {
        switch kind {
        case .element(let base, let index):
            write(base, .postfix)
            var inner = Printer(options: options)
            inner.write(index)
            write(
                inner.text.utf8.first == UInt8(ascii: ":") ? "[(\(inner.text))]" : "[\(inner.text)]"
            )
        case .slice(let base, let from, let to):
            write(base, .postfix)
            write("[", from)
            if from == nil { write("[") }
            write(" : ")
            if let to { write(to) }
            write("]")
        case .field(let base, let name):
            switch base.kind {
            case .column, .literal, .parameter, .userVariable, .systemVariable,
                .binary(.jsonValue, _, _), .binary(.jsonText, _, _):
                // Behind a name, the dot would belong to the name.
                write("(")
                write(base)
                write(")")
            default: write(base, .postfix)
            }
            write(".")
            write(name)
        case .atTimeZone(let value, let zone):
            write(value, .postfix)
            write(" AT TIME ZONE ")
            write(zone, .primary)
        default: break
        }
    }

    // MARK: Predicates

    private mutating func writePredicate(_ kind: Expression.Kind) {
        switch kind {
        case .isNull(let value, let isNegated):
            write(value, .comparison)
            write(isNegated ? " IS NOT NULL" : " IS NULL")
        case .isTruth(let value, let truth, let isNegated):
            write(value, .comparison)
            write(isNegated ? " IS NOT " : " IS ")
            write(truth ? "TRUE" : "FALSE")
        case .isDistinct(let value, let other, let isNegated):
            write(value, .comparison)
            write(isNegated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ")
            write(other, .predicate)
        case .between(let value, let lower, let upper, let isNegated):
            write(value, .predicate)
            write(isNegated ? " NOT BETWEEN " : " BETWEEN ")
            write(lower, .shift)
            write(" AND ")
            write(upper, .shift)
        case .inList(let value, let items, let isNegated):
            write(value, .predicate)
            write(isNegated ? " NOT IN " : " IN ")
            writeList(items)
        case .inQuery(let value, let query, let isNegated):
            write(value, .predicate)
            write(isNegated ? " NOT IN " : " IN ")
            writeParenthesised(query)
        case .pattern(let predicate): write(predicate)
        case .exists(let query):
            write("EXISTS ")
            writeParenthesised(query)
        case .scalarQuery(let query): writeParenthesised(query)
        case .quantified(let comparison, let left, let quantifier, let query):
            write(left, .comparison)
            write(" \(comparison.rawValue) \(quantifier.rawValue) ")
            writeParenthesised(query)
        default: break
        }
    }

    private mutating func write(_ predicate: PatternPredicate) {
        write(predicate.value, .predicate)
        write(predicate.isNegated ? " NOT " : " ")
        write("\(predicate.operator.rawValue) ")
        write(predicate.pattern, .shift)
        if let escape = predicate.escape {
            write(" ESCAPE ")
            write(escape, .shift)
        }
    }

    // MARK: Operands

    private mutating func write(_ literal: Literal) {
        switch literal {
        case .null: write("NULL")
        case .boolean(let value): write(value ? "TRUE" : "FALSE")
        case .integer(let digits), .decimal(let digits), .double(let digits): write(digits)
        case .string(let value): writeString(value)
        case .binary(let bytes): write("x'\(Self.hexadecimal(bytes))'")
        case .date(let value): write("DATE \(Self.quoted(value))")
        case .datetime(let value): write("DATETIME \(Self.quoted(value))")
        case .time(let value): write("TIME \(Self.quoted(value))")
        case .json(let value):
            write("JSON ")
            writeString(value)
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func write(_ parameter: Parameter) {
        switch parameter {
        case .positional: write("?")
        case .numbered(let number): write("$\(number)")
        case .named(let name): write(":\(name)")
        }
    }

    private mutating func writeArray(_ items: [Expression], _ type: TypeName?) {
        if let type { write(type) }
        write("[")
        write(items) { $0.write($1) }
        write("]")
    }

    private mutating func writeMap(_ entries: [MapEntry], _ type: TypeName?) {
        if let type { write(type) } else { write("MAP") }
        write("{")
        write(entries) { printer, entry in
            printer.write(entry.key)
            printer.write(": ", entry.value)
        }
        write("}")
    }

    private mutating func write(_ conditional: Conditional) {
        write("CASE")
        write(" ", conditional.operand)
        for branch in conditional.branches {
            write(" WHEN ", branch.condition)
            write(" THEN ", branch.result)
        }
        write(" ELSE ", conditional.otherwise)
        write(" END")
    }

    private mutating func writeLambda(_ parameters: [Identifier], _ body: Expression) {
        if parameters.count == 1 { write(parameters[0]) } else { writeList(parameters) }
        write(" -> ")
        var inner = Printer(options: options)
        inner.write(body)
        // Behind an arrow, a string is a path in JSON.
        let first = inner.text.utf8.first
        let isPath = first == UInt8(ascii: "'") || first == UInt8(ascii: "?")
        write(isPath ? "(\(inner.text))" : inner.text)
    }
}
