// How operators group: the right column is the left one with every grouping written out, after
// MySQL's and StarRocks' tables of precedence.

import StarlingSyntax
import Testing

struct PrecedenceTests {
    @Test(arguments: [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("a / b * c % d DIV e", "((((a / b) * c) % d) DIV e)"),
        ("a * b ^ c", "(a * (b ^ c))"),
        ("-a ^ b", "((-a) ^ b)"),
        ("-a * b", "((-a) * b)"),
        ("~a & b", "((~a) & b)"),
        ("a + b & c | d", "(((a + b) & c) | d)"),
        ("a | b << c", "((a | b) BITSHIFTLEFT c)"),
        ("a BITSHIFTLEFT b + c", "(a BITSHIFTLEFT (b + c))"),
        ("a = b + c", "(a = (b + c))"),
        ("a = b = c", "((a = b) = c)"),
        ("a < b IS NULL", "((a < b) IS NULL)"),
        ("a = b LIKE c", "(a = (b LIKE c))"),
        ("a + b LIKE c", "((a + b) LIKE c)"),
        ("a BETWEEN b AND c AND d", "((a BETWEEN b AND c) AND d)"),
        ("a BETWEEN b + 1 AND c * 2 OR d", "((a BETWEEN (b + 1) AND (c * 2)) OR d)"),
        ("NOT a = b", "(NOT (a = b))"),
        ("NOT a AND b", "((NOT a) AND b)"),
        ("NOT a IS NULL", "(NOT (a IS NULL))"),
        ("! a = b", "((NOT a) = b)"),
        ("NOT a BETWEEN b AND c", "(NOT (a BETWEEN b AND c))"),
        ("a OR b AND c", "(a OR (b AND c))"),
        ("a AND b XOR c OR d", "(((a AND b) XOR c) OR d)"),
        ("a AND b AND c", "(a AND b AND c)"),
        ("(a AND b) AND c", "((a AND b) AND c)"),
        ("a || b && c", "(a OR (b AND c))"),
        ("a IN (1) = b", "((a IN (1)) = b)"),
        ("-a.b[1]::INT", "(-CAST(a.b[1] AS INT))"),
        ("a -> 'x' = b", "((a->'x') = b)"),
        ("a -> 'x' + 1", "((a->'x') + 1)"),
        ("d + INTERVAL 1 DAY > e", "((d + INTERVAL 1 DAY) > e)"),
        ("INTERVAL 1 + 2 DAY", "INTERVAL (1 + 2) DAY"),
        ("a NOT IN (1) AND b NOT LIKE c", "((a NOT IN (1)) AND (b NOT LIKE c))"),
        ("a = b AND c", "((a = b) AND c)"),
        ("f(x -> x + 1 = 2)", "f(x -> ((x + 1) = 2))"),
        ("a > ALL (SELECT 1) AND b", "((a > ALL (SELECT 1)) AND b)"),
    ])
    func groupsAsDocumented(text: String, grouped: String) throws {
        #expect(Self.grouped(try parseExpression(text)) == grouped)
    }

    @Test func concatenationBindsTighterThanArithmetic() throws {
        let options = SyntaxOptions(pipesAsConcat: true)
        let tree = try parseExpression("a * b || c", options: options)
        guard case .binary(.multiply, _, let right) = tree.kind else {
            Issue.record("not a product: \(tree)")
            return
        }
        #expect(right.sql(options: options) == "b || c")
    }

    @Test func intersectionBindsTighterThanUnion() throws {
        let query = try parseQuery("SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT SELECT 4")
        guard case .setOperation(let outer) = query.body, outer.kind == .except,
            case .setOperation(let union) = outer.left, union.kind == .union,
            case .setOperation(let inner) = union.right
        else {
            Issue.record("\(query.body)")
            return
        }
        #expect(inner.kind == .intersect)
    }

    /// Prints an expression with parentheses around every operator.
    static func grouped(_ expression: Expression) -> String {
        switch expression.kind {
        case .binary(let symbol, let left, let right):
            let isArrow = symbol == .jsonValue || symbol == .jsonText
            let sign = isArrow ? symbol.rawValue : " \(symbol.rawValue) "
            return "(\(grouped(left))\(sign)\(grouped(right)))"
        case .unary(let symbol, let operand): return "(\(symbol.rawValue)\(grouped(operand)))"
        case .not(let operand): return "(NOT \(grouped(operand)))"
        case .logical(let symbol, let operands):
            return "(\(operands.map(grouped).joined(separator: " \(symbol.rawValue) ")))"
        case .isNull(let value, let isNegated):
            return "(\(grouped(value)) IS \(isNegated ? "NOT " : "")NULL)"
        case .between(let value, let lower, let upper, _):
            return "(\(grouped(value)) BETWEEN \(grouped(lower)) AND \(grouped(upper)))"
        case .inList(let value, let items, let isNegated):
            let list = items.map(grouped).joined(separator: ", ")
            return "(\(grouped(value)) \(isNegated ? "NOT " : "")IN (\(list)))"
        case .pattern(let predicate):
            let sign = (predicate.isNegated ? "NOT " : "") + predicate.operator.rawValue
            return "(\(grouped(predicate.value)) \(sign) \(grouped(predicate.pattern)))"
        case .quantified(let symbol, let left, let quantifier, let query):
            let right = "\(quantifier.rawValue) (\(query.sql()))"
            return "(\(grouped(left)) \(symbol.rawValue) \(right))"
        case .interval(let value, let unit): return "INTERVAL \(grouped(value)) \(unit.rawValue)"
        case .call(let call):
            return
                "\(call.name.sql)(\(call.arguments.map { grouped($0.value) }.joined(separator: ", ")))"
        case .lambda(let names, let body): return "\(names[0].text) -> \(grouped(body))"
        default: return expression.sql()
        }
    }
}
