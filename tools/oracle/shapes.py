"""Makes statements of shapes that no SELECT of `queries.py` has: ASOF joins, joins over ranges, PIVOT,
UNPIVOT, merged columns, lists, LATERAL and DISTINCT ON."""

from .tree import Expression, Raw

NUMBERS = ["id", "k", "tiny", "small", "i", "price"]
SIDES = ["large", "middle", "middle", "little", "hollow", "single", "nothing"]


class ShapeMaker:
    """Makes whole statements from a source of chance."""

    def __init__(self, chance):
        self.chance = chance

    def statement(self):
        """Makes one statement, with its columns."""
        makers = [self.asof, self.ranges, self.ranges, self.pivot, self.unpivot, self.merged]
        makers += [self.keyed_ranges, self.lists, self.nested, self.lateral, self.firsts]
        return self.chance.choice(makers)()

    def number(self):
        return self.chance.choice(NUMBERS)

    def condition(self, alias):
        """Makes a condition over one table, or none that matters."""
        return self.chance.choice(
            [
                "1 = 1",
                f"{alias}.{self.number()} > 20",
                f"{alias}.tag <> 'red'",
                f"{alias}.k IS NOT NULL",
                f"{alias}.id % 3 = 1",
            ]
        )

    def asof(self):
        """Joins with the nearest row; the right side's numbers are unique, so that there is one."""
        left, right = self.chance.choice(SIDES), self.chance.choice(SIDES)
        kind = self.chance.choice(["ASOF", "ASOF LEFT"])
        operator = self.chance.choice([">=", ">", "<=", "<"])
        keys = self.chance.choice(["", "l.k = r.k AND ", "l.tag = r.tag AND ", "l.k = r.tiny AND "])
        moment = self.chance.choice(["l.id", "l.i", "l.small", "l.id * 3", "l.k + l.tiny"])
        text = (
            f"SELECT l.id AS c1, r.id AS c2, r.name AS c3, l.price AS c4 FROM {left} AS l "
            f"{kind} JOIN {right} AS r ON {keys}{moment} {operator} r.id"
            f" WHERE {self.condition('l')}"
        )
        if self.chance.random() < 0.3:
            text = f"SELECT count(*) AS c1, sum(c1) AS c2, max(c3) AS c3, sum(c4) AS c4 FROM ({text}) AS s"
        return raw("int", "int", "text", "decimal", text=text)

    def ranges(self):
        """Joins on comparisons alone."""
        left = self.chance.choice(["middle", "little", "hollow", "single", "nothing"])
        right = self.chance.choice(["middle", "middle", "little", "hollow", "nothing"])
        kind = self.chance.choice(["INNER", "LEFT", "RIGHT", "FULL"])
        one, other = self.number(), self.number()
        width = self.chance.choice([0, 1, 5, 40])
        condition = self.chance.choice(
            [
                f"l.{one} BETWEEN r.{other} AND r.{other} + {width}",
                f"l.{one} > r.{other} AND l.{one} < r.{other} + {width}",
                f"l.{one} >= r.{other} - {width} AND l.{one} <= r.{other} + {width}",
                f"l.{one} <= r.{other} + {width} AND l.{one} + {width} >= r.{other}",
                f"l.{one} < r.{other} AND l.{self.number()} > r.{self.number()}",
                f"l.{one} >= r.{other}",
                f"l.day BETWEEN r.day AND r.day + INTERVAL {width} DAY",
                f"l.x <= r.x AND l.x + {width} >= r.x AND {self.condition('r')}",
            ]
        )
        return self.joined(left, right, kind, condition)

    def joined(self, left, right, kind, condition):
        """Joins two tables, or asks of each row of one whether the other has a partner."""
        if self.chance.random() < 0.3:
            word = self.chance.choice(["EXISTS", "NOT EXISTS"])
            text = (
                f"SELECT l.id AS c1, l.k AS c2 FROM {left} AS l WHERE {word} "
                f"(SELECT 1 FROM {right} AS r WHERE {condition})"
            )
            return raw("int", "int", text=text)
        text = (
            f"SELECT count(*) AS c1, sum(l.id) AS c2, sum(r.id) AS c3, max(r.price) AS c4 "
            f"FROM {left} AS l {kind} JOIN {right} AS r ON {condition}"
        )
        return raw("int", "int", "int", "decimal", text=text)

    def keyed_ranges(self):
        """Joins by a key that many rows share and by ranges within it."""
        left, right = self.chance.choice(SIDES), self.chance.choice(["large", "large", "middle"])
        if self.chance.random() < 0.5:
            left, right = right, left
        kind = self.chance.choice(["INNER", "LEFT", "RIGHT", "FULL"])
        keys = self.chance.choice(["l.k = r.k", "l.tag = r.tag", "l.flag = r.flag", "l.k = r.tiny"])
        other, width = self.chance.choice(["id", "small", "i"]), self.chance.choice([0, 3, 20])
        condition = self.chance.choice(
            [
                f"l.id BETWEEN r.{other} AND r.{other} + {width}",
                f"l.id > r.{other} AND l.id <= r.{other} + {width} AND {self.condition('r')}",
                f"l.{other} <= r.id + {width} AND l.{other} + {width} >= r.id",
                f"l.day BETWEEN r.day AND r.day + INTERVAL {width} DAY AND l.id < r.id",
            ]
        )
        return self.joined(left, right, kind, f"{keys} AND {condition}")

    def firsts(self):
        """Keeps the first row of each value; the order is total."""
        table, key = self.chance.choice(SIDES), self.chance.choice(["k", "tiny", "small", "i"])
        keys = self.chance.choice([key, f"{key}, tag"])
        orders = ["id", "id DESC", "price DESC NULLS LAST, id", "day NULLS FIRST, id DESC"]
        order = self.chance.choice(orders)
        text = (
            f"SELECT DISTINCT ON ({keys}) {key} AS c1, id AS c2, tag AS c3 FROM {table} AS t "
            f"WHERE {self.condition('t')} ORDER BY {keys}, {order}"
        )
        if self.chance.random() < 0.4:
            text = f"SELECT count(*) AS c1, sum(c2) AS c2, max(c3) AS c3 FROM ({text}) AS s"
        return raw("int", "int", "text", text=text)

    def nested(self):
        """Groups, orders and compares lists and structures."""
        table = self.chance.choice(SIDES)
        values = f"(SELECT [k % 3, tiny] AS a, id, tag FROM {table} AS t WHERE {self.condition('t')})"
        text = self.chance.choice(
            [
                f"SELECT a[1] AS c1, a[2] AS c2, count(*) AS c3 FROM {values} AS s GROUP BY a",
                f"SELECT a[1] AS c1, a[2] AS c2, 0 AS c3 FROM (SELECT DISTINCT a FROM {values} AS s) AS d",
                f"SELECT a[1] AS c1, id AS c2, rank() OVER (PARTITION BY a ORDER BY id) AS c3 "
                f"FROM {values} AS s",
                # NULL inside of an array is least here and greatest in DuckDB.
                f"SELECT a[2] AS c1, id AS c2, row_number() OVER (ORDER BY a, id) AS c3 "
                f"FROM {values} AS s WHERE a[1] IS NOT NULL AND a[2] IS NOT NULL",
                f"SELECT a[1] AS c1, id AS c2, 1 AS c3 FROM {values} AS s "
                f"WHERE a[1] IS NOT NULL AND a[2] IS NOT NULL AND a < [1, 20]",
                f"SELECT count(*) AS c1, max(b[1]) AS c2, min(cardinality(b)) AS c3 FROM "
                f"(SELECT tag, array_agg(id ORDER BY id DESC) AS b FROM {values} AS s GROUP BY tag) AS g",
            ]
        )
        return raw("int", "int", "int", text=text)

    def pivot(self):
        table = self.chance.choice(SIDES)
        value, kind = self.chance.choice([("small", "int"), ("price", "decimal"), ("k", "int")])
        function = self.chance.choice(["sum", "max", "min", "count"])
        column, values = self.chance.choice(
            [("tag", "'red', 'green', 'nowhere'"), ("k", "1, 2, 3"), ("tiny", "0, 5, 10")]
        )
        other = self.chance.choice([name for name in ("flag", "name", "k") if name != column and name != value])
        text = (
            f"SELECT * FROM (SELECT {other}, {column}, {value} AS v FROM {table} AS t "
            f"WHERE {self.condition('t')}) AS s PIVOT ({function}(v) FOR {column} IN ({values}))"
        )
        kind = "int" if function == "count" else kind
        return raw("text", kind, kind, kind, text=text)

    def unpivot(self):
        table = self.chance.choice(SIDES)
        nulls = self.chance.choice(["", "INCLUDE NULLS "])
        text = (
            f"SELECT id AS c1, n AS c2, v AS c3 FROM (SELECT id, k, small, i FROM {table} AS t "
            f"WHERE {self.condition('t')}) AS s UNPIVOT {nulls}(v FOR n IN (k, small, i))"
        )
        if self.chance.random() < 0.3:
            text = f"SELECT count(*) AS c1, max(c2) AS c2, sum(c3) AS c3 FROM ({text}) AS s"
        return raw("int", "text", "int", text=text)

    def merged(self):
        left, right = self.chance.choice(SIDES), self.chance.choice(SIDES)
        kind = self.chance.choice(["INNER", "LEFT", "RIGHT", "FULL"])
        columns = self.chance.choice(["id", "id, k", "id, tag"])
        first = columns.split(",")[0]
        text = (
            f"SELECT {first} AS c1, l.k AS c2, r.k AS c3, l.tag AS c4 FROM {left} AS l "
            f"{kind} JOIN {right} AS r USING ({columns})"
        )
        if self.chance.random() < 0.3:
            text = (
                f"SELECT * FROM (SELECT id, k, name FROM {left}) AS l NATURAL {kind} JOIN "
                f"(SELECT id, k, tag FROM {right}) AS r"
            )
            return raw("int", "int", "text", "text", text=text)
        return raw("int", "int", "int", "text", text=text)

    def lists(self):
        table = self.chance.choice(SIDES)
        text = self.chance.choice(
            [
                f"SELECT t.id AS c1, u.x AS c2 FROM {table} AS t, unnest([t.k, t.small, 7]) AS u(x)",
                f"SELECT k AS c1, cardinality(array_agg(id)) AS c2 FROM {table} AS t GROUP BY k",
                f"SELECT u.x AS c1, count(*) AS c2 FROM {table} AS t, unnest([t.k, t.i]) AS u(x) "
                f"WHERE {self.condition('t')} GROUP BY u.x",
                f"SELECT id AS c1, [k, small, i][2] AS c2 FROM {table}",
            ]
        )
        return raw("int", "int", text=text)

    def lateral(self):
        left, right = self.chance.choice(["middle", "little", "hollow"]), self.chance.choice(SIDES)
        limit = self.chance.choice([1, 2, 5])
        kind, on = self.chance.choice([("CROSS", ""), ("LEFT", " ON 1 = 1")])
        text = (
            f"SELECT l.id AS c1, q.n AS c2 FROM {left} AS l {kind} JOIN LATERAL "
            f"(SELECT r.id AS n FROM {right} AS r WHERE r.k = l.k AND {self.condition('r')} "
            f"ORDER BY r.id DESC LIMIT {limit}) AS q{on}"
        )
        return raw("int", "int", text=text)


def raw(*kinds, text):
    """Holds a text with the kinds of its columns."""
    return Raw([Expression(kind, f"c{n + 1}") for n, kind in enumerate(kinds)], text)
