"""Makes statements of clauses that no SELECT of `queries.py` has: named windows, IGNORE NULLS, stars with
exceptions, GROUP BY ALL, grouping_id, ordered-set and keyed aggregates, states, and calls in FROM."""

from .shapes import SIDES, raw

FRAMES = [
    "ROWS BETWEEN 2 PRECEDING AND CURRENT ROW",
    "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING",
    "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
    "ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING",
    "RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING",
    "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
    "GROUPS BETWEEN 1 PRECEDING AND 2 FOLLOWING",
    "GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING",
    "GROUPS BETWEEN CURRENT ROW AND CURRENT ROW",
    "GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING",
]
EXCLUSIONS = ["", "", "", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES"]
KEYS = ["k", "tag", "tiny", "flag", "day", "small", "k % 4", "left(name, 1)"]


class ClauseMaker:
    """Makes whole statements from a source of chance."""

    def __init__(self, chance, expressions):
        self.chance = chance
        self.expressions = expressions

    def statement(self):
        """Makes one statement, with its columns."""
        makers = [self.named_windows, self.framed, self.values_of_windows, self.qualified]
        makers += [self.stars, self.all_columns, self.group_sets, self.keyed, self.states]
        makers += [self.unnested, self.unnested, self.members, self.series, self.bags, self.gathered]
        makers += [self.sessions, self.two_pivots, self.walks, self.ranked_sets]
        return self.chance.choice(makers)()

    def choice(self, *options):
        return self.chance.choice(options)

    def table(self):
        return self.chance.choice(SIDES)

    def key(self):
        return self.chance.choice(KEYS)

    def condition(self):
        """Makes a condition over one table `t`."""
        return self.choice("TRUE", "t.id % 3 = 1", "t.k > 20", "t.tag <> 'red'", "t.nums IS NOT NULL")

    def order(self):
        """Makes an order with ties."""
        column = self.choice("t.k", "t.small", "t.tiny", "t.i")
        return f"{column} {self.choice('ASC', 'DESC')} NULLS {self.choice('FIRST', 'LAST')}"

    def named_windows(self):
        frame = self.choice("", " " + self.chance.choice(FRAMES[:4]))
        text = (
            f"SELECT t.id AS c1, sum(t.k) OVER (w{frame}) AS c2, count(*) OVER v AS c3, "
            f"max(t.tag) OVER v AS c4 FROM {self.table()} AS t WHERE {self.condition()} WINDOW "
            f"w AS (PARTITION BY {self.key()} ORDER BY t.id), v AS (PARTITION BY {self.key()})"
        )
        return raw("int", "int", "int", "text", text=text)

    def framed(self):
        """Computes aggregates over any frame; those of peers give the same for all of them."""
        frame = self.chance.choice(FRAMES)
        order = "t.id" if frame.startswith("ROWS") else self.order()
        exclusion = self.chance.choice(EXCLUSIONS)
        partition = self.choice("", f"PARTITION BY {self.key()} ")
        over = f"OVER ({partition}ORDER BY {order} {frame}{exclusion})"
        calls = ["sum(t.i)", "count(t.k)", "min(t.price)", "max(t.day)", "count(DISTINCT t.k)"]
        calls += ["sum(t.small) FILTER (WHERE t.tiny > 0)", "bool_or(t.flag)", "sum(t.x)"]
        calls += ["‹count_if(t.flag)¦count(*) FILTER (t.flag)›", "min(t.tag)"]
        calls += ["string_agg(t.tag, ',' ORDER BY t.tag)"]
        calls += ["sum(DISTINCT t.tiny)", "count(*)", "max(t.nums[1])"]
        one, other = self.chance.sample(calls, 2)
        text = (
            f"SELECT t.id AS c1, {one} {over} AS c2, {other} {over} AS c3 "
            f"FROM {self.table()} AS t WHERE {self.condition()}"
        )
        return raw("int", "int", "int", text=text)

    def values_of_windows(self):
        """Takes single rows of frames, NULL among them or left out."""
        nulls = self.choice("", " IGNORE NULLS", " IGNORE NULLS")
        frame = self.choice("", *FRAMES[:4])
        column = self.choice("k", "tag", "price", "x", "day", "flag", "nums")
        place = f"OVER (PARTITION BY {self.key()} ORDER BY t.id"
        call = self.choice(
            f"first_value(t.{column}{nulls}) {place} {frame})",
            f"last_value(t.{column}{nulls}) {place} {frame})",
            f"nth_value(t.{column}, 2{nulls}) {place} {frame})",
            f"lag(t.{column}, 1{nulls}) {place})",
            f"lead(t.{column}, 2{nulls}) {place} DESC)",
        )
        text = f"SELECT t.id AS c1, {call} AS c2 FROM {self.table()} AS t WHERE {self.condition()}"
        return raw("int", "text", text=text)

    def qualified(self):
        """Filters by windows that the select list does not have."""
        window = self.choice(
            f"row_number() OVER (PARTITION BY {self.key()} ORDER BY t.id DESC) <= 2",
            f"count(*) OVER (PARTITION BY {self.key()}) > 3",
            f"t.k > avg(t.k) OVER (PARTITION BY {self.key()})",
            f"rank() OVER (ORDER BY {self.order()}) <= 10 AND t.id % 2 = 0",
            f"sum(t.k) OVER (ORDER BY t.id) BETWEEN 10 AND 900",
            f"lag(t.tag) OVER (ORDER BY t.id) = t.tag OR t.id = 3",
        )
        text = f"SELECT t.id AS c1, t.tag AS c2 FROM {self.table()} AS t WHERE {self.condition()}"
        if self.chance.random() < 0.3:
            text = f"SELECT k AS c1, count(*) AS c2 FROM {self.table()} AS t GROUP BY k"
            window = "row_number() OVER (ORDER BY count(*) DESC, k NULLS LAST) <= 4"
        return raw("int", "text", text=f"{text} QUALIFY {window}")

    def stars(self):
        dropped = self.chance.sample(["y", "wide", "pairs", "point", "doc", "nums", "x"], 3)
        table = self.choice("middle", "little", "hollow", "single", "nothing")
        star = f"t.* ‹EXCEPT¦EXCLUDE› ({', '.join(dropped)})"
        text = self.choice(
            f"SELECT {star} FROM {table} AS t WHERE {self.condition()}",
            f"SELECT count(*), t.id AS first, {star} FROM {table} AS t WHERE FALSE GROUP BY ALL",
            f"SELECT {star}, row_number() OVER (ORDER BY t.id) FROM {table} AS t",
            f"SELECT s.* ‹EXCEPT¦EXCLUDE› (id) FROM (SELECT {star} FROM {table} AS t) AS s",
        )
        return raw("int", text=text)

    def all_columns(self):
        key, table = self.key(), self.table()
        text = self.choice(
            f"SELECT {key} AS c1, count(*) AS c2, sum(t.i) AS c3 FROM {table} AS t "
            f"WHERE {self.condition()} GROUP BY ALL ORDER BY ALL NULLS FIRST",
            f"SELECT {key} AS c1, t.tiny AS c2, max(t.price) AS c3 FROM {table} AS t GROUP BY ALL "
            f"HAVING count(*) > 1",
            f"SELECT DISTINCT {key} AS c1, t.k AS c2, 1 AS c3 FROM {table} AS t "
            f"WHERE {self.condition()} ORDER BY ALL DESC NULLS LAST LIMIT 20",
        )
        return raw("text", "int", "int", text=text)

    def group_sets(self):
        one, other = self.chance.sample(["k", "tag", "tiny", "flag", "day"], 2)
        sets = self.choice(
            f"ROLLUP ({one}, {other})",
            f"CUBE ({one}, {other})",
            f"GROUPING SETS (({one}, {other}), ({other}), ())",
            f"GROUPING SETS (({one}), ({other}))",
            f"GROUPING SETS ((), ({one}, {other}), ({one}), ({one}))",
        )
        value = self.choice("count(*)", "sum(i)", "max(tag)", "count(DISTINCT k)", "min(price)")
        text = (
            f"SELECT {one} AS c1, {other} AS c2, grouping_id({one}, {other}) AS c3, "
            f"grouping({other}) AS c4, {value} AS c5 FROM {self.table()} AS t "
            f"WHERE {self.condition()} GROUP BY {sets}"
        )
        if self.chance.random() < 0.3:
            text += f" HAVING grouping_id({one}, {other}) <> 1 OR count(*) > 2"
        return raw("text", "text", "int", "int", "int", text=text)

    def keyed(self):
        """Takes the value of the row that is first or last in an order without ties."""
        column = self.choice("tag", "price", "day", "k", "flag", "x", "nums")
        order = self.choice("id", "-id", "id % 7 * 10000 + id", "CASE WHEN k > 5 THEN id END")
        most, least = "‹max_by¦arg_max_null›", "‹min_by¦arg_min_null›"
        filtered = self.choice("", " FILTER (WHERE t.flag)")
        text = (
            f"SELECT {self.key()} AS c1, {most}(t.{column}, {order}){filtered} AS c2, "
            f"{least}(t.{column}, {order}) AS c3 FROM {self.table()} AS t "
            f"WHERE {self.condition()} GROUP BY 1"
        )
        return raw("text", "text", "text", text=text)

    def states(self):
        """Aggregates in two steps over states."""
        function, plain = self.choice(
            ("avg", "avg(x)"), ("sum", "sum(x)"), ("count", "count(x)"), ("min", "min(x)"),
            ("max", "max(x)"), ("var_samp", "var_samp(x)"), ("stddev_pop", "stddev_pop(x)"),
            ("median", "median(x)"), ("skew", "skewness(x)"), ("kurtosis", "kurtosis(x)"),
        )
        column = self.choice("t.k", "t.x", "t.small", "CAST(t.price AS DOUBLE)", "t.tiny")
        table, key, condition = self.table(), self.key(), self.condition()
        step = self.choice(f"{function}_combine({column})", f"{function}_union({function}_state({column}))")
        group = self.choice("", " GROUP BY g % 2")
        starling = (
            f"SELECT {function}_merge(s) AS c1 FROM (SELECT id % 6 AS g, {step} AS s FROM {table} AS t "
            f"WHERE {condition} GROUP BY id % 6, {key}) AS u{group}"
        )
        duckdb = (
            f"SELECT {plain} AS c1 FROM (SELECT id % 6 AS g, {column} AS x FROM {table} AS t "
            f"WHERE {condition}) AS u{group}"
        )
        return raw("double", text=f"‹{starling}¦{duckdb}›")

    def unnested(self):
        """Takes one or several arrays apart, with the rows around them."""
        table, condition = self.table(), self.condition()
        one, other = self.chance.sample(["t.nums", "t.words", "[t.k, t.tiny]", "map_keys(t.pairs)"], 2)
        kind, on = self.choice((", ", ""), (" CROSS JOIN ", ""), (" LEFT JOIN ", " ON TRUE"))
        pair = (
            f"‹unnest({one}, {other})¦LATERAL (SELECT unnest({one}), unnest({other}))›"
        )
        single = f"‹unnest({one})¦LATERAL (SELECT unnest({one}))›"
        text = self.choice(
            f"SELECT t.id AS c1, u.p AS c2, u.q AS c3 FROM {table} AS t{kind}{pair} AS u(p, q){on} "
            f"WHERE {condition}",
            f"SELECT t.k AS c1, count(u.p) AS c2, count(*) AS c3 FROM {table} AS t{kind}{single} "
            f"AS u(p){on} WHERE {condition} GROUP BY t.k",
            f"SELECT u.p AS c1, count(*) AS c2, max(t.id) AS c3 FROM {table} AS t{kind}{single} "
            f"AS u(p){on} GROUP BY u.p",
            f"SELECT t.id AS c1, u.p AS c2, v.q AS c3 FROM {table} AS t, {single} AS u(p), "
            f"‹unnest({other})¦LATERAL (SELECT unnest({other}))› AS v(q) WHERE {condition}",
            f"SELECT t.id AS c1, (SELECT count(u.p) FROM {single.replace('LATERAL ', '')} AS u(p)) "
            f"AS c2, 1 AS c3 FROM {table} AS t WHERE {condition}",
        )
        return raw("int", "text", "text", text=text)

    def members(self):
        """Walks over the members of documents."""
        each = "‹json_each(parse_json(t.doc))¦LATERAL (SELECT key, value FROM json_each(t.doc))›"
        text = self.choice(
            f"SELECT t.id AS c1, e.k AS c2, replace(coalesce(CAST(e.v AS VARCHAR), 'null'), ' ', '') "
            f"AS c3 FROM {self.table()} AS t, {each} AS e(k, v) WHERE e.k IN ('a', 'c', 'd')",
            f"SELECT e.k AS c1, count(*) AS c2, count(DISTINCT t.k) AS c3 FROM {self.table()} AS t, "
            f"{each} AS e(k, v) WHERE {self.condition()} GROUP BY e.k",
        )
        return raw("int", "text", "text", text=text)

    def series(self):
        table = self.choice("middle", "little", "hollow")
        first, last, step = self.choice(("1", "t.tiny", "1"), ("t.k", "t.k + 3", "2"), ("5", "t.tiny", "-2"))
        call = f"generate_series({first}, {last}, {step})"
        text = self.choice(
            f"SELECT t.id AS c1, g.n AS c2 FROM {table} AS t, ‹{call}¦LATERAL (SELECT unnest({call}))› "
            f"AS g(n) WHERE {self.condition()}",
            f"SELECT g.n AS c1, count(t.id) AS c2 FROM generate_series(0, 60) AS g(n) LEFT JOIN {table} AS t "
            f"ON t.k = g.n GROUP BY g.n",
            f"SELECT g.n AS c1, (SELECT count(*) FROM {table} AS t WHERE t.k < g.n) AS c2 "
            f"FROM generate_series(-3, 40, 7) AS g(n)",
        )
        return raw("int", "int", text=text)

    def bags(self):
        """Combines bags and sets of rows."""
        columns = self.choice("k, tag", "tiny, flag", "tag, day", "k, nums", "tag, point")
        text = f"SELECT {columns} FROM {self.table()} AS t WHERE {self.condition()}"
        for _ in range(self.chance.randrange(1, 4)):
            operator = self.choice(
                "UNION ALL", "UNION", "EXCEPT", "INTERSECT", "EXCEPT ALL", "INTERSECT ALL"
            )
            side = f"SELECT {columns} FROM {self.table()} AS t WHERE {self.condition()}"
            text = f"({text}) {operator} ({side})"
        return raw("text", "text", text=text)

    def gathered(self):
        """Gathers arrays and works on them with lambdas."""
        body = self.choice("x + 1", "x * g.c1", "x % 3", "CASE WHEN x > 20 THEN x END")
        test = self.choice("x > 10", "x % 2 = 0", "x IS NOT NULL", "x < g.c1")
        inner = (
            f"(SELECT t.k AS c1, array_agg(t.small ORDER BY t.id) AS a, "
            f"array_agg(t.tag ORDER BY t.id DESC) AS b FROM {self.table()} AS t "
            f"WHERE {self.condition()} GROUP BY t.k) AS g"
        )
        call = self.choice(
            f"‹array_map(x -> {body}, a)¦list_transform(a, lambda x: {body})›",
            f"‹array_filter(x -> {test}, a)¦list_filter(a, lambda x: {test})›",
            f"‹any_match(x -> {test}, a)¦sr_any_match(list_transform(a, lambda x: {test}))›",
            f"‹array_map((x, y) -> x || y, b, b)¦list_transform(b, lambda x: x || x)›",
            "‹array_distinct(b)¦sr_array_distinct(b)›",
            "‹array_slice(a, 2, 3)¦list_slice(a, 2, 4)›",
            "§array_join(b, ',')",
            "§array_sort(a)",
        )
        return raw("int", "text", text=f"SELECT g.c1 AS c1, {call} AS c2 FROM {inner}")

    def sessions(self):
        gap = self.choice(1, 3, 100)
        partition = self.choice("", "PARTITION BY tag ")
        column = self.choice("id", "small", "k")
        values = (
            f"FROM (SELECT id, tag, CAST({column} AS BIGINT) AS v FROM {self.table()} AS t "
            f"WHERE {column} IS NOT NULL) AS t"
        )
        starling = f"SELECT id AS c1, session_number(v, {gap}) OVER ({partition}ORDER BY v) AS c2 {values}"
        duckdb = (
            f"SELECT id AS c1, 1 + sum(s) OVER ({partition}ORDER BY v) AS c2 FROM (SELECT id, tag, v, "
            f"CASE WHEN v - lag(v) OVER ({partition}ORDER BY v) > {gap} THEN 1 ELSE 0 END AS s {values}) AS t"
        )
        return raw("int", "int", text=f"‹{starling}¦{duckdb}›")

    def two_pivots(self):
        column, values = self.choice(("tag", "'red' AS r, 'green' AS g"), ("tiny", "0 AS z, 3 AS three"))
        text = (
            f"SELECT * FROM (SELECT flag, {column}, i, price FROM {self.table()} AS t "
            f"WHERE {self.condition()}) AS s PIVOT (sum(i) AS s, max(price) AS m "
            f"FOR {column} IN ({values}))"
        )
        return raw("bool", "int", "decimal", "int", "decimal", text=text)

    def walks(self):
        """Walks recursively through several tables of an ancestor's rows."""
        union = self.choice("UNION", "UNION ALL")
        text = (
            f"WITH RECURSIVE w AS (SELECT id, k, 0 AS depth FROM little WHERE id < {self.choice(2, 9)} "
            f"{union} SELECT t.id, t.k, w.depth + 1 FROM w JOIN {self.choice('little', 'middle')} AS t "
            f"ON t.id = w.k AND w.depth < {self.choice(3, 6)}) "
            f"SELECT depth AS c1, count(*) AS c2, sum(id) AS c3, count(DISTINCT k) AS c4 FROM w "
            f"GROUP BY depth"
        )
        return raw("int", "int", "int", "int", text=text)

    def ranked_sets(self):
        """Computes what an order within the group decides, several at once."""
        column = self.choice("x", "k", "small", "id")
        share = self.choice(0, 0.125, 0.5, 0.75, 1)
        text = (
            f"SELECT {self.key()} AS c1, percentile_cont({share}) WITHIN GROUP (ORDER BY {column}) AS c2, "
            f"median({column}) AS c3, §percentile_disc({column}, {share}) AS c4, "
            f"percentile_cont({share}) WITHIN GROUP (ORDER BY {column} DESC) AS c5 "
            f"FROM {self.table()} AS t WHERE {self.condition()} GROUP BY 1"
        )
        return raw("text", "double", "double", "double", "double", text=text)
