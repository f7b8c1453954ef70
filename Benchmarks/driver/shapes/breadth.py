"""Wide rows, many columns, deep expressions, and what statistics get wrong."""

from .groups import groups
from .row import Row

WIDE = ", ".join(f"sum(w{n})" for n in range(90))
MANY = ", ".join(f"sum(c{n})" for n in range(1000))


def totals(*expressions, condition=""):
    """Gives a statement that sums expressions up over a quarter of the facts."""
    sums = ", ".join(f"sum({one})" for one in expressions)
    return f"SELECT {sums} FROM facts WHERE id < {{quarter}}{condition}"


def nested(depth):
    """Gives arithmetic inside arithmetic."""
    text = "v"
    for number in range(depth):
        text = f"({text} * 3 + {number}) % 1009"
    return text


def cases(count):
    """Gives a CASE with many branches."""
    branches = " ".join(f"WHEN v < {n * 1000 // count} THEN {n * 7 % 13}" for n in range(1, count))
    return f"CASE {branches} ELSE 1 END"


def nested_cases(depth):
    """Gives a CASE inside a CASE."""
    text = "v"
    for number in range(depth):
        text = f"CASE WHEN a > {number * 50} THEN {text} ELSE b + {number} END"
    return text


def many_conditions(count):
    """Gives an OR of many ANDs over several columns."""
    return " OR ".join(
        f"(a = {n * 17 % 1000} AND v > {n * 10} AND hundredth_id % 10 <> {n % 10})"
        for n in range(count)
    )


EXPRESSIONS = [
    Row("wide: all columns", f"SELECT {WIDE} FROM wide WHERE w5 <> 10"),
    Row("wide: all columns of 1 % of rows", f"SELECT {WIDE} FROM wide WHERE w5 < 10"),
    Row(
        "wide: many sums a group",
        f"SELECT w1, {WIDE} FROM wide GROUP BY w1 ORDER BY w1 LIMIT 5",
    ),
    Row(
        "wide: join with all columns",
        f"SELECT sum(weight), {WIDE} FROM hundredth d JOIN wide w ON d.id = w.id",
    ),
    Row("wide: sort", "SELECT * FROM wide ORDER BY w7, id LIMIT 5 OFFSET {half_hundredth}"),
    Row(
        "wide: window",
        "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY w3 ORDER BY w7, id) AS r "
        "FROM wide) AS w WHERE r = 1 ORDER BY id LIMIT 5",
    ),
    Row("columns: 3 of 1000", "SELECT sum(c1), max(c999) FROM columns WHERE c500 <> 7"),
    Row("columns: all", f"SELECT {MANY} FROM columns WHERE c500 <> 7"),
    Row("columns: one row", "SELECT * FROM columns WHERE id = 77"),
    Row("deep: arithmetic", totals(nested(30))),
    Row("deep: sum of 100 terms", totals(" + ".join(f"v % {n}" for n in range(2, 102)))),
    Row("deep: CASE of 50 branches", totals(cases(50))),
    Row("deep: CASE in CASE", totals(nested_cases(20))),
    Row("deep: 60 conditions", totals("v", condition=f" AND ({many_conditions(60)})")),
    Row(
        "deep: the same again and again",
        totals(*(f"(v * 7 + a * b) % 1013 + {n}" for n in range(30))),
    ),
]

STATISTICS = [
    Row(
        "correlated: more rows than expected",
        "SELECT count(*), sum(f.v), sum(w.weight), sum(t.weight) FROM facts f "
        "JOIN whole w ON f.whole_id = w.id JOIN tenth t ON f.tenth_id = t.id "
        "WHERE f.a = 5 AND f.b = 35 AND f.c = 65",
    ),
    Row(
        "contradictory: fewer rows than expected",
        "SELECT count(*), count(w.weight), count(t.weight) FROM facts f "
        "JOIN whole w ON f.whole_id = w.id JOIN tenth t ON f.tenth_id = t.id "
        "WHERE f.a < 500 AND f.b = f.a * 7 % 1000 + 1",
    ),
    Row(
        "conditions that are always true",
        "SELECT count(*), sum(f.v), sum(d.weight) FROM facts f JOIN tenth d ON f.tenth_id = d.id "
        "WHERE f.b = f.a * 7 % 1000 AND f.c = f.a * 13 % 1000 AND d.id % 1000 = d.second_part",
    ),
    Row(
        "a LIKE that is always true",
        "SELECT count(*), sum(f.v), sum(d.weight) FROM texts f JOIN tenth d ON f.short = d.short "
        "WHERE d.long LIKE '%details%' AND f.category LIKE 'cat%'",
    ),
    Row("groups, halves differ", groups("halved_id")),
    Row(
        "join, halves differ",
        "SELECT count(*), sum(f.v), sum(d.weight) FROM facts f JOIN tenth d ON f.halved_id = d.id "
        "WHERE f.halved_id < 10 OR f.halved_id > 1000",
    ),
    Row(
        "a join that multiplies, then another",
        "SELECT count(*), sum(f.v), sum(w.weight) FROM facts f "
        "JOIN tenth t ON f.skewed_parent = t.skewed_parent JOIN whole w ON t.id = w.id "
        "WHERE f.id < 100",
    ),
]

ROWS = EXPRESSIONS + STATISTICS
