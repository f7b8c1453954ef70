"""The queries that the generator makes, as trees that can be printed, and simplified.

An expression is a template with arguments, so that one printer and one simplifier serve every
function and operator. An argument is an expression or a query.
"""

import copy
from dataclasses import dataclass, field

# A value of each kind, for putting something simple in the place of an expression.
SIMPLEST = {
    "int": "1",
    "decimal": "1.50",
    "double": "CAST(1 AS DOUBLE)",
    "text": "'a'",
    "date": "DATE '2020-01-01'",
    "datetime": "CAST('2020-01-01 00:00:00' AS DATETIME)",
    "bool": "(1 = 1)",
    "array": "[CAST(1 AS BIGINT), 2]",
    "texts": "['a', 'red']",
    "map": "MAP {{'a': CAST(1 AS BIGINT)}}",
    "struct": "‹named_struct('a', CAST(1 AS BIGINT), 'b', 'x')¦struct_pack(a := CAST(1 AS BIGINT), b := 'x')›",
    "doc": """'{{"a": 1, "b": "x", "c": [1, 2], "d": {{"e": 5}}, "g": true}}'""",
    "json": """‹parse_json('{{"a": 2, "c": []}}')¦CAST('{{"a": 2, "c": []}}' AS JSON)›""",
}


@dataclass
class Expression:
    """A template such as `({} + {})` with its arguments, and the kind of its value."""

    kind: str
    template: str
    arguments: list = field(default_factory=list)

    def sql(self):
        return self.template.format(*(argument.sql() for argument in self.arguments))


@dataclass
class Source:
    """A table, or a query in parentheses, under an alias."""

    what: object
    alias: str
    lateral: bool = False

    def sql(self):
        inner = self.what if isinstance(self.what, str) else f"({self.what.sql()})"
        return f"{'LATERAL ' if self.lateral else ''}{inner} AS {self.alias}"


@dataclass
class Join:
    """One joined source: `LEFT JOIN source ON condition`."""

    kind: str
    source: Source
    condition: object

    def sql(self):
        on = f" ON {self.condition.sql()}" if self.condition else ""
        return f"{self.kind} JOIN {self.source.sql()}{on}"


@dataclass
class Select:
    """One SELECT; `items` are named c1, c2 … in their order."""

    items: list
    first: Source
    joins: list = field(default_factory=list)
    conjuncts: list = field(default_factory=list)
    keys: list = field(default_factory=list)
    # Empty for a plain GROUP BY; else a template such as `ROLLUP({})`, or the grouping sets as
    # tuples of positions in the keys.
    grouping: object = ""
    having: list = field(default_factory=list)
    qualify: list = field(default_factory=list)
    distinct: bool = False

    def sql(self):
        items = ", ".join(f"{item.sql()} AS c{n + 1}" for n, item in enumerate(self.items))
        text = f"SELECT {'DISTINCT ' if self.distinct else ''}{items} FROM {self.first.sql()}"
        text += "".join(f" {join.sql()}" for join in self.joins)
        if self.conjuncts:
            text += " WHERE " + " AND ".join(one.sql() for one in self.conjuncts)
        if self.keys:
            text += " GROUP BY " + self.group_clause([key.sql() for key in self.keys])
        if self.having:
            text += " HAVING " + " AND ".join(one.sql() for one in self.having)
        if self.qualify:
            text += " QUALIFY " + " AND ".join(one.sql() for one in self.qualify)
        return text

    def group_clause(self, keys):
        if isinstance(self.grouping, tuple):
            sets = ("(" + ", ".join(keys[n] for n in one) + ")" for one in self.grouping)
            return "GROUPING SETS (" + ", ".join(sets) + ")"
        return (self.grouping or "{}").format(", ".join(keys))


@dataclass
class Raw:
    """A query that is text, with the items that it gives."""

    items: list
    text: str

    def sql(self):
        return self.text


@dataclass
class SetOperation:
    """Two queries with the same kinds of columns: `UNION ALL` and its like."""

    operator: str
    left: object
    right: object

    @property
    def items(self):
        return self.left.items

    def sql(self):
        return f"({self.left.sql()}) {self.operator} ({self.right.sql()})"


@dataclass
class Statement:
    """A whole statement: shared queries, a body, and an order over all columns with a limit."""

    body: object
    shared: list = field(default_factory=list)
    directions: list = field(default_factory=list)
    limit: object = None
    offset: int = 0

    @property
    def items(self):
        return self.body.items

    def sql(self):
        text = ""
        if self.shared:
            parts = ", ".join(f"{one.alias} AS ({one.what.sql()})" for one in self.shared)
            text = f"WITH {parts} "
        text += self.body.sql()
        if self.directions:
            # All columns, so that ties are equal rows and every result has one right answer.
            count = min(len(self.directions), len(self.body.items))
            keys = (f"{n + 1} {self.directions[n]}" for n in range(count))
            text += " ORDER BY " + ", ".join(keys)
            if self.limit is not None:
                text += f" LIMIT {self.limit}"
                text += f" OFFSET {self.offset}" if self.offset else ""
        return text


def simplifications(node):
    """Gives copies of a tree, each simpler in one place, the boldest first."""
    if isinstance(node, Statement) and isinstance(node.body, SetOperation):
        for side in (node.body.left, node.body.right):
            yield Statement(side, node.shared, node.directions, node.limit, node.offset)
    if isinstance(node, Expression):
        yield from simpler_expressions(node)
    for name, value in vars(node).items():
        if isinstance(value, list):
            minimum = 1 if name in ("items",) else 0
            if len(value) > minimum and not isinstance(node, Expression):
                for index in range(len(value)):
                    yield changed(node, name, value[:index] + value[index + 1 :])
            for index, element in enumerate(value):
                if hasattr(element, "sql"):
                    for simpler in simplifications(element):
                        replaced = value[:index] + [simpler] + value[index + 1 :]
                        yield changed(node, name, replaced)
        elif hasattr(value, "sql"):
            for simpler in simplifications(value):
                yield changed(node, name, simpler)
        elif name in ("distinct", "grouping", "limit", "offset") and value:
            yield changed(node, name, {"distinct": False, "grouping": "", "offset": 0}.get(name))


def simpler_expressions(node):
    """Gives what can stand for an expression: an argument of its kind, or a constant."""
    for argument in node.arguments:
        if isinstance(argument, Expression) and argument.kind == node.kind:
            yield argument
    if node.arguments and node.kind in SIMPLEST:
        yield Expression(node.kind, SIMPLEST[node.kind])


def changed(node, name, value):
    """Copies a node with one field changed."""
    copied = copy.copy(node)
    setattr(copied, name, value)
    return copied
