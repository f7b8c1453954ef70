"""Makes what takes several statements: PREPARE and EXECUTE, variables, macros, temporary tables; and
queries by functions of StarRocks that DuckDB says in a query of its own: funnels, retention, maps.

Statements of one text are apart by `SEPARATOR`; the answer is that of the last.
"""

from .tree import Expression, Raw

SEPARATOR = ";\n"
TABLES = ["large", "middle", "middle", "little", "hollow", "single", "nothing"]
NUMBERS = ["id", "k", "tiny", "small", "i"]


class SessionMaker:
    """Makes texts from a source of chance."""

    def __init__(self, chance):
        self.chance = chance

    def statement(self):
        """Makes one text, with the columns of its last statement."""
        makers = [self.prepared, self.variables, self.macro, self.table_macro, self.temporary]
        makers += [self.retention, self.funnel, self.maps]
        return self.chance.choice(makers)()

    def table(self):
        return self.chance.choice(TABLES)

    def number(self):
        return self.chance.choice(NUMBERS)

    def constant(self):
        return self.chance.choice([-3, 0, 1, 5, 40, 300])

    def condition(self):
        """Makes a condition that is true or false, never NULL."""
        condition = self.chance.choice(
            [
                f"{self.number()} > {self.constant()}",
                "tag = 'red'",
                "flag",
                f"{self.number()} % 2 = 0",
                "day < DATE '1998-01-01'",
            ]
        )
        return f"coalesce({condition}, FALSE)"

    def prepared(self):
        """Prepares a query with two values and executes it, now and then with others before."""
        text = (
            f"SELECT CAST({self.number()} AS BIGINT) + {{}} AS c1, tag AS c2 FROM {self.table()} AS t "
            f"WHERE {self.number()} > {{}}"
        )
        if self.chance.random() < 0.4:
            text = f"SELECT sum(c1) AS c1, max(c2) AS c2 FROM ({text}) AS s"
        statements = [
            f"‹PREPARE chosen FROM '{text.format('?', '?')}'¦PREPARE chosen AS {text.format('$1', '$2')}›"
        ]
        for _ in range(self.chance.choice([1, 1, 2])):
            first, second = self.constant(), self.constant()
            statements.append(f"‹SET @first = {first}, @second = {second}¦SELECT 1›")
            statements.append(
                f"‹EXECUTE chosen USING @first, @second¦EXECUTE chosen({first}, {second})›"
            )
        return texts("int", "text", statements=statements)

    def variables(self):
        """Sets variables, also to what a query gives, and reads them."""
        value = self.chance.choice(
            [str(self.constant()), f"(SELECT max({self.number()}) FROM {self.table()})", "NULL"]
        )
        here, there = "@bound", "getvariable('bound')"
        query = self.chance.choice(
            [
                f"SELECT id AS c1, id + ‹{here}¦{there}› AS c2 FROM {self.table()}",
                f"SELECT count(*) AS c1, sum(k) AS c2 FROM {self.table()} "
                f"WHERE {self.number()} >= ‹{here}¦{there}›",
            ]
        )
        assignment = f"‹SET @bound = {value}¦SET VARIABLE bound = {value}›"
        return texts("int", "int", statements=[assignment, query])

    def macro(self):
        """Defines an expression and uses it in every clause."""
        body = self.chance.choice(
            [
                "CAST(a AS BIGINT) * 2 + b",
                "CASE WHEN a > b THEN a ELSE CAST(b AS BIGINT) - a END",
                "coalesce(a, b, 0)",
                "(SELECT count(*) FROM little AS r WHERE r.k = a) + b",
            ]
        )
        # Names without a table would mean the subquery's own columns in DuckDB, which puts the texts
        # of arguments into the body; here they mean what they mean where the macro is called.
        one, other = f"q.{self.number()}", self.chance.choice([f"q.{self.number()}", str(self.constant())])
        table = f"{self.table()} AS q"
        call = f"mixed({one}, {other})"
        query = self.chance.choice(
            [
                f"SELECT id AS c1, {call} AS c2 FROM {table}",
                f"SELECT count(*) AS c1, sum({call}) AS c2 FROM {table} WHERE {call} > {self.constant()}",
                f"SELECT {call} AS c1, count(*) AS c2 FROM {table} GROUP BY {call}",
            ]
        )
        return texts("int", "int", statements=[f"CREATE OR REPLACE MACRO mixed(a, b) AS {body}", query])

    def table_macro(self):
        """Defines a table with a parameter and joins it."""
        body = (
            f"SELECT id, k, tag FROM {self.table()} AS t WHERE {self.number()} > least_value "
            f"AND {self.condition()}"
        )
        query = self.chance.choice(
            [
                f"SELECT id AS c1, tag AS c2 FROM above({self.constant()})",
                f"SELECT count(*) AS c1, max(a.tag) AS c2 FROM above({self.constant()}) AS a "
                f"JOIN little AS l ON l.k = a.k",
            ]
        )
        statements = [f"CREATE OR REPLACE MACRO above(least_value) AS TABLE {body}", query]
        return texts("int", "text", statements=statements)

    def temporary(self):
        """Makes a temporary table, changes it, and reads it."""
        table = self.table()
        statements = [
            "DROP TABLE IF EXISTS kept",
            f"CREATE TEMPORARY TABLE kept AS SELECT id, k, tag, price FROM {table} AS t WHERE {self.condition()}",
        ]
        changes = [
            f"INSERT INTO kept SELECT id + 10000, k, tag, price FROM {self.table()} AS t WHERE {self.condition()}",
            f"DELETE FROM kept WHERE k > {self.constant()}",
            f"UPDATE kept SET k = k + 1, tag = 'red' WHERE id % 3 = {self.chance.choice([0, 1, 2])}",
        ]
        statements += self.chance.sample(changes, self.chance.choice([0, 1, 2]))
        statements.append(
            self.chance.choice(
                [
                    "SELECT id AS c1, k AS c2, tag AS c3 FROM kept",
                    "SELECT k AS c1, count(*) AS c2, max(tag) AS c3 FROM kept GROUP BY k",
                    "SELECT l.id AS c1, r.k AS c2, r.tag AS c3 FROM kept AS l JOIN kept AS r ON l.id = r.id",
                ]
            )
        )
        return texts("int", "int", "text", statements=statements)

    def retention(self):
        one, other = self.condition(), self.condition()
        key = self.chance.choice(["k", "tag", "tiny"])
        text = (
            f"SELECT {key} AS c1, ‹retention([{one}, {other}])[1]¦bool_or({one})› AS c2, "
            f"‹retention([{one}, {other}])[2]¦bool_or({one}) AND bool_or({other})› AS c3 "
            f"FROM {self.table()} AS t GROUP BY {key}"
        )
        return texts("text", "bool", "bool", statements=[text])

    def funnel(self):
        """Counts the steps of chains of two events; no row is both, and no two have one time."""
        table, width = self.chance.choice(["middle", "little", "hollow"]), self.chance.choice([1, 5, 40])
        key = self.chance.choice(["k", "tiny"])
        first = f"id % 3 = {self.chance.choice([0, 1])}"
        second = "id % 3 = 2"
        steps = (
            f"max(CASE WHEN {first} THEN CASE WHEN EXISTS (SELECT 1 FROM {table} AS r WHERE "
            f"r.{key} IS NOT DISTINCT FROM t.{key} AND r.{second} AND r.id > t.id "
            f"AND r.id <= t.id + {width}) THEN 2 ELSE 1 END ELSE 0 END)"
        )
        funnel = (
            f"window_funnel({width}, seconds_add('2020-01-01 00:00:00', id), 0, [{first}, {second}])"
        )
        text = f"SELECT {key} AS c1, ‹{funnel}¦{steps}› AS c2 FROM {table} AS t GROUP BY {key}"
        return texts("int", "int", statements=[text])

    def maps(self):
        """Makes maps of literals and columns, and reads them."""
        one, other = self.number(), self.number()
        made = f"MAP{{'a': {one}, 'b': {other}, 'c': {self.constant()}}}"
        key = self.chance.choice(["'a'", "'b'", "'c'", "'nowhere'", "substr(tag, 3, 1)"])
        query = self.chance.choice(
            [
                f"SELECT id AS c1, {made}[{key}] AS c2 FROM {self.table()}",
                f"SELECT ‹map_size({made})¦CAST(cardinality({made}) AS BIGINT)› AS c1, {made}[{key}] AS c2 "
                f"FROM {self.table()}",
                f"SELECT m['a'] AS c1, count(*) AS c2 FROM (SELECT {made} AS m FROM {self.table()}) AS s "
                f"GROUP BY m['a']",
                f"SELECT ‹array_sum¦list_sum›(map_values({made})) AS c1, id AS c2 FROM {self.table()}",
            ]
        )
        return texts("int", "int", statements=[query])


def texts(*kinds, statements):
    """Holds statements with the kinds of the last one's columns."""
    items = [Expression(kind, f"c{n + 1}") for n, kind in enumerate(kinds)]
    return Raw(items, SEPARATOR.join(statements))
