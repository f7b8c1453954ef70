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
    try:
        for statement in task.prepared:
            engine.ask(statement.format(**files) if "{" in statement else statement)
        elapsed = 0.0
        for statement in task.timed:
            answer = engine.ask(statement.format(**files) if "{" in statement else statement)
            elapsed += answer.wall_ms
        return elapsed, engine.ask(CHECK)
    finally:
        engine.close()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    """Runs the tasks in turns and prints the medians."""
    parser = argparse.ArgumentParser(prog="tools/bench ingest", description=__doc__)
    parser.add_argument("--scale", default="0.2", help="the scale factor (default 0.2)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=3)
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
    print(f"{'ms':30}{'Starling':>12}{'DuckDB':>12}{'ratio':>8}   Starling's rate")
    for task in all_tasks(folder, row_count):
        held = {}
        for _ in range(options.runs):
            for name in names:
                elapsed, held[name] = once(task, name, files, options.threads)
                task.times.setdefault(name, []).append(elapsed)
        own, peer = (statistics.median(task.times[name]) for name in names)
        problem = difference(held["DuckDB"], held["Starling"])
        wrong += bool(problem)
        rate = f"{task.count / own * 1000:,.0f} {task.unit}s/s"
        print(f"{task.name:30}{own:12.1f}{peer:12.1f}{own / peer:8.2f}   {rate}", flush=True)
        if problem:
            print(f"    WRONG: {problem}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
