"""Aggregations from one group to as many as there are rows, over keys of every form."""

from .row import Row


# The expensive ones are over a quarter of the rows.
QUARTER = "facts WHERE id < {quarter}"


def groups(keys, table="facts"):
    """Gives a statement that groups and sums the groups up."""
    return (
        f"SELECT count(*), sum(members), max(total) FROM (SELECT {keys}, count(*) AS members, "
        f"sum(v) AS total FROM {table} GROUP BY {keys}) AS g"
    )


def middle(function):
    """Gives the statement that sums up medians."""
    return (
        f"SELECT sum(m) FROM (SELECT hundredth_id, {function} AS m FROM {QUARTER} "
        "GROUP BY hundredth_id) AS g"
    )


ROWS = [
    Row(
        "1 group",
        "SELECT count(*), sum(v), min(v), max(whole_id), avg(price) FROM facts "
        "WHERE thousand_id <> 7",
    ),
    Row(
        "1 group, half NULL",
        "SELECT count(null_v), sum(null_v), min(null_id) FROM facts WHERE thousand_id <> 7",
    ),
    Row("groups dense, 1000", groups("thousand_id")),
    Row("groups dense, 1 % of rows", groups("hundredth_id")),
    Row("groups dense, 10 % of rows", groups("tenth_id")),
    Row("groups dense, as many as rows", groups("id")),
    Row("groups sparse, most of rows", groups("whole_sparse")),
    Row("groups skewed", groups("skewed_id")),
    Row("groups half NULL", groups("null_id")),
    Row("groups composite", groups("first_part, second_part")),
    Row("groups of five keys", groups("thousand_id, a, b, c, day", QUARTER)),
    Row("groups by an expression", groups("(tenth_id * 7 + 3) % 10007")),
    Row("groups of few texts", groups("category", "texts")),
    Row("groups of short texts", groups("short", "texts")),
    Row("groups of long texts", groups("long", "texts")),
    Row("groups of texts, as many as rows", groups("name", "texts")),
    Row("groups of skewed texts", groups("skewed_text", "texts")),
    Row("count distinct", "SELECT count(DISTINCT tenth_sparse), count(DISTINCT price) FROM facts"),
    Row(
        "count distinct a group",
        "SELECT count(*), sum(ids) FROM (SELECT thousand_id, count(DISTINCT hundredth_id) AS ids "
        f"FROM {QUARTER} GROUP BY thousand_id) AS g",
    ),
    Row(
        "many aggregates",
        "SELECT count(*), sum(n), sum(s1), sum(s2), max(l1), max(l2), max(l3), min(m1), min(m2), "
        "min(m3) FROM (SELECT hundredth_id, count(null_v) AS n, sum(v) AS s1, sum(price) AS s2, "
        "min(v) AS l1, min(price) AS l2, min(day) AS l3, max(v) AS m1, max(price) AS m2, "
        f"max(day) AS m3 FROM {QUARTER} GROUP BY hundredth_id) AS g",
    ),
    Row(
        "medians",
        middle("median(v)"),
        {
            "starling": middle("percentile_cont(v, 0.5)"),
            "chdb": middle("quantileExactInclusive(0.5)(v)"),
        },
    ),
]
