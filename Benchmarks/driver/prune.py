"""`tools/bench prune`: rows that queries scan, as they were inserted and clustered by what queries ask.

A table with four dimensions is filled by SQL. Mixed queries run over it; the engine records their
filters, says by what it would cluster, and clusters. Then the same queries run again, and over
DuckDB's own table with the same rows. The rows scanned are those that EXPLAIN ANALYZE reports.
"""

import argparse
import os
import re
import shutil
import statistics
import sys

from .comparison import difference
from .data import DATA, STARLING
from .exchange import Exchange

# One hash a row gives all dimensions: a few tenants have most rows, days come in no order, regions
# and amounts are what they are.
ROWS = """
CREATE TABLE events AS
SELECT CAST((h & 65535) * (h & 65535) DIV 65536 * (h & 65535) DIV 65536 * 10000 DIV 65536 AS INT)
           AS tenant,
       date_add('2022-01-01', INTERVAL CAST(bit_shift_right(h, 16) & 1023 AS INT) DAY) AS day,
       CAST((bit_shift_right(h, 26) & 65535) * 200 DIV 65536 AS SMALLINT) AS region,
       CAST(bit_shift_right(h, 42) & 1048575 AS INT) AS amount,
       number
FROM (SELECT generate_series AS number,
             xx_hash3_64(CAST(generate_series AS STRING)) & 9223372036854775807 AS h
      FROM TABLE(generate_series(1, {rows}))) AS numbered
"""

CONDITIONS = {
    "a tenant": "tenant = {tenant}",
    "a week": "day BETWEEN '{day}' AND date_add('{day}', INTERVAL 6 DAY)",
    "a region": "region = {region}",
    "amounts": "amount BETWEEN {amount} AND {amount} + 9999",
    "tenants, a month": "tenant BETWEEN {tenant} AND {tenant} + 99 AND "
    "day BETWEEN '{day}' AND date_add('{day}', INTERVAL 29 DAY)",
    "a week, a region": "day BETWEEN '{day}' AND date_add('{day}', INTERVAL 6 DAY) "
    "AND region = {region}",
    "three tenants, amounts": "tenant IN ({tenant}, {tenant} + 1, {tenant} + 2) AND "
    "amount >= {amount} AND amount < {amount} + 50000",
    "regions, amounts": "region BETWEEN {region} AND {region} + 4 AND "
    "amount BETWEEN {amount} AND {amount} + 19999",
    "all four": "tenant BETWEEN {tenant} AND {tenant} + 499 AND day >= '{day}' AND "
    "day < date_add('{day}', INTERVAL 90 DAY) AND region < {region} AND amount > {amount}",
}
CONSTANTS = [
    {"tenant": 3, "day": "2022-02-03", "region": 17, "amount": 100_000},
    {"tenant": 250, "day": "2023-06-15", "region": 101, "amount": 600_000},
    {"tenant": 4711, "day": "2024-05-01", "region": 180, "amount": 910_000},
]
QUERY = "SELECT count(*), sum(number), min(amount), max(day) FROM events WHERE {condition}"


def queries():
    """Lists the queries by what they ask for."""
    return {
        name: [QUERY.format(condition=condition.format(**constants)) for constants in CONSTANTS]
        for name, condition in CONDITIONS.items()
    }


def duckdb_query(query):
    """Writes a query as DuckDB takes it."""
    return re.sub(r"date_add\((.*?), INTERVAL (\d+) DAY\)", r"(DATE \1 + \2)", query)


def scanned(engine, query):
    """Asks how many rows a query scans."""
    plan = engine.ask("EXPLAIN ANALYZE " + query)
    found = [re.search(r"scanned (\d+)", row[0]) for row in plan.rows]
    return sum(int(match.group(1)) for match in found if match)


def measure(engine, all_queries, runs, counts_rows=False):
    """Runs all queries; gives of each kind the median time, the rows scanned and the answers."""
    measured = {}
    for name, kind in all_queries.items():
        times, rows, answers = [], 0, []
        for query in kind:
            each = [engine.ask(query) for _ in range(runs)]
            times.append(statistics.median(answer.wall_ms for answer in each))
            answers.append(each[-1])
            if counts_rows:
                rows += scanned(engine, query)
        measured[name] = (sum(times), rows, answers)
    return measured


def timed(engine, what, statement):
    """Runs a statement, prints the seconds that it takes, and gives its answer."""
    answer = engine.ask(statement)
    print(f"{what:44}{answer.wall_ms / 1000:10.1f} s", flush=True)
    return answer


def starling(folder, options):
    """Fills the table, writes a file for DuckDB, measures, clusters, measures again."""
    command = [str(STARLING), str(folder / "starling"), "--exchange"]
    engine = Exchange(
        command + ["--memory-limit", options.memory_limit], threads=options.threads)
    engine.ask(f"SET pipeline_dop = {options.threads}")
    timed(engine, "filled, in no order", ROWS.format(rows=options.rows))
    if options.duckdb:
        target = folder / "events.parquet"
        timed(engine, "written for DuckDB, as inserted", f"COPY events TO '{target}'")
    before = measure(engine, queries(), options.runs, counts_rows=True)
    advice = timed(engine, "RECOMMEND CLUSTERING FOR events", "RECOMMEND CLUSTERING FOR events")
    for row in advice.rows:
        print(f"    {row[0]:40} {row[2]:7.2%}  {row[3]}")
    key = f"CLUSTER BY {options.cluster_by}" if options.cluster_by else "CLUSTER AUTO"
    timed(engine, f"OPTIMIZE TABLE events {key}", f"OPTIMIZE TABLE events {key}")
    print(f"{'most memory':44}{engine.peak_memory() / 1e6:10.0f} MB")
    after = measure(engine, queries(), options.runs, counts_rows=True)
    engine.close()
    return before, after


def duckdb(folder, options):
    """Measures DuckDB's own table, whose rows lie as they were inserted."""
    import json

    settings = {
        "threads": options.threads, "tables": {}, "database": str(folder / "events.duckdb")}
    engine = Exchange(
        [sys.executable, "-m", "driver.worker", "duckdb", json.dumps(settings)],
        threads=options.threads, environment={"PYTHONPATH": "Benchmarks"})
    timed(
        engine, "filled, DuckDB",
        f"CREATE TABLE events AS SELECT * FROM '{folder / 'events.parquet'}'")
    kinds = {name: [duckdb_query(one) for one in kind] for name, kind in queries().items()}
    measured = measure(engine, kinds, options.runs)
    engine.close()
    return measured


def report(before, after, peer):
    """Prints what was measured; gives the number of wrong answers and the saving."""
    wrong = 0
    print(f"\n{'':26}{'rows scanned':>30}{'':>9}{'ms':>20}{'':>10}")
    print(f"{'':26}{'inserted':>15}{'clustered':>15}{'fewer':>9}{'inserted':>10}"
          f"{'clustered':>10}{'DuckDB':>10}")
    totals = [0, 0, 0.0, 0.0, 0.0]
    for name in before:
        (old_ms, old, old_answers), (new_ms, new, new_answers) = before[name], after[name]
        peer_ms, _, peer_answers = peer[name] if peer else (0.0, 0, old_answers)
        print(f"{name:26}{old:15,}{new:15,}{old / max(1, new):9.1f}{old_ms:10.1f}{new_ms:10.1f}"
              f"{peer_ms:10.1f}")
        for place, value in enumerate((old, new, old_ms, new_ms, peer_ms)):
            totals[place] += value
        for first, second, third in zip(old_answers, new_answers, peer_answers):
            problem = difference(third, first) or difference(first, second)
            wrong += bool(problem)
            if problem:
                print(f"    WRONG: {problem}")
    old, new, old_ms, new_ms, peer_ms = totals
    print(f"{'all':26}{old:15,}{new:15,}{old / max(1, new):9.1f}{old_ms:10.1f}{new_ms:10.1f}"
          f"{peer_ms:10.1f}")
    return wrong, old / max(1, new)


def main():
    """Fills, measures and compares."""
    parser = argparse.ArgumentParser(prog="tools/bench prune", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000_000, help="default 100,000,000")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory-limit", default="2GB", help="of Starling (default 2GB)")
    parser.add_argument("--cluster-by", help="an order such as 'zorder(day, region)'")
    parser.add_argument("--no-duckdb", dest="duckdb", action="store_false")
    options = parser.parse_args(sys.argv[1:])
    folder = DATA / "prune"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        before, after = starling(folder, options)
        peer = duckdb(folder, options) if options.duckdb else None
        wrong, saving = report(before, after, peer)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\n{saving:.1f} times fewer rows are scanned")
    sys.exit(1 if wrong or saving < 10 else 0)


if __name__ == "__main__":
    main()
