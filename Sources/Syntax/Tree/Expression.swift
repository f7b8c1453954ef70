// Scalar expressions. An expression is a place in the text and a kind; binders switch over the
// kind. Parentheses leave no node: the tree's shape says it, and the printer puts them back.
//
// Some forms are written in more than one way and have one tree:
//     SUBSTRING(x FROM a FOR b)        a call of substring(x, a, b)
//     TRIM(BOTH c FROM x)              a call of trim(x, c); LEADING is ltrim, TRAILING rtrim
//     POSITION(a IN b)                 a call of locate(a, b)
//     x::INT, CONVERT(x, INT)          a cast
//     x COLLATE name                   x
//     CURRENT_DATE, CURRENT_TIMESTAMP  calls without arguments
// A unit that is an argument, as in timestampdiff(DAY, a, b), time_slice(.., FLOOR), is parsed as
// a column of that name: the function knows better.

import StarlingErrors

/// Holds a scalar expression and its place in the text.
package struct Expression: Sendable {
    package var kind: Kind
    package var range: TextRange

    package init(_ kind: Kind, at range: TextRange) {
        self.kind = kind
        self.range = range
    }

    /// Tells the forms of expressions apart.
    package indirect enum Kind: Sendable, Hashable {
        case literal(Literal)
        /// `INTERVAL value unit`.
        case interval(Expression, IntervalUnit)
        /// `[a, b]`, with `ARRAY<INT>[..]`'s type where it is written.
        case array([Expression], type: TypeName?)
        /// `map{k: v}`, with `MAP<..>{..}`'s type where it is written.
        case map([MapEntry], type: TypeName?)
        /// `(a, b)`, two or more expressions.
        case row([Expression])

        /// A column, or a field in a column: `a`, `t.a`, `db.t.a`, `t.a.field`.
        case column(QualifiedName)
        case parameter(Parameter)
        /// `@name`.
        case userVariable(Identifier)
        /// `@@name`, `@@SESSION.name`.
        case systemVariable(Identifier, scope: VariableScope?)
        /// DEFAULT as a value to insert or to assign.
        case defaultValue

        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        /// `a AND b AND c`: two or more operands, as long as the chain is written.
        case logical(LogicalOperator, [Expression])
        case not(Expression)

        case isNull(Expression, isNegated: Bool)
        /// `x IS [NOT] TRUE`, `x IS [NOT] FALSE`.
        case isTruth(Expression, value: Bool, isNegated: Bool)
        /// `x IS [NOT] DISTINCT FROM y`.
        case isDistinct(Expression, from: Expression, isNegated: Bool)
        case between(Expression, lower: Expression, upper: Expression, isNegated: Bool)
        case inList(Expression, [Expression], isNegated: Bool)
        case inQuery(Expression, Query, isNegated: Bool)
        case pattern(PatternPredicate)

        case exists(Query)
        case scalarQuery(Query)
        /// `x > ANY (query)`, `x = ALL (query)`.
        case quantified(BinaryOperator, Expression, Quantifier, Query)

        case conditional(Conditional)
        case cast(Expression, TypeName, isTry: Bool)
        /// `EXTRACT(unit FROM x)`.
        case extract(Identifier, from: Expression)
        case call(FunctionCall)
        case lambda(parameters: [Identifier], body: Expression)

        /// `base[index]`.
        case element(Expression, index: Expression)
        /// `base[from:to]`.
        case slice(Expression, from: Expression?, to: Expression?)
        /// `base.name` where base isn't a name.
        case field(Expression, Identifier)
        case atTimeZone(Expression, zone: Expression)
    }
}

extension Expression: Hashable {
    /// Compares what is said, not where it stands.
    package static func == (left: Expression, right: Expression) -> Bool {
        left.kind == right.kind
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
    }
}

/// Holds `key: value` of a map.
package struct MapEntry: Sendable, Hashable {
    package var key: Expression
    package var value: Expression
}

/// Tells `ANY`, which is also written SOME, from `ALL`.
package enum Quantifier: String, Sendable {
    case any = "ANY"
    case all = "ALL"
}

/// Names a value that is given when the statement runs.
package enum Parameter: Sendable, Hashable {
    /// `?`, counted from 1 in the order of the text.
    case positional(Int)
    /// `$1`.
    case numbered(Int)
    /// `:name` or `$name`.
    case named(String)
}

/// Holds `value [NOT] LIKE pattern [ESCAPE escape]` and its relatives.
package struct PatternPredicate: Sendable, Hashable {
    /// Names the way in which text is compared with the pattern.
    package enum Operator: String, Sendable, CaseIterable {
        case like = "LIKE"
        case ilike = "ILIKE"
        /// REGEXP and RLIKE are one operator.
        case regexp = "REGEXP"
        case match = "MATCH"
        case matchAny = "MATCH_ANY"
        case matchAll = "MATCH_ALL"
        case matchPhrase = "MATCH_PHRASE"
        case matchRegexp = "MATCH_REGEXP"
    }

    package var `operator`: Operator
    package var value: Expression
    package var pattern: Expression
    package var escape: Expression?
    package var isNegated: Bool
}

/// Holds `CASE [operand] WHEN .. THEN .. [ELSE ..] END`.
package struct Conditional: Sendable, Hashable {
    /// Holds `WHEN condition THEN result`.
    package struct Branch: Sendable, Hashable {
        package var condition: Expression
        package var result: Expression
    }

    package var operand: Expression?
    package var branches: [Branch]
    package var otherwise: Expression?
}
