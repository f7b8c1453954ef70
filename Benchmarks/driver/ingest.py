"""`tools/bench ingest`: rows brought into tables on disk and changed there, by Starling and DuckDB.

Each engine has a database of its own for each task. What a task prepares isn't timed; what it
does is timed as a whole, all of it acknowledged as durable; what the table then holds is compared.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
from dataclasses import dataclass, field

from .comparison import difference
from .data import DATA, STARLING
from .exchange import Exchange
from .files.data import make_files
from .suite import ROOT

CHECK = "SELECT count(*), sum(l_orderkey), max(l_comment), sum(l_quantity) FROM t"
LOAD = "CREATE TABLE t AS SELECT * FROM '{seed}'"
KEYED_CHECK = "SELECT count(*), sum(k), sum(v), max(s), sum(k * (v % 7)) FROM t"
KEYED_ROWS = 10_000_000
ROW = "({key}, {key}, {key}, 1, 1.00, 2.00, 0.03, 0.04, 'N', 'O', '1998-01-01', '1998-01-02', "
ROW += "'1998-01-03', 'NONE', 'RAIL', 'row {key}', {key})"


def row(key):
    """Gives a row of VALUES."""
    return ROW.format(key=key)


def inserts(count, width):
    """Gives `count` statements that insert `width` rows each."""
    return [
        "INSERT INTO t VALUES " + ", ".join(row(step * width + place) for place in range(width))
        for step in range(count)
    ]


@dataclass
class Task:
    """What is prepared, and what is timed."""

    name: str
    prepared: list
    timed: list
    # What one unit of `count` is.
    unit: str = "row"
    count: int = 0
    times: dict = field(default_factory=dict)
    check: str = CHECK

    def rate(self, elapsed, threads):
        """Says how much was done a second, by all cores and by one."""
        speed = self.count / elapsed * 1000
        alone = f", {speed / threads:,.0f} a core" if self.unit == "row" else ""
        return f"{speed:,.0f} {self.unit}s/s{alone}"


def keyed(first, count, step=1):
    """Gives a query of `count` rows, whose keys lie anywhere among those that a table has and more."""
    keys = "i" if step == 1 else f"(i * {step}) % {KEYED_ROWS + KEYED_ROWS // 5}"
    return (
        f"SELECT {keys} AS k, i % 1000 + {step} AS v, concat('customer ', i % 50000) AS s "
        f"FROM {{series}}({first}, {first + count - 1}){{series_end}}"
    )


def keyed_tasks():
    """Lists the tasks that change a table by its key."""
    loaded = ["{keyed_table}", "INSERT INTO t " + keyed(1, KEYED_ROWS)]
    step = 2_654_435_761

    def upserts(count, width):
        return ["{upsert} INTO t " + keyed(1 + n * width, width, step) for n in range(count)]

    def task(name, timed, count):
        return Task(name, loaded, timed, count=count, check=KEYED_CHECK)

    values = [
        "{upsert} INTO t VALUES " + ", ".join(
            f"({(row * step) % (KEYED_ROWS * 6 // 5)}, {row % 1000}, 'customer {row}')"
            for row in range(n * 1_000, n * 1_000 + 1_000)
        )
        for n in range(20)
    ]
    deletes = [
        f"DELETE FROM t WHERE k IN (SELECT k FROM ({keyed(1 + n * 1_000, 1_000, step)}) AS gone)"
        for n in range(20)
    ]
    many = f"DELETE FROM t WHERE k IN (SELECT k FROM ({keyed(1, 100_000, step)}) AS gone)"
    updates = [f"UPDATE t SET v = v + 1 WHERE k = {n * step % KEYED_ROWS}" for n in range(100)]
    points = [f"SELECT * FROM t WHERE k = {n * step % KEYED_ROWS}" for n in range(100)]
    return [
        Task("10 M rows with a key", ["{keyed_table}"], loaded[1:], count=KEYED_ROWS,
             check=KEYED_CHECK),
        task("upserts of 1,000 into 10 M", upserts(50, 1_000), 50_000),
        task("upserts of 1,000 VALUES", values, 20_000),
        task("upserts of 100,000 into 10 M", upserts(5, 100_000), 500_000),
        task("upsert of 1 M into 10 M", upserts(1, 1_000_000), 1_000_000),
        task("deletes of 1,000 keys of 10 M", deletes, 20_000),
        task("delete of 100,000 keys of 10 M", [many], 100_000),
        Task("updates of one key of 10 M", loaded, updates, "statement", 100, check=KEYED_CHECK),
        Task("queries of one key of 10 M", loaded, points, "statement", 100, check=KEYED_CHECK),
    ]


# What both engines say in words of their own.
WORDS = {
    "Starling": {
        "keyed_table": "CREATE TABLE t (k BIGINT, v BIGINT, s VARCHAR(40)) PRIMARY KEY (k)",
        "upsert": "INSERT", "series": "(SELECT generate_series AS i FROM TABLE(generate_series",
        "series_end": ")) AS series",
    },
    "DuckDB": {
        "keyed_table": "CREATE TABLE t (k BIGINT PRIMARY KEY, v BIGINT, s VARCHAR)",
        "upsert": "INSERT OR REPLACE", "series": "generate_series", "series_end": " AS series(i)",
    },
}


def all_tasks(folder, row_count):
    """Lists the tasks."""
    seed, empty = LOAD, "CREATE TABLE t AS SELECT * FROM '{seed}' WHERE l_orderkey < 0"
    loaded = [LOAD]
    return [
        Task("Parquet into a table", [], [seed], count=row_count),
        Task("CSV into a table", [empty], ["INSERT INTO t SELECT * FROM '{csv}'"],
             count=row_count),
        Task("JSON lines into a table", [], ["CREATE TABLE t AS SELECT * FROM '{json}'"],
             count=row_count),
        Task("inserts of a row", [empty], inserts(300, 1), "statement", 300),
        Task("inserts of 1,000 rows", [empty], inserts(30, 1_000), count=30_000),
        Task("delete 1 % of rows, spread", loaded,
             ["DELETE FROM t WHERE l_partkey % 100 = 7"], count=row_count // 100),
        Task("delete a range of rows", loaded,
             [f"DELETE FROM t WHERE l_orderkey BETWEEN {n * 5000} AND {n * 5000 + 99}"
              for n in range(20)], "statement", 20),
        Task("update 1 % of rows", loaded,
             ["UPDATE t SET l_quantity = l_quantity + 1 WHERE l_partkey % 100 = 7"],
             count=row_count // 100),
        Task("inserts beside queries", loaded,
             [one for pair in zip(inserts(50, 100), [CHECK] * 50) for one in pair],
             "statement", 100),
    ]


def start(name, folder, threads):
    """Starts an engine with an empty database."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if name == "Starling":
        engine = Exchange([str(STARLING), str(folder), "--exchange"], threads=threads)
        engine.ask(f"SET pipeline_dop = {threads}")
        return engine
    folder.mkdir(parents=True)
    options = {"threads": threads, "tables": {}, "database": str(folder / "tables.duckdb")}
    return Exchange(
        [sys.executable, "-m", "driver.worker", "duckdb", json.dumps(options)],
        threads=threads, environment={"PYTHONPATH": str(ROOT / "Benchmarks")},
    )


def once(task, name, files, threads):
    """Does a task once; gives the milliseconds and what the table then holds."""
    folder = DATA / "ingest" / name
    engine = start(name, folder, threads)
    words = {**files, **WORDS[name]}

    def ask(statement):
        return engine.ask(statement.format(**words) if "{" in statement else statement)

    try:
        for statement in task.prepared:
            ask(statement)
        elapsed = 0.0
        for statement in task.timed:
            elapsed += ask(statement).wall_ms
        return elapsed, engine.ask(task.check)
    finally:
        engine.close()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    """Runs the tasks in turns and prints the medians."""
    parser = argparse.ArgumentParser(prog="tools/bench ingest", description=__doc__)
    parser.add_argument("--scale", default="0.2", help="the scale factor (default 0.2)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="a part of the names of the tasks to do")
    options = parser.parse_args(sys.argv[1:])
    import duckdb

    folder, _ = make_files(options.scale, ["csv", "json"])
    files = {
        "seed": folder / "lineitem.seed.parquet", "csv": folder / "lineitem.csv",
        "json": folder / "lineitem.json",
    }
    row_count = duckdb.sql(f"SELECT count(*) FROM '{files['seed']}'").fetchall()[0][0]
    names = ["Starling", "DuckDB"]
    wrong = 0
    print(f"{'ms':32}{'Starling':>12}{'DuckDB':>12}{'ratio':>8}   Starling's rate")
    tasks = all_tasks(folder, row_count) + keyed_tasks()
    for task in [task for task in tasks if options.only in task.name]:
        held = {}
        for _ in range(options.runs):
            for name in names:
                elapsed, held[name] = once(task, name, files, options.threads)
                task.times.setdefault(name, []).append(elapsed)
        own, peer = (statistics.median(task.times[name]) for name in names)
        problem = difference(held["DuckDB"], held["Starling"])
        wrong += bool(problem)
        rate = task.rate(own, options.threads)
        print(f"{task.name:32}{own:12.1f}{peer:12.1f}{own / peer:8.2f}   {rate}", flush=True)
        if problem:
            print(f"    WRONG: {problem}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
