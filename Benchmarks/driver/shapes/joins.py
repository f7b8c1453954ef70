"""Joins of dense, sparse, skewed, composite and text keys, in all ratios of the sides' sizes."""

from .row import Row


def join(condition, other, kind="JOIN", facts="facts", where=""):
    """Gives a statement that joins two tables and reads a column of either."""
    return (
        f"SELECT count(*), sum(f.v), sum(d.weight) FROM {facts} f {kind} {other} d ON {condition}"
        + (f" WHERE {where}" if where else "")
    )


ROWS = [
    Row("join dense, 1 : 10,000", join("f.thousand_id = d.id", "thousand")),
    Row("join dense, 1 : 100", join("f.hundredth_id = d.id", "hundredth")),
    Row("join dense, 1 : 10", join("f.tenth_id = d.id", "tenth")),
    Row("join dense, 1 : 1", join("f.whole_id = d.id", "whole")),
    Row("join sparse, 1 : 10", join("f.tenth_sparse = d.sparse", "tenth")),
    Row("join sparse, 1 : 1", join("f.whole_sparse = d.sparse", "whole")),
    Row("join skewed", join("f.skewed_id = d.id", "tenth")),
    Row("join half NULL", join("f.null_id = d.id", "tenth")),
    Row(
        "join composite",
        join("f.first_part = d.first_part AND f.second_part = d.second_part", "tenth"),
    ),
    Row("join short texts", join("f.short = d.short", "tenth", facts="texts")),
    Row("join long texts", join("f.long = d.long", "tenth", facts="texts")),
    Row("join, 9 of 10 rows without match", join("f.whole_id = d.id", "tenth")),
    Row("join, 1 of 1000 of a side", join("f.tenth_id = d.id", "tenth", where="d.attribute = 7")),
    Row("join, 10 matches a row", join("f.hundredth_id = d.parent", "tenth", where="f.v < 250")),
    Row(
        "join, skewed on both sides",
        join("f.skewed_parent = d.skewed_parent", "tenth", where="f.id < 1000"),
    ),
    Row("left join half NULL", join("f.null_id = d.id", "tenth", "LEFT JOIN")),
    Row(
        "left join, small side left",
        "SELECT count(*), sum(f.v), sum(d.weight) FROM thousand d LEFT JOIN facts f "
        "ON d.id = f.whole_id",
    ),
    Row("full join", join("f.whole_id = d.id", "tenth", "FULL JOIN")),
    Row(
        "semi join, sparse",
        "SELECT count(*), sum(v) FROM facts WHERE whole_sparse IN "
        "(SELECT sparse FROM tenth WHERE attribute < 500)",
    ),
    Row(
        "anti join, sparse",
        "SELECT count(*), sum(v) FROM facts f WHERE NOT EXISTS "
        "(SELECT 1 FROM tenth d WHERE d.sparse = f.whole_sparse)",
        {
            "polars": "SELECT count(*), sum(v) FROM facts f ANTI JOIN tenth d "
            "ON f.whole_sparse = d.sparse"
        },
    ),
    Row(
        "star of four",
        "SELECT count(*), sum(f.v), sum(w.weight), sum(t.weight), sum(h.weight), sum(d.weight) "
        "FROM facts f JOIN whole w ON f.whole_id = w.id JOIN tenth t ON f.tenth_id = t.id "
        "JOIN hundredth h ON f.hundredth_id = h.id JOIN thousand d ON f.thousand_id = d.id "
        "WHERE w.attribute < 300 AND t.attribute < 500 AND h.attribute < 50",
    ),
    Row(
        "join by a range",
        "SELECT count(*), sum(h.weight), sum(d.weight) FROM hundredth h, thousand d "
        "WHERE h.id BETWEEN d.low AND d.high",
    ),
]
