"""The differences between Starling and DuckDB that are right as they are, each with its reason.

An entry matches on the statement, on DuckDB's error and on Starling's, each a regular expression
that has to be found where it is given; `kind` is which outcome it explains:
`starling-refuses` (DuckDB answers), `duckdb-refuses` (Starling answers), `results` (both answer).
"""

import re
from dataclasses import dataclass


@dataclass
class Explained:
    """One explained difference."""

    reason: str
    kind: str
    sql: str = ""
    message: str = ""
    # True for what only says enough of a statement that was made as small as it could be.
    needs_small: bool = False

    def matches(self, kind, sql, message, is_small):
        return (
            kind == self.kind
            and (is_small or not self.needs_small)
            and re.search(self.sql, sql, re.IGNORECASE | re.DOTALL) is not None
            and re.search(self.message, message, re.IGNORECASE) is not None
        )


NEARLY_ZERO = r"-?(?:0(?:\.0)?|\d(?:\.\d+)?e-1[5-9])"

EXPLAINED = [
    Explained(
        "a floating point statistic half-way between two roundings",
        "results",
        sql=r"round\(",
        message=r"got (?:.*\| )?(.*\d)\d(.*), not (?:.*\| )?\1\d\2$",
    ),
    Explained(
        "the arc sine and cosine of what is not in -1 to 1 is NULL in StarRocks",
        "results",
        sql=r"\ba(sin|cos)\(",
        message=r"NULL.*, not .*nan",
    ),
    Explained(
        "a power that DOUBLE does not hold is NULL in StarRocks, infinity in DuckDB",
        "results",
        sql=r"\bpow(er)?\(",
        message=r"\bNULL\b|\binf\b",
        needs_small=True,
    ),
    Explained(
        "parsed and not executed, which the message says",
        "starling-refuses",
        message=r"(is|are) parsed but not executed",
    ),
    Explained(
        "a number in ORDER BY within an aggregate names one of its arguments",
        "starling-refuses",
        sql=r"ORDER BY -?[0-9]",
        message=r"position -?[0-9]+ is not in the select list",
    ),
    Explained(
        "DuckDB takes no constant and no subquery for the order of an aggregate's rows",
        "duckdb-refuses",
        message=r"ORDER BY non-integer literal|ORDER BY expressions must appear in the argument list",
    ),
    Explained(
        "DuckDB has no subqueries in lambdas",
        "duckdb-refuses",
        message=r"subqueries in lambda expressions are not supported",
    ),
    Explained(
        "neither has subqueries over a lambda's parameters, which DuckDB says only where they run",
        "starling-refuses",
        message=r"a subquery in a lambda can't read the lambda's parameters",
    ),
    Explained(
        "an internal error of DuckDB",
        "duckdb-refuses",
        message=r"INTERNAL Error",
    ),
    Explained(
        "DuckDB adds up integers in 128 bits, StarRocks in 64: out of range is an error here",
        "starling-refuses",
        sql=r"sum\(",
        message=r"overflow|out of range",
    ),
    Explained(
        "a floating point sum or mean that is zero but for rounding",
        "results",
        message=rf"got (|.* \| ){NEARLY_ZERO}(| \| .*), not \1{NEARLY_ZERO}\2$",
    ),
    Explained(
        "an order by a floating point statistic half-way between two roundings",
        "results",
        sql=r"round\(",
        message=r"is out of order in .*?(-?\d+\.\d{5})\d\b.*, not .*?\1\d\b",
    ),
    Explained(
        "an order by floating point statistics that differ in their last digits only",
        "results",
        message=r"is out of order in .*?(-?\d+\.\d{9})\d*\b.*, not .*?\1",
    ),
    Explained(
        "DuckDB cuts digits behind the point where a sum of 38 digits and a DECIMAL(30,6) meet",
        "results",
        sql=r"sum\(.*ELSE \w+\.wide END|THEN \w+\.wide ELSE .*sum\(",
        message=r"rows instead of",
    ),
    Explained(
        "DuckDB has no subquery in PARTITION BY that it takes for volatile or that has a window",
        "duckdb-refuses",
        message=r"window functions are not allowed in window definitions|cannot be volatile",
    ),
    Explained(
        "DuckDB drops the row of an aggregate without groups in a LATERAL query whose WHERE reads "
        "only the query around it",
        "results",
        sql=r"CROSS JOIN LATERAL \(SELECT (min|max|sum|count)\(",
        needs_small=True,
    ),
    Explained(
        "StarRocks computes with more digits, or in a wider type, where DuckDB gives up",
        "duckdb-refuses",
        message=r"overflow|out of range|Conversion Error|Could not cast",
    ),
]


def explanation(kind, sql, message, is_small=False):
    """Finds why a difference is right; None where nobody has said so."""
    for one in EXPLAINED:
        if one.matches(kind, sql, message, is_small):
            return one.reason
    return None
