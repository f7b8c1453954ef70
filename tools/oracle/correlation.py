"""Makes subqueries that refer to the queries around them, over several levels and in every shape.

The tables are small ones, as most of the conditions compare everything with everything. An
aggregate always reads a column of its own query, for one that doesn't belongs to a query further
out; grouping sets are left out, as DuckDB loses the total over no rows when they are correlated.
"""

from .dialects import MEMBERSHIPS, membership
from .tables import COLUMNS
from .tree import Expression, Join, Select, SetOperation, Source, Statement

COMPARED = ("int", "text", "date", "decimal")
OPERATORS = ["=", "=", "=", "<", "<=", "<>", ">"]
PLACES = {"little": 6, "hollow": 3, "middle": 2, "single": 1, "nothing": 0.5}


class CorrelationMaker:
    """Makes correlated subqueries; `scope` always has the columns of all queries around."""

    def __init__(self, chance, expressions):
        self.chance = chance
        self.expressions = expressions
        self.alias_count = 0

    def alias(self, letter):
        """Gives a name that no other source bears."""
        self.alias_count += 1
        return f"{letter}{self.alias_count}"

    def table(self):
        """Makes a source that is a small table, with its columns."""
        name = self.chance.choices(list(PLACES), list(PLACES.values()))[0]
        alias = self.alias("s")
        return Source(name, alias), [
            Expression(kind, f"{alias}.{column}") for column, kind, _ in COLUMNS
        ]

    def condition(self, scope, levels):
        """Makes EXISTS, IN, a quantified comparison or one with a value."""
        shape = self.chance.random()
        if shape < 0.3:
            template = self.chance.choice(["EXISTS ({})", "NOT EXISTS ({})"])
            return Expression("bool", template, [self.query("int", scope, levels)])
        kind = self.chance.choice(COMPARED)
        operand = self.expressions.make(kind, scope, self.chance.choice([0, 0, 1]))
        if shape < 0.55:
            template = self.chance.choice(MEMBERSHIPS)
            return Expression("bool", template, [operand, self.query(kind, scope, levels)])
        operator = self.chance.choice(["=", "<>", "<", ">="])
        if shape < 0.7:
            quantifier = self.chance.choice(["ANY", "ALL"])
            query = self.query(kind, scope, levels)
            template = membership(f"{operator} {quantifier}", quantifier == "ANY")
            return Expression("bool", template, [operand, query])
        value = self.value(kind, scope, levels)
        return Expression("bool", f"({{}} {operator} {{}})", [operand, value])

    def value(self, kind, scope, levels):
        """Makes a scalar subquery: an aggregate, or the first row of an order."""
        query = self.query(kind, scope, levels, gives_one_row=True)
        if self.chance.random() < 0.1:
            return Expression(kind, "coalesce(({}), {})", [query, self.expressions.literal(kind)])
        return Expression(kind, "({})", [query])

    def query(self, kind, scope, levels, gives_one_row=False):
        """Makes a query of one column."""
        if self.chance.random() < 0.12:
            return self.with_common_table(kind, scope, levels)
        shape = self.chance.random()
        if not gives_one_row and shape < 0.45:
            return self.rows(kind, scope, levels)
        if not gives_one_row and shape < 0.55:
            return self.combined(kind, scope, levels)
        if shape < 0.65:
            rows = self.rows(kind, scope, levels)
            direction = self.chance.choice(["ASC NULLS LAST", "DESC NULLS FIRST"])
            limit = 1 if gives_one_row else self.chance.choice([1, 2, 5])
            return Statement(rows, [], [direction], limit, self.chance.choice([0, 0, 1]))
        if shape < 0.8:
            return self.over_derived(kind, scope, levels)
        select, inner = self.block(scope, levels)
        select.items = [self.aggregate(kind, inner)]
        if not gives_one_row and self.chance.random() < 0.5:
            select.keys = [self.chance.choice(inner)]
            if self.chance.random() < 0.5:
                select.having = [Expression("bool", "(count(*) > {})", [self.number()])]
        return select

    def number(self):
        """Makes a small count."""
        return Expression("int", str(self.chance.randrange(3)))

    def aggregate(self, kind, inner):
        """Makes an aggregate of a kind over plain columns of its own query."""
        columns = [column for column in inner if column.kind == kind]
        if kind == "int" and self.chance.random() < 0.5:
            some = self.chance.choice(inner)
            template = self.chance.choice(["count(*)", "count({})", "count(DISTINCT {})"])
            return Expression("int", template, [some] if "{}" in template else [])
        function = self.chance.choice(["min", "max"] + (["sum"] if kind == "decimal" else []))
        return Expression(kind, f"{function}({{}})", [self.chance.choice(columns)])

    def block(self, scope, levels):
        """Makes FROM and WHERE; the select list is left to the caller."""
        first, inner = self.table()
        select = Select([], first)
        if self.chance.random() < 0.35:
            inner = inner + self.add_join(select, inner, scope, levels)
        select.conjuncts = self.conjuncts(inner, scope, levels)
        return select, inner

    def add_join(self, select, inner, scope, levels):
        """Adds a table, or a LATERAL query, to FROM."""
        if self.chance.random() < 0.35:
            alias = self.alias("l")
            kind = self.chance.choice(COMPARED)
            query = self.query(kind, inner + scope, levels - 1)
            column = Expression(kind, f"{alias}.c1")
            source = Source(query, alias, lateral=True)
            if self.chance.random() < 0.5:
                select.joins.append(Join("CROSS", source, None))
            else:
                condition = self.chance.choice(
                    [Expression("bool", "(1 = 1)"), self.pair([column], inner + scope)]
                )
                select.joins.append(Join("LEFT", source, condition))
            return [column]
        source, columns = self.table()
        conditions = [self.pair(columns, inner)]
        if self.chance.random() < 0.4:
            conditions.append(self.pair(columns + inner, scope))
        condition = conditions[0]
        if len(conditions) > 1:
            condition = Expression("bool", "({} AND {})", conditions)
        kind = self.chance.choice(["INNER", "LEFT", "LEFT", "RIGHT", "FULL"])
        select.joins.append(Join(kind, source, condition))
        return columns

    def pair(self, left, right):
        """Compares a column of the left scope with one of the right scope."""
        pairs = [
            (one, other)
            for one in left
            for other in right
            if one.kind == other.kind and one.kind in COMPARED and one is not other
        ]
        if not pairs:
            return Expression("bool", "({} IS NOT NULL)", [self.chance.choice(left)])
        preferred = [
            pair
            for pair in pairs
            if all(one.template.split(".")[-1] in ("id", "k", "small", "tiny", "tag", "c1") for one in pair)
        ]
        one, other = self.chance.choice(preferred or pairs)
        return Expression("bool", f"({{}} {self.chance.choice(OPERATORS)} {{}})", [one, other])

    def conjuncts(self, inner, scope, levels):
        """Makes conditions that tie the block to the queries around it."""
        conditions = []
        if scope and self.chance.random() < 0.8:
            conditions.append(self.pair(inner, scope))
        if self.chance.random() < 0.3:
            conditions.append(self.expressions.make("bool", inner + scope, 1))
        if levels > 0 and self.chance.random() < 0.6:
            conditions.append(self.condition(inner + scope, levels - 1))
        return conditions

    def rows(self, kind, scope, levels):
        """Makes a plain select of one column."""
        select, inner = self.block(scope, levels)
        if levels > 0 and self.chance.random() < 0.15:
            select.items = [self.value(kind, inner + scope, levels - 1)]
        else:
            visible = inner + scope if self.chance.random() < 0.3 else inner
            select.items = [self.expressions.make(kind, visible, self.chance.choice([0, 1]))]
        select.distinct = self.chance.random() < 0.2
        return select

    def combined(self, kind, scope, levels):
        """Makes a set operation."""
        operator = self.chance.choice(["UNION ALL", "UNION", "EXCEPT", "INTERSECT"])
        return SetOperation(
            operator, self.rows(kind, scope, levels), self.rows(kind, scope, 0)
        )

    def over_derived(self, kind, scope, levels):
        """Aggregates a derived table that refers to the queries around."""
        alias = self.alias("d")
        shape = self.chance.random()
        if shape < 0.4:
            inner = self.combined(kind, scope, levels)
        elif shape < 0.7:
            rows = self.rows(kind, scope, levels)
            inner = Statement(rows, [], ["ASC NULLS FIRST"], self.chance.choice([1, 3, 10]), 0)
        else:
            first, columns = self.table()
            number = columns[0]
            partition = self.chance.choice([one for one in columns if one.kind in ("int", "text")])
            functions = ["max({0})"] + (["sum({0})", "lag({0})"] if kind == "decimal" else [])
            functions += ["row_number()", "count({0})"] if kind == "int" else []
            template = self.chance.choice(functions)
            template += self.chance.choice(
                [
                    " OVER (PARTITION BY {1} ORDER BY {2})",
                    " OVER (ORDER BY {2} ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)"
                    if "row_number" not in template and "lag" not in template
                    else " OVER (ORDER BY {2})",
                ]
            )
            argument = self.chance.choice([one for one in columns if one.kind == kind])
            item = Expression(kind, template, [argument, partition, number])
            inner = Select([item], first, conjuncts=self.conjuncts(columns, scope, levels))
        column = Expression(kind, f"{alias}.c1")
        return Select([self.aggregate(kind, [column])], Source(inner, alias))

    def with_common_table(self, kind, scope, levels):
        """Makes a query over a common table that refers to the queries around, read once or twice."""
        name = self.alias("w")
        definition = self.rows(kind, scope, levels - 1)
        first, second = self.alias("r"), self.alias("r")
        column = Expression(kind, f"{first}.c1")
        select = Select([self.aggregate(kind, [column])], Source(name, first))
        if self.chance.random() < 0.5:
            other = Expression(kind, f"{second}.c1")
            operator = self.chance.choice(OPERATORS)
            condition = Expression("bool", f"({{}} {operator} {{}})", [column, other])
            select.joins.append(
                Join(self.chance.choice(["INNER", "LEFT"]), Source(name, second), condition)
            )
        return Statement(select, [Source(definition, name)])
