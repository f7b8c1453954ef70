"""Makes statements at random: joins of every kind, subqueries, grouping, windows, set operations."""

from .clauses import ClauseMaker
from .correlation import CorrelationMaker
from .dialects import MEMBERSHIPS, membership
from .expressions import KINDS, ExpressionMaker
from .nested import NESTED_KINDS
from .sessions import SessionMaker
from .shapes import ShapeMaker
from .tables import COLUMNS, TABLES
from .tree import Expression, Join, Raw, Select, SetOperation, Source, Statement

DIRECTIONS = ["ASC NULLS FIRST", "ASC NULLS LAST", "DESC NULLS FIRST", "DESC NULLS LAST"]
OPERATIONS = ["UNION ALL", "UNION", "EXCEPT", "INTERSECT", "EXCEPT ALL", "INTERSECT ALL"]
JOINS = ["INNER", "INNER", "LEFT", "LEFT", "RIGHT", "FULL"]

# Windows whose result doesn't depend on the order of ties; `{}` first is the argument.
WINDOWS = [
    ("int", "row_number() OVER (PARTITION BY {1} ORDER BY {2})", "none"),
    ("int", "rank() OVER (PARTITION BY {1} ORDER BY {3} DESC NULLS LAST)", "none"),
    ("int", "dense_rank() OVER (ORDER BY {3} ASC NULLS FIRST)", "none"),
    ("int", "ntile(4) OVER (ORDER BY {2})", "none"),
    ("int", "count({0}) OVER (PARTITION BY {1})", "int"),
    ("int", "sum({0}) OVER (PARTITION BY {1} ORDER BY {2})", "int"),
    ("int", "sum({0}) OVER (ORDER BY {2} ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING)", "int"),
    ("int", "sum({0}) OVER (PARTITION BY {1} ORDER BY {3} ASC NULLS FIRST)", "int"),
    ("decimal", "max({0}) OVER (PARTITION BY {1} ORDER BY {2} ROWS 5 PRECEDING)", "decimal"),
    ("text", "min({0}) OVER (PARTITION BY {1})", "text"),
    ("text", "first_value({0}) OVER (PARTITION BY {1} ORDER BY {2})", "text"),
    ("date", "lag({0}, 2) OVER (PARTITION BY {1} ORDER BY {2})", "date"),
    ("int", "lead({0}, 1, -1) OVER (ORDER BY {2} DESC)", "int"),
    ("double", "sum({0}) OVER (PARTITION BY {1})", "double"),
    ("int", "sum({0}) OVER (ORDER BY {2} RANGE BETWEEN 10 PRECEDING AND 5 FOLLOWING)", "int"),
    ("int", "count(*) OVER (PARTITION BY {1} ORDER BY {2} RANGE BETWEEN 7 PRECEDING AND 2 PRECEDING)", "none"),
    ("int", "count({0}) OVER (ORDER BY {2} ROWS BETWEEN 2 FOLLOWING AND 6 FOLLOWING)", "int"),
    ("int", "min({0}) OVER (PARTITION BY {1} ORDER BY {2} DESC ROWS BETWEEN 4 PRECEDING AND CURRENT ROW)", "int"),
    ("decimal", "sum({0}) OVER (PARTITION BY {1} ORDER BY {2} ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)", "decimal"),
    ("decimal", "min({0}) OVER (ORDER BY {2} ROWS BETWEEN 9 PRECEDING AND 3 PRECEDING)", "decimal"),
    ("double", "max({0}) OVER (ORDER BY {3} NULLS FIRST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)", "double"),
    ("int", "count(*) OVER (PARTITION BY {1} ORDER BY {3} NULLS LAST RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)", "none"),
    ("text", "last_value({0}) OVER (PARTITION BY {1} ORDER BY {2} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)", "text"),
    ("text", "nth_value({0}, 3) OVER (PARTITION BY {1} ORDER BY {2})", "text"),
    ("text", "max({0}) OVER (PARTITION BY {1} ORDER BY {2} ROWS 3 PRECEDING)", "text"),
    ("datetime", "lead({0}) OVER (PARTITION BY {1} ORDER BY {2})", "datetime"),
    ("bool", "first_value({0}) OVER (PARTITION BY {1} ORDER BY {2} DESC)", "bool"),
    ("average", "percent_rank() OVER (PARTITION BY {1} ORDER BY {3} NULLS LAST)", "none"),
    ("average", "cume_dist() OVER (PARTITION BY {1} ORDER BY {3} NULLS FIRST)", "none"),
    ("average", "avg({0}) OVER (PARTITION BY {1} ORDER BY {2} ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING)", "double"),
    ("int", "ntile(7) OVER (PARTITION BY {1} ORDER BY {2} DESC)", "none"),
    ("int", "count(DISTINCT {0}) OVER (PARTITION BY {1})", "int"),
    ("int", "sum(DISTINCT {0}) OVER (PARTITION BY {1} ORDER BY {2} ROWS 3 PRECEDING)", "int"),
    ("int", "sum({0}) FILTER (WHERE {0} > 10) OVER (PARTITION BY {1} ORDER BY {2})", "int"),
    ("int", "count(*) FILTER (WHERE {0} < 100) OVER (ORDER BY {2} ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING)", "int"),
    ("text", "string_agg({0}, ',' ORDER BY {0}) OVER (PARTITION BY {1})", "text"),
    ("int", "max_by({2}, {2}) OVER (ORDER BY {2} ROWS BETWEEN 4 PRECEDING AND 1 PRECEDING)", "none"),
    ("average", "median({0}) OVER (PARTITION BY {1} ORDER BY {2} ROWS 5 PRECEDING)", "double"),
    ("int", "count({0}) OVER (PARTITION BY {1} ORDER BY {3} NULLS FIRST GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW)", "int"),
    ("int", "sum({0}) OVER (ORDER BY {3} NULLS LAST GROUPS BETWEEN 2 PRECEDING AND 1 FOLLOWING)", "int"),
]


class QueryMaker:
    """Makes statements from a source of chance."""

    def __init__(self, chance, deep=0.25):
        self.chance = chance
        self.expressions = ExpressionMaker(chance)
        self.correlation = CorrelationMaker(chance, self.expressions)
        self.shapes = ShapeMaker(chance)
        self.clauses = ClauseMaker(chance, self.expressions)
        self.sessions = SessionMaker(chance)
        self.deep = deep
        self.alias_count = 0

    def statement(self):
        """Makes a whole statement."""
        if self.chance.random() < self.deep:
            return Statement(self.correlated())
        if self.chance.random() < 0.25:
            maker = self.chance.choice([self.shapes, self.clauses, self.sessions])
            return Statement(maker.statement(), [], [], None, 0)
        shared = []
        if self.chance.random() < 0.04:
            return Statement(self.recursion(), [], ["ASC NULLS FIRST"] * 2, None, 0)
        if self.chance.random() < 0.15:
            inner = self.select(depth=1, outer=[])
            shared.append(Source(self.plain_items(inner), "shared"))
        body = self.body(shared)
        directions, limit, offset = [], None, 0
        # NULL inside of an array is least here and greatest in DuckDB.
        is_ordered = not any(item.kind in NESTED_KINDS for item in body.items)
        if is_ordered and self.chance.random() < 0.5:
            directions = [self.chance.choice(DIRECTIONS) for _ in body.items]
            if self.chance.random() < 0.6:
                limit = self.chance.choice([0, 1, 5, 5, 20, 20, 500, 3000])
                offset = self.chance.choice([0, 0, 3])
        return Statement(body, shared, directions, limit, offset)

    def body(self, shared):
        """Makes a select, or two of them combined."""
        select = self.select(depth=2, outer=[], shared=shared)
        if self.chance.random() < 0.12:
            sides = self.same_kinds(self.chance.choice([2, 2, 3, 4]))
            body = sides[0]
            for side in sides[1:]:
                operator = self.chance.choice(OPERATIONS)
                pair = [body, side] if self.chance.random() < 0.7 else [side, body]
                body = SetOperation(operator, *pair)
            return body
        return select

    def correlated(self):
        """Makes a select over small tables with deeply correlated subqueries in every clause."""
        maker = self.correlation
        levels = self.chance.choice([1, 1, 2])
        first, scope = maker.table()
        select = Select([], first)
        if self.chance.random() < 0.4:
            source, columns = maker.table()
            condition = maker.pair(columns, scope)
            if self.chance.random() < 0.4:
                side = self.chance.choice([columns, scope, columns + scope])
                extra = maker.condition(side, levels - 1)
                condition = Expression("bool", "({} AND {})", [condition, extra])
            kind = self.chance.choice(["INNER", "LEFT", "LEFT", "RIGHT", "FULL"])
            select.joins.append(Join(kind, source, condition))
            scope = scope + columns
        elif self.chance.random() < 0.3:
            scope = scope + maker.add_join(select, scope, [], levels)
        shape = self.chance.random()
        if shape < 0.7:
            select.conjuncts = [maker.condition(scope, levels)]
        if shape < 0.3:
            select.conjuncts.append(self.expressions.make("bool", scope, 1))
        shape = self.chance.random()
        if shape < 0.6:
            self.add_correlated_rows(select, scope, levels)
        else:
            self.add_correlated_groups(select, scope, levels)
        return select

    def add_correlated_rows(self, select, scope, levels):
        """Fills a select list with columns and subqueries, some of them inside expressions."""
        maker = self.correlation
        select.items = [scope[0]] + [self.expressions.make("int", scope, 1)]
        for _ in range(self.chance.randrange(1, 3)):
            kind = self.chance.choice(["int", "int", "text", "date", "decimal"])
            shape = self.chance.random()
            if shape < 0.5:
                item = maker.value(kind, scope, levels)
            elif shape < 0.7:
                item = maker.condition(scope, levels)
            elif shape < 0.9:
                condition = maker.condition(scope, levels - 1)
                parts = [condition, maker.value(kind, scope, levels - 1)]
                parts.append(self.expressions.make(kind, scope, 1))
                item = Expression(kind, "CASE WHEN {} THEN {} ELSE {} END", parts)
            else:
                parts = [maker.value("int", scope, levels - 1), scope[0]]
                item = Expression("int", "count({0}) OVER (PARTITION BY {0}, {1})", parts)
            select.items.append(item)
        select.distinct = self.chance.random() < 0.2

    def add_correlated_groups(self, select, scope, levels):
        """Groups by columns; subqueries read the keys, or stand inside the aggregates."""
        maker = self.correlation
        kinds = ("int", "text", "date")
        columns = [column for column in scope if column.kind in kinds]
        select.keys = self.chance.sample(columns, self.chance.randrange(1, min(3, len(columns) + 1)))
        select.items = select.keys + [Expression("int", "count(*)")]
        if self.chance.random() < 0.5:
            inner = maker.value("int", scope, levels - 1)
            function = self.chance.choice(["min", "max", "count", "count(DISTINCT "])
            template = function + ("{})" if "(" in function else "({})")
            select.items.append(Expression("int", template, [inner]))
        if self.chance.random() < 0.5:
            select.items.append(maker.value("int", select.keys, levels - 1))
        if self.chance.random() < 0.5:
            select.having = [maker.condition(select.keys, levels - 1)]

    def recursion(self):
        """Makes a recursive query that walks from rows of a small table to others."""
        start = self.chance.choice(["little", "single", "middle"])
        step = self.chance.choice([1, 2, 7])
        limit = self.chance.choice([5, 30, 100])
        union = self.chance.choice(["UNION ALL", "UNION"])
        where = f"r.n + {step} < {limit}"
        recursive = self.chance.choice(
            [
                f"SELECT r.n + {step}, r.x FROM r WHERE {where}",
                f"SELECT r.n + {step}, t.k FROM r JOIN little t ON t.id = r.n WHERE {where}",
                f"SELECT r.n + {step}, t.k FROM r LEFT JOIN hollow t ON t.id = r.n WHERE {where}",
                f"SELECT r.n + {step}, r.x + 1 FROM r WHERE {where} AND r.n IN (SELECT id FROM middle)",
            ]
        )
        first = f"SELECT id AS n, CAST(k AS BIGINT) AS x FROM {start} WHERE id < 4"
        text = f"WITH RECURSIVE r AS ({first} {union} {recursive}) SELECT n AS c1, {{}} AS c2 FROM r"
        value = self.chance.choice(["x", "count(*)", "max(x)"])
        group = "" if value == "x" else " GROUP BY n"
        return Raw([Expression("int", "n"), Expression("int", value)], text.format(value) + group)

    def same_kinds(self, count):
        """Makes selects with the same kinds of columns."""
        kinds = [self.expressions.some_kind() for _ in range(self.chance.randrange(1, 4))]
        sides = []
        for _ in range(count):
            first, scope = self.source(depth=0, shared=[])
            items = [
                next((column for column in scope if column.kind == kind), None)
                if self.chance.random() < 0.5
                else self.expressions.make(kind, scope, 1)
                for kind in kinds
            ]
            items = [
                item or self.expressions.make(kind, scope, 0) for item, kind in zip(items, kinds)
            ]
            sides.append(Select(items, first, conjuncts=self.conjuncts(scope, 0)))
        return sides

    def plain_items(self, select):
        """Keeps the items that may be used in further expressions."""
        select.items = [item for item in select.items if item.kind != "average"]
        if not select.items:
            select.items = [Expression("int", "count(*)" if select.keys else "1")]
        return select

    def select(self, depth, outer, shared=()):
        """Makes one SELECT: rows, groups or one total; `outer` has columns to correlate with."""
        first, scope = self.source(depth, shared)
        joins = []
        while len(joins) < 2 and self.chance.random() < 0.4:
            source, columns = self.source(depth - 1, shared)
            joins.append(self.join(source, scope, columns))
            scope = scope + columns
        select = Select([], first, joins, self.conjuncts(scope + outer, depth))
        shape = self.chance.random()
        if shape < 0.45:
            self.add_rows(select, scope, depth)
        elif shape < 0.8:
            self.add_groups(select, scope)
        else:
            count = self.chance.randrange(1, 4)
            select.items = [self.expressions.aggregate(scope, True) for _ in range(count)]
        return select

    def source(self, depth, shared):
        """Makes a table or a derived table, with its columns."""
        self.alias_count += 1
        alias = f"t{self.alias_count}"
        if shared and self.chance.random() < 0.5:
            columns = shared[0].what.items
            return Source("shared", alias), named_columns(alias, columns)
        if self.chance.random() < 0.05:
            return self.top(alias)
        if self.chance.random() < 0.04:
            return self.values(alias)
        if depth > 0 and self.chance.random() < 0.15:
            inner = self.plain_items(self.select(depth - 1, outer=[]))
            return Source(inner, alias), named_columns(alias, inner.items)
        weights = [6, 6, 4, 1.5, 0.7, 0.4]
        name = self.chance.choices([table[0] for table in TABLES], weights)[0]
        return Source(name, alias), [
            Expression(kind, f"{alias}.{column}") for column, kind, _ in COLUMNS
        ]

    def top(self, alias):
        """Makes a derived table of the first rows of a table, in an order without ties."""
        name = self.chance.choice(["large", "middle", "hollow", "little"])
        columns = [Expression(kind, f"t0.{column}") for column, kind, _ in COLUMNS]
        items = [columns[0]] + [self.chance.choice(columns) for _ in range(3)]
        inner = Select(items, Source(name, "t0"), conjuncts=self.conjuncts(columns, 0))
        limit = self.chance.choice([0, 3, 25, 1000])
        offset = self.chance.choice([0, 0, 2, 40])
        first = self.chance.choice(["ASC", "DESC"])
        statement = Statement(inner, [], [first], limit, offset)
        return Source(statement, alias), named_columns(alias, items)

    def values(self, alias):
        """Makes a table of constants."""
        kinds = ["int"] + [self.chance.choice(KINDS) for _ in range(self.chance.randrange(0, 3))]
        rows = [
            "(" + ", ".join(self.expressions.literal(kind).sql() for kind in kinds) + ")"
            for _ in range(self.chance.randrange(1, 6))
        ]
        items = [Expression(kind, f"c{n + 1}") for n, kind in enumerate(kinds)]
        names = ", ".join(item.template for item in items)
        text = f"SELECT * FROM (VALUES {', '.join(rows)}) AS v({names})"
        return Source(Raw(items, text), alias), named_columns(alias, items)

    def join(self, source, left, right):
        """Makes a join, nearly always on an equality so that results stay small."""
        if self.chance.random() < 0.04 and source.what in ("little", "single", "nothing"):
            return Join("CROSS", source, None)
        if self.chance.random() < 0.06 and source.what in ("hollow", "single", "nothing"):
            condition = self.expressions.comparison(left + right, 0)
            return Join(self.chance.choice(["INNER", "LEFT"]), source, condition)
        kind = self.chance.choice(["int", "int", "int", "int", "text", "date"])
        preferred = ("id", "k", "small", "day", "name", "c1", "c2")
        pairs = [
            (one, other)
            for one in left
            for other in right
            if one.kind == other.kind == kind
            and one.template.split(".")[-1] in preferred
            and other.template.split(".")[-1] in preferred
        ]
        if pairs:
            one, other = self.chance.choice(pairs)
        else:
            one = self.expressions.make("int", left, 0)
            other = self.expressions.make("int", right, 0)
        condition = Expression("bool", "({} = {})", [one, other])
        if self.chance.random() < 0.25:
            extra = self.expressions.comparison(left + right, 1)
            condition = Expression("bool", "({} AND {})", [condition, extra])
        return Join(self.chance.choice(JOINS), source, condition)

    def conjuncts(self, scope, depth):
        """Makes conditions, some with subqueries."""
        conditions = []
        while len(conditions) < 3 and self.chance.random() < 0.4:
            if depth > 0 and self.chance.random() < 0.25:
                conditions.append(self.subquery_condition(scope, depth))
            elif self.chance.random() < 0.2:
                conditions += self.equality(scope)
            else:
                conditions.append(self.expressions.make("bool", scope, 2))
        return conditions

    def equality(self, scope):
        """Lets two columns be equal, from which more may follow where others are."""
        pairs = [
            (one, other)
            for one in scope
            for other in scope
            if one.kind == other.kind and one.template < other.template
        ]
        if not pairs:
            return []
        return [Expression("bool", "({} = {})", list(self.chance.choice(pairs)))]

    def subquery_condition(self, scope, depth):
        """Makes EXISTS, IN or a comparison with a scalar subquery, correlated or not."""
        first, inner = self.source(0, [])
        # One level further down, the inner subquery may correlate with either query around it.
        nested = self.chance.random() < 0.2
        conjuncts = self.conjuncts(inner + scope, depth - 1) if nested else self.conjuncts(inner, 0)
        if self.chance.random() < 0.6:
            pairs = [
                (one, other)
                for one in inner
                for other in scope
                if one.kind == other.kind and one.kind in ("int", "text", "date")
            ]
            if pairs:
                operator = self.chance.choice(["=", "=", "=", "<", "<>"])
                pair = list(self.chance.choice(pairs))
                conjuncts.append(Expression("bool", f"({{}} {operator} {{}})", pair))
        shape = self.chance.random()
        if shape < 0.35:
            query = Select([Expression("int", "1")], first, conjuncts=conjuncts)
            template = self.chance.choice(["EXISTS ({})", "NOT EXISTS ({})"])
            return Expression("bool", template, [query])
        if shape < 0.7:
            kind = self.chance.choice(["int", "text", "date"])
            query = Select(
                [self.expressions.make(kind, inner, 1)], first, conjuncts=conjuncts
            )
            choices = MEMBERSHIPS * 3
            choices += [membership("= ANY", True), membership(">= ALL", False)]
            choices += [membership("< ANY", True)]
            template = self.chance.choice(choices)
            return Expression("bool", template, [self.expressions.make(kind, scope, 1), query])
        aggregate = self.expressions.aggregate(inner, False)
        query = Select([aggregate], first, conjuncts=conjuncts)
        value = self.expressions.make(aggregate.kind, scope, 1)
        operator = self.chance.choice(["=", "<", ">="])
        return Expression("bool", f"({{}} {operator} ({{}}))", [value, query])

    def add_rows(self, select, scope, depth):
        """Fills a select that gives rows."""
        kinds = [self.expressions.some_kind() for _ in range(self.chance.randrange(1, 5))]
        select.items = [self.expressions.make(kind, scope, 2) for kind in kinds]
        if self.chance.random() < 0.15 and depth > 0:
            select.items.append(self.scalar_subquery(scope))
        # A window needs an order without ties: the rows of one table by their number.
        if not select.joins and isinstance(select.first.what, str) and select.first.what != "shared":
            if self.chance.random() < 0.3:
                window = self.window(scope)
                select.items.append(window)
                if window.kind == "int" and self.chance.random() < 0.3:
                    select.qualify = [Expression("bool", "({} <= 3)", [window])]
                return
        if self.chance.random() < 0.2:
            select.items.append(self.expressions.outermost(scope))
            return
        select.distinct = self.chance.random() < 0.2

    def scalar_subquery(self, scope):
        """Makes a subquery that gives one value for a row, or NULL."""
        first, inner = self.source(0, [])
        aggregate = self.expressions.aggregate(inner, False)
        pairs = [(a, b) for a in inner for b in scope if a.kind == b.kind == "int"]
        conjuncts = []
        if pairs and self.chance.random() < 0.7:
            pair = list(self.chance.choice(pairs))
            conjuncts.append(Expression("bool", "({} = {})", pair))
        query = Select([aggregate], first, conjuncts=conjuncts)
        return Expression(aggregate.kind, "({})", [query])

    def window(self, scope):
        """Makes a window function over one table."""
        kind, template, argument_kind = self.chance.choice(WINDOWS)
        number = next(column for column in scope if column.template.endswith(".id"))
        argument = (
            number if argument_kind == "none" else self.expressions.make(argument_kind, scope, 1)
        )
        partition = self.expressions.make(self.chance.choice(["int", "text", "bool"]), scope, 1)
        order = self.expressions.make(self.chance.choice(["int", "date", "text"]), scope, 0)
        return Expression(kind, template, [argument, partition, number, order])

    def add_groups(self, select, scope):
        """Fills a select that groups."""
        kinds = [self.expressions.some_kind() for _ in range(self.chance.randrange(1, 4))]
        select.keys = [self.key(kind, scope) for kind in kinds]
        count = self.chance.randrange(1, 4)
        aggregates = [self.expressions.aggregate(scope, True) for _ in range(count)]
        select.items = select.keys + aggregates
        if self.chance.random() < 0.2:
            positions = range(len(select.keys))
            # One has all keys: an item that is in no set at all is an error.
            sets = (tuple(positions),) + tuple(
                tuple(n for n in positions if self.chance.random() < 0.5) for _ in range(2)
            )
            select.grouping = self.chance.choice(["ROLLUP({})", "CUBE({})", sets])
            if self.chance.random() < 0.5:
                key = self.chance.choice(select.keys)
                select.items = select.items + [Expression("int", "grouping({})", [key])]
        if self.chance.random() < 0.25:
            aggregate = self.expressions.aggregate(scope, False)
            literal = self.expressions.literal(aggregate.kind)
            select.having = [Expression("bool", "({} >= {})", [aggregate, literal])]

    def key(self, kind, scope):
        """Makes a grouping key; never a plain constant, which could be a column's number."""
        columns = [column for column in scope if column.kind == kind]
        # Entries of a map are kept in their order by DuckDB, and compared so.
        if columns and (kind == "map" or self.chance.random() < 0.7):
            return self.chance.choice(columns)
        made = self.expressions.make(kind, scope, 1)
        if made.arguments or not columns:
            return made if made.arguments else Expression(kind, "coalesce({}, {})", [made, made])
        return self.chance.choice(columns)


def named_columns(alias, items):
    """Gives the columns c1, c2 … of a derived table."""
    return [Expression(item.kind, f"{alias}.c{n + 1}") for n, item in enumerate(items)]
