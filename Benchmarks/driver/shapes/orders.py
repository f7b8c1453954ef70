"""Sorts and windows. `OFFSET` in the middle of the rows lets an engine that sorts do it all."""

from .row import Row


def ordered(columns, order, table="facts", offset="{half}"):
    """Gives a statement that takes five rows from the middle of an order."""
    return f"SELECT {columns} FROM {table} ORDER BY {order} LIMIT 5 OFFSET {offset}"


def window(function, total, where=""):
    """Gives a statement that sums up a window function over a quarter of the facts."""
    return (
        f"SELECT count(*), {total} FROM (SELECT v, {function} AS r FROM facts "
        "WHERE id < {quarter}) AS w" + (f" WHERE {where}" if where else "")
    )


ROWS = [
    Row("top 10, all columns", "SELECT * FROM facts ORDER BY price DESC, id LIMIT 10"),
    Row("top 10 of long texts", "SELECT id, long FROM texts ORDER BY long DESC, id LIMIT 10"),
    Row("sort sparse numbers", ordered("id, v", "whole_sparse, id")),
    Row("sort skewed numbers and doubles", ordered("id, v", "skewed_id DESC, price, id")),
    Row("sort half NULL", ordered("id, v", "null_id NULLS LAST, id", offset="{quarter}")),
    Row("sort what is sorted", ordered("id, v", "id")),
    Row("sort short texts", ordered("id, v", "short, id", "texts", "{eighth}")),
    Row("sort long texts", ordered("id, v", "long, id", "texts", "{eighth}")),
    Row(
        "window: row_number, many partitions",
        window("row_number() OVER (PARTITION BY hundredth_id ORDER BY v, id)", "sum(r)"),
    ),
    Row(
        "window: first of a group",
        window("row_number() OVER (PARTITION BY tenth_id ORDER BY price, id)", "sum(v)", "r = 1"),
    ),
    Row(
        "window: rank, skewed partitions",
        window("rank() OVER (PARTITION BY skewed_id ORDER BY v)", "max(r), sum(r % 100)"),
    ),
    Row(
        "window: running sum",
        window("sum(v) OVER (PARTITION BY thousand_id ORDER BY id)", "max(r), sum(r % 100)"),
    ),
    Row(
        "window: moving frame",
        window(
            "sum(v) OVER (PARTITION BY thousand_id ORDER BY id "
            "ROWS BETWEEN 9 PRECEDING AND CURRENT ROW)",
            "max(r), sum(r)",
        ),
    ),
    Row("window: lag over all rows", window("lag(v) OVER (ORDER BY whole_sparse, id)", "sum(r)")),
    Row("window: sum of a partition", window("sum(v) OVER (PARTITION BY tenth_id)", "sum(r)")),
]
