"""`tools/bench views`: what materialized views cost who writes, and what they save who reads.

A table of sales with two dimensions is filled by SQL in memory. For views of each kind, commits of
1, 100 and 10,000 rows are timed with the view and without; so are 1,000-row commits under five
join-aggregate views, and rows a second under 0, 1, 5 and 20 views. A query is timed with views and
without, and over a view that stands behind by some rows. DuckDB, which has no materialized views,
computes them anew. What each view holds in the end is compared with its query.
"""

import argparse
import json
import os
import statistics
import sys

from .comparison import difference
from .data import STARLING
from .exchange import Exchange
from .suite import ROOT

CUSTOMERS, PRODUCTS = 100_000, 20_000
SERIES = {
    "Starling": "(SELECT generate_series AS i FROM TABLE(generate_series({first}, {last}))) AS s",
    "DuckDB": "generate_series({first}, {last}) AS s(i)",
}
DAY = {
    "Starling": "date_add('2023-01-01', INTERVAL (i % 730) DAY)",
    "DuckDB": "CAST(DATE '2023-01-01' + CAST(i % 730 AS INT) AS DATE)",
}
TABLES = [
    "CREATE TABLE customer (id INT, name VARCHAR(20), nation INT, segment VARCHAR(10){key}",
    "CREATE TABLE product (id INT, brand VARCHAR(10), category INT{key}",
    "CREATE TABLE sales (id BIGINT, customer INT, product INT, day DATE, quantity INT, "
    "amount DECIMAL(12, 2))",
]
KEY = {"Starling": ") PRIMARY KEY (id)", "DuckDB": ", PRIMARY KEY (id))"}
CUSTOMER = "INSERT INTO customer SELECT i, concat('c', i), i % 25, concat('s', i % 5) FROM "
PRODUCT = "INSERT INTO product SELECT i, concat('b', i % 50), i % 20 FROM "
SALES = (
    "INSERT INTO sales SELECT i, i * 7919 % {customers} + 1, i * 104729 % {products} + 1, {day}, "
    "i % 50, i % 10000 + 0.25 FROM "
)

# Views of each kind; the last row of sales joins no product.
KINDS = {
    "filter": "SELECT id, customer, amount FROM sales WHERE quantity = 49",
    "sums": "SELECT day, count(*) AS n, sum(amount) AS total FROM sales GROUP BY day",
    "join": "SELECT s.id, p.brand, s.amount FROM sales s JOIN product p ON s.product = p.id "
    "WHERE p.category = 3",
    "join, sums": "SELECT c.nation, s.day, count(*) AS n, sum(s.amount) AS total FROM sales s "
    "JOIN customer c ON s.customer = c.id GROUP BY c.nation, s.day",
    "outer join": "SELECT p.brand, count(*) AS n, sum(s.amount) AS total FROM sales s "
    "LEFT JOIN product p ON s.product = p.id AND p.category < 10 GROUP BY p.brand",
    "min and max": "SELECT product, min(amount) AS low, max(amount) AS high FROM sales "
    "GROUP BY product",
    "distinct": "SELECT product, count(DISTINCT day) AS days FROM sales GROUP BY product",
    "window": "SELECT id, product FROM (SELECT id, product, row_number() OVER (PARTITION BY product "
    "ORDER BY amount DESC, id) AS place FROM sales) AS ranked WHERE place <= 3",
}
FIVE = [
    KINDS["join, sums"],
    "SELECT p.brand, count(*) AS n, sum(s.quantity) AS total, max(s.amount) AS high FROM sales s "
    "JOIN product p ON s.product = p.id GROUP BY p.brand",
    "SELECT p.category, c.segment, sum(s.amount) AS total FROM sales s "
    "JOIN product p ON s.product = p.id JOIN customer c ON s.customer = c.id "
    "GROUP BY p.category, c.segment",
    "SELECT c.id, c.name, count(*) AS n, sum(s.amount) AS total FROM sales s "
    "JOIN customer c ON s.customer = c.id GROUP BY c.id, c.name",
    "SELECT c.segment, s.product, sum(s.quantity) AS quantity FROM sales s "
    "JOIN customer c ON s.customer = c.id GROUP BY c.segment, s.product",
]
QUERY = (
    "SELECT c.nation, count(*) AS n, sum(s.amount) AS total FROM sales s "
    "JOIN customer c ON s.customer = c.id WHERE s.day >= '2024-01-01' GROUP BY c.nation"
)


class Sales:
    """An engine with the tables, and the number of its last row."""

    def __init__(self, name, rows, threads):
        self.name = name
        if name == "Starling":
            self.engine = Exchange([str(STARLING), "--exchange"], threads=threads)
            self.ask(f"SET pipeline_dop = {threads}")
        else:
            options = {"threads": threads, "tables": {}, "database": ":memory:"}
            self.engine = Exchange(
                [sys.executable, "-m", "driver.worker", "duckdb", json.dumps(options)],
                threads=threads, environment={"PYTHONPATH": str(ROOT / "Benchmarks")},
            )
        for table in TABLES:
            self.ask(table.format(key=KEY[name]))
        self.ask(CUSTOMER + self.series(1, CUSTOMERS))
        self.ask(PRODUCT + self.series(1, PRODUCTS))
        self.last = 0
        self.insert(rows)

    def ask(self, statement):
        """Runs a statement."""
        return self.engine.ask(statement)

    def time(self, statement, runs):
        """Gives the median of the milliseconds that a statement takes."""
        return statistics.median(self.ask(statement).wall_ms for _ in range(runs))

    def series(self, first, last):
        """Gives numbers as the column i."""
        return SERIES[self.name].format(first=first, last=last)

    def insert(self, count):
        """Adds rows to sales; gives the milliseconds."""
        text = SALES.format(customers=CUSTOMERS, products=PRODUCTS + 1, day=DAY[self.name])
        answer = self.ask(text + self.series(self.last + 1, self.last + count))
        self.last += count
        return answer.wall_ms

    def commit(self, count, runs):
        """Gives the median of commits of so many rows, the first of which is not counted."""
        self.insert(count)
        return statistics.median(self.insert(count) for _ in range(runs))


def commits(sales, runs):
    """Times commits under one view of each kind."""
    sizes = [1, 100, 10_000]
    print(f"{'ms a commit of rows':24}" + "".join(f"{size:>10,}" for size in sizes)
          + f"{'refresh':>10}{'all rows':>10}")
    bare = [sales.commit(size, runs) for size in sizes]
    print(f"{'no view':24}" + "".join(f"{time:10.2f}" for time in bare), flush=True)
    wrong = 0
    for name, query in KINDS.items():
        sales.ask(f"CREATE MATERIALIZED VIEW v AS {query}")
        times = [sales.commit(size, runs) for size in sizes]
        wrong += check(sales, "v", query)
        sales.ask("DROP MATERIALIZED VIEW v")
        sales.ask(f"CREATE MATERIALIZED VIEW v REFRESH MANUAL AS {query}")
        sales.insert(1_000)
        refresh = sales.time("REFRESH MATERIALIZED VIEW v", 1)
        whole = sales.time("REFRESH MATERIALIZED VIEW v FORCE", 1)
        sales.ask("DROP MATERIALIZED VIEW v")
        print(f"{name:24}" + "".join(f"{time:10.2f}" for time in times)
              + f"{refresh:10.2f}{whole:10.1f}", flush=True)
    return wrong


def check(sales, view, query):
    """Compares a view with its query; gives the number of differences."""
    plain = "SET enable_materialized_view_rewrite = "
    sales.ask(plain + "false")
    expected, found = sales.ask(query), sales.ask(f"SELECT * FROM {view}")
    sales.ask(plain + "true")
    problem = difference(expected, found)
    if problem:
        print(f"    WRONG: {view}: {problem}")
    return bool(problem)


def ingest(sales, duckdb, runs):
    """Times 1,000-row commits under more and more views."""
    wrong, made = 0, 0
    for count in [0, 1, 5, 20]:
        while made < count:
            sales.ask(f"CREATE MATERIALIZED VIEW v{made} AS {FIVE[made % len(FIVE)]}")
            made += 1
        small, large = sales.commit(1_000, runs), sales.commit(100_000, 3)
        print(f"{count:3} views: 1,000 rows in {small:8.2f} ms, "
              f"100,000 in {large:8.1f} ms ({100_000 / large:,.0f} k rows/s)", flush=True)
        if count == 5 and duckdb:
            anew = sum(
                duckdb.time(f"CREATE OR REPLACE TABLE v AS {query}", 3) for query in FIVE)
            print(f"           DuckDB computes the five anew in {anew:.1f} ms")
    for number in range(made):
        if number < len(FIVE):
            wrong += check(sales, f"v{number}", FIVE[number])
        sales.ask(f"DROP MATERIALIZED VIEW v{number}")
    return wrong


def reading(sales, duckdb, runs):
    """Times a query over the tables, a view, and a view that stands behind."""
    plain = sales.time(QUERY, runs)
    sales.ask(f"CREATE MATERIALIZED VIEW v REFRESH MANUAL AS {KINDS['join, sums']}")
    fresh = sales.time(QUERY, runs)
    print(f"query over the tables {plain:.2f} ms, over a view {fresh:.2f} ms"
          + (f", DuckDB {duckdb.time(QUERY, runs):.2f} ms" if duckdb else ""))
    wrong = 0
    for count in [1_000, 100_000]:
        sales.insert(count)
        behind = sales.time(QUERY, runs)
        print(f"    {count:,} rows behind {behind:.2f} ms", flush=True)
        read = sales.ask(QUERY)
        sales.ask("SET enable_materialized_view_rewrite = false")
        problem = difference(sales.ask(QUERY), read)
        sales.ask("SET enable_materialized_view_rewrite = true")
        if problem:
            print(f"    WRONG: {problem}")
        wrong += bool(problem)
    sales.ask("DROP MATERIALIZED VIEW v")
    return wrong


def main():
    """Runs everything and says whether all views were right."""
    parser = argparse.ArgumentParser(prog="tools/bench views", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of sales")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--without-duckdb", action="store_true")
    parser.add_argument(
        "--only", default="", choices=["", "commits", "ingest", "reading"], help="one part")
    options = parser.parse_args(sys.argv[1:])
    sales = Sales("Starling", options.rows, options.threads)
    duckdb = None
    if not options.without_duckdb and options.only != "commits":
        duckdb = Sales("DuckDB", options.rows, options.threads)
    wrong = 0
    if options.only in ("", "commits"):
        wrong += commits(sales, options.runs)
    if options.only in ("", "ingest"):
        wrong += ingest(sales, duckdb, options.runs)
    if options.only in ("", "reading"):
        wrong += reading(sales, duckdb, options.runs)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
