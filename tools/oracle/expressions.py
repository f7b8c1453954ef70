"""Makes expressions at random: of a wanted kind, over the columns in scope.

Only what StarRocks' dialect and DuckDB's agree on is made: `char_length` and not `length` (bytes
there, characters here), `||` and not `concat` (which skips NULLs here), sums widened before they
are added, and no division by what can be zero.
"""

from .aggregates import AGGREGATES, OUTERMOST_AGGREGATES
from .documents import DOCUMENTS
from .functions import FUNCTIONS
from .nested import NESTED, NESTED_KINDS, LambdaMaker
from .tree import SIMPLEST, Expression

COMPARISONS = ["=", "<>", "<", "<=", ">", ">="]
KINDS = ["int", "int", "decimal", "double", "text", "text", "date", "datetime", "bool"]

# Templates by the kind that they give, each with the kinds of its arguments.
SCALARS = {
    "int": [
        ("(CAST({} AS BIGINT) + {})", ["int", "int"]),
        ("(CAST({} AS BIGINT) - {})", ["int", "int"]),
        ("(CAST({} AS BIGINT) * 3)", ["int"]),
        ("({} % 7)", ["int"]),
        ("(- CAST({} AS BIGINT))", ["int"]),
        ("abs(CAST({} AS BIGINT))", ["int"]),
        ("coalesce({}, {})", ["int", "int"]),
        ("nullif({}, {})", ["int", "int"]),
        ("CASE WHEN {} THEN {} ELSE {} END", ["bool", "int", "int"]),
        ("CASE WHEN {} THEN {} END", ["bool", "int"]),
        ("char_length({})", ["text"]),
        ("year({})", ["date"]),
        ("month({})", ["date"]),
        ("day({})", ["datetime"]),
        ("hour({})", ["datetime"]),
        ("CAST({} AS INT)", ["bool"]),
        ("CAST(sign({}) AS BIGINT)", ["int"]),
        ("CAST(sign({}) AS BIGINT)", ["decimal"]),
        ("greatest(coalesce({}, 1), coalesce({}, 2))", ["int", "int"]),
        ("least(coalesce({}, 1), coalesce({}, 2))", ["int", "int"]),
        ("({} & {})", ["int", "int"]),
        ("({} | {})", ["int", "int"]),
        ("instr({}, 'e')", ["text"]),
        ("quarter({})", ["date"]),
        ("dayofyear({})", ["date"]),
        ("weekofyear({})", ["date"]),
        ("minute({})", ["datetime"]),
        ("second({})", ["datetime"]),
        ("ifnull({}, {})", ["int", "int"]),
        ("if({}, {}, {})", ["bool", "int", "int"]),
        ("CASE {} WHEN {} THEN {} WHEN {} THEN 5 END", ["text", "text", "int", "text"]),
    ],
    "decimal": [
        ("({} + {})", ["decimal", "decimal"]),
        ("({} - {})", ["decimal", "decimal"]),
        ("({} * 1.5)", ["decimal"]),
        ("({} + 1)", ["decimal"]),
        ("coalesce({}, {})", ["decimal", "decimal"]),
        ("CASE WHEN {} THEN {} ELSE {} END", ["bool", "decimal", "decimal"]),
        ("abs({})", ["decimal"]),
        ("CAST(({} % 1000) AS DECIMAL(18, 3))", ["int"]),
        ("(- {})", ["decimal"]),
        ("CAST({} AS DECIMAL(38, 8))", ["decimal"]),
        ("CASE WHEN {} THEN {} END", ["bool", "decimal"]),
        ("nullif({}, {})", ["decimal", "decimal"]),
    ],
    "double": [
        ("({} + {})", ["double", "double"]),
        ("({} * 2.0)", ["double"]),
        ("({} / 4)", ["double"]),
        ("sqrt(abs({}))", ["double"]),
        ("floor({})", ["double"]),
        ("coalesce({}, {})", ["double", "double"]),
        ("CAST({} AS DOUBLE)", ["int"]),
        ("CAST({} AS DOUBLE)", ["decimal"]),
        ("ceil({})", ["double"]),
        ("round(CAST({} AS DOUBLE), 1)", ["double"]),
        ("abs({})", ["double"]),
        ("(- {})", ["double"]),
        ("nullif({}, {})", ["double", "double"]),
        ("CASE WHEN {} THEN {} ELSE {} END", ["bool", "double", "double"]),
    ],
    "text": [
        ("({} || {})", ["text", "text"]),
        ("substring({}, 2, 3)", ["text"]),
        ("left({}, 4)", ["text"]),
        ("replace({}, 'e', '--')", ["text"]),
        ("trim({})", ["text"]),
        ("coalesce({}, {})", ["text", "text"]),
        ("nullif({}, {})", ["text", "text"]),
        ("CASE WHEN {} THEN {} ELSE {} END", ["bool", "text", "text"]),
        ("CAST({} AS VARCHAR)", ["int"]),
        ("CAST({} AS VARCHAR)", ["date"]),
        ("CAST({} AS VARCHAR)", ["decimal"]),
        ("upper({})", ["text"]),
        ("lower({})", ["text"]),
        ("reverse({})", ["text"]),
        ("right({}, 3)", ["text"]),
        ("repeat({}, 2)", ["text"]),
        ("lpad({}, 6, '*')", ["text"]),
        ("rpad({}, 6, 'xy')", ["text"]),
        ("ltrim({})", ["text"]),
        ("rtrim({})", ["text"]),
        ("split_part({}, 'e', 1)", ["text"]),
        ("concat_ws('-', {}, {})", ["text", "text"]),
        ("monthname({})", ["date"]),
        ("dayname({})", ["date"]),
        ("if({}, {}, {})", ["bool", "text", "text"]),
    ],
    "date": [
        ("CAST(({} + INTERVAL 3 DAY) AS DATE)", ["date"]),
        ("CAST(({} - INTERVAL 1 MONTH) AS DATE)", ["date"]),
        ("CAST(date_trunc('month', {}) AS DATE)", ["date"]),
        ("CAST(date_trunc('year', {}) AS DATE)", ["date"]),
        ("CAST(date_trunc('quarter', {}) AS DATE)", ["date"]),
        ("CAST(date_trunc('week', {}) AS DATE)", ["date"]),
        ("CAST(({} + INTERVAL 2 WEEK) AS DATE)", ["date"]),
        ("CAST(({} - INTERVAL 1 YEAR) AS DATE)", ["date"]),
        ("last_day({})", ["date"]),
        ("nullif({}, {})", ["date", "date"]),
        ("CAST({} AS DATE)", ["datetime"]),
        ("coalesce({}, {})", ["date", "date"]),
        ("CASE WHEN {} THEN {} ELSE {} END", ["bool", "date", "date"]),
    ],
    "datetime": [
        ("CAST({} AS DATETIME)", ["date"]),
        ("({} + INTERVAL 90 MINUTE)", ["datetime"]),
        ("date_trunc('hour', {})", ["datetime"]),
        ("date_trunc('minute', {})", ["datetime"]),
        ("({} - INTERVAL 5 SECOND)", ["datetime"]),
        ("({} + INTERVAL 1 MONTH)", ["datetime"]),
        ("({} + INTERVAL 1 DAY)", ["date"]),
        ("CASE WHEN {} THEN {} END", ["bool", "datetime"]),
        ("coalesce({}, {})", ["datetime", "datetime"]),
    ],
    "bool": [
        ("({} AND {})", ["bool", "bool"]),
        ("({} OR {})", ["bool", "bool"]),
        ("({} OR {})", ["bool", "bool"]),
        ("(NOT {})", ["bool"]),
        ("({} IS NULL)", ["any"]),
        ("({} IS NOT NULL)", ["any"]),
        ("({} BETWEEN {} AND {})", ["same", "same", "same"]),
        ("({} NOT BETWEEN {} AND {})", ["same", "same", "same"]),
        ("({} IN ({}, {}))", ["same", "same", "same"]),
        ("({} NOT IN ({}, {}))", ["same", "same", "same"]),
        ("({} LIKE '%e%')", ["text"]),
        ("({} LIKE 'a%')", ["text"]),
        ("({} NOT LIKE '%_a')", ["text"]),
        ("({} = {})", ["int", "decimal"]),
        ("({} < {})", ["int", "double"]),
        ("({} >= {})", ["decimal", "double"]),
        ("({} = {})", ["date", "datetime"]),
        ("({} LIKE '%e_%a%')", ["text"]),
        ("({} LIKE 'x!_y%' ESCAPE '!')", ["text"]),
        ("starts_with({}, 'gr')", ["text"]),
        ("ends_with({}, 'a')", ["text"]),
        ("({} IN ({}, NULL))", ["same", "same"]),
        ("({} NOT IN ({}, {}, {}, {}, {}))", ["same"] * 6),
        ("coalesce({}, {})", ["bool", "bool"]),
        ("({} = {})", ["bool", "bool"]),
        ("({} IS TRUE)", ["bool"]),
        ("({} IS NOT FALSE)", ["bool"]),
    ],
}

for more in (FUNCTIONS, NESTED, DOCUMENTS):
    for kind, rows in more.items():
        SCALARS.setdefault(kind, []).extend(rows)

# Functions whose last digits differ, so they may not be compared with anything.
OUTERMOST_SCALARS = [
    ("exp(CAST({} AS DOUBLE) / 4000)", ["double"]),
    ("ln(abs({}) + 1)", ["double"]),
    ("log10(abs({}) + 1)", ["double"]),
    ("log2(abs({}) + 1)", ["double"]),
    ("sin({})", ["double"]),
    ("cos({})", ["double"]),
    ("tan({})", ["double"]),
    ("atan({})", ["double"]),
    ("atan2({}, {})", ["double", "double"]),
    ("degrees({})", ["double"]),
    ("radians({})", ["double"]),
    ("cbrt({})", ["double"]),
    ("power(abs({}), 0.5)", ["double"]),
    ("({} / 7)", ["decimal"]),
    ("({} / 3)", ["int"]),
    ("({} * {})", ["double", "double"]),
    ("asin(CAST({} AS DOUBLE) / 4000)", ["double"]),
    ("acos(CAST({} AS DOUBLE) / 4000)", ["double"]),
    ("sinh(CAST({} AS DOUBLE) / 1000)", ["double"]),
    ("cosh(CAST({} AS DOUBLE) / 1000)", ["double"]),
    ("tanh({})", ["double"]),
    ("log(3, abs({}) + 1)", ["double"]),
    ("power(1.5, CAST({} AS DOUBLE) / 100)", ["double"]),
    ("‹array_avg¦list_avg›({})", ["array"]),
]


class ExpressionMaker:
    """Makes expressions over a scope, which is a list of columns as expressions."""

    def __init__(self, chance):
        self.chance = chance
        self.lambdas = LambdaMaker(self)

    def some_kind(self):
        """Chooses a kind of which a value can be counted, gathered and asked for NULL."""
        return self.chance.choice(NESTED_KINDS if self.chance.random() < 0.12 else KINDS)

    def make(self, kind, scope, depth=2):
        """Makes an expression of a kind."""
        columns = [column for column in scope if column.kind == kind]
        if depth <= 0 or self.chance.random() < 0.35:
            if columns and self.chance.random() < 0.93:
                return self.chance.choice(columns)
            if kind != "bool" or columns:
                return self.literal(kind)
        if kind not in SCALARS:
            return self.chance.choice(columns) if columns else self.literal(kind)
        is_lambda = self.chance.random() < (0.3 if kind in NESTED_KINDS else 0.03)
        if is_lambda and kind in LambdaMaker.KINDS and depth > 0:
            return self.lambdas.make(kind, scope, depth)
        if kind == "bool" and self.chance.random() < 0.5:
            return self.comparison(scope, depth)
        template, kinds = self.chance.choice(SCALARS[kind])
        return Expression(kind, template, self.arguments(kinds, scope, depth))

    def arguments(self, kinds, scope, depth):
        """Makes arguments; `any` is some kind, `same` the same one for all."""
        shared = self.chance.choice(KINDS[:-1])
        some = self.some_kind()
        chosen = [{"same": shared, "any": some}.get(kind, kind) for kind in kinds]
        return [self.make(kind, scope, depth - 1) for kind in chosen]

    def comparison(self, scope, depth):
        """Compares two expressions of one kind, often a column with a constant."""
        kind = self.chance.choice(KINDS[:-1])
        operator = self.chance.choice(COMPARISONS)
        left = self.make(kind, scope, depth - 1)
        right = self.literal(kind) if self.chance.random() < 0.5 else self.make(kind, scope, 0)
        return Expression("bool", f"({{}} {operator} {{}})", [left, right])

    def aggregate(self, scope, outermost):
        """Makes an aggregate; `outermost` says that nothing is computed from it."""
        if outermost and self.chance.random() < 0.2:
            template, kinds = self.chance.choice(OUTERMOST_AGGREGATES)
            return Expression("average", template, self.arguments(kinds, scope, 1))
        kind = self.chance.choice(list(AGGREGATES) if outermost else KINDS)
        template, kinds = self.chance.choice(AGGREGATES[kind])
        return Expression(kind, template, self.arguments(kinds, scope, 2))

    def outermost(self, scope):
        """Makes an expression from which nothing is computed."""
        template, kinds = self.chance.choice(OUTERMOST_SCALARS)
        return Expression("average", template, self.arguments(kinds, scope, 1))

    def literal(self, kind):
        """Makes a constant that has a fair chance to occur in the tables."""
        chance = self.chance
        if kind in SIMPLEST and kind not in KINDS:
            return Expression(kind, SIMPLEST[kind])
        if chance.random() < 0.03 and kind != "bool":
            types = {"int": "BIGINT", "decimal": "DECIMAL(15, 2)", "text": "VARCHAR"}
            return Expression(kind, f"CAST(NULL AS {types.get(kind, kind.upper())})")
        text = {
            "int": lambda: str(chance.choice([0, 1, -1, 5, 17, 100, 999, 2147483647])),
            "decimal": lambda: chance.choice(["0.00", "1.25", "-3.50", "1234.56", "0.000001"]),
            "double": lambda: chance.choice(["CAST(0.25 AS DOUBLE)", "CAST(-12.5 AS DOUBLE)"]),
            "text": lambda: chance.choice(["'red'", "''", "'green'", "'alpha'", "'o''clock'", "'日本'"]),
            "date": lambda: f"DATE '199{chance.randrange(5, 9)}-0{chance.randrange(1, 9)}-15'",
            "datetime": lambda: f"CAST('2000-01-0{chance.randrange(1, 9)} 05:00:00' AS DATETIME)",
            "bool": lambda: chance.choice(["TRUE", "FALSE"]),
        }[kind]()
        return Expression(kind, text)
