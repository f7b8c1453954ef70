"""`tools/bench ingest`: rows brought into tables on disk and changed there, by Starling and its peers.

Each engine has a database of its own for each task; chDB takes part where it is installed and can do
the same. What a task prepares isn't timed; what it does is timed as a whole, all of it acknowledged as
durable unless the task is called relaxed; what the table then holds is compared.
"""

import argparse
import importlib.util
import json
import os
import shutil
import statistics
import sys

from .comparison import difference
from .data import DATA, STARLING
from .exchange import Exchange
from .files.data import make_files
from .ingest_tasks import WORDS, keyed_tasks, spoken, table_tasks
from .suite import ROOT


def start(name, folder, threads):
    """Starts an engine with an empty database."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if name == "Starling":
        engine = Exchange([str(STARLING), str(folder), "--exchange"], threads=threads)
        engine.ask(f"SET pipeline_dop = {threads}")
        return engine
    folder.mkdir(parents=True)
    database = folder / "tables.duckdb" if name == "DuckDB" else folder
    options = {"threads": threads, "tables": {}, "database": str(database)}
    engine = Exchange(
        [sys.executable, "-m", "driver.worker", name.lower(), json.dumps(options)],
        threads=threads, environment={"PYTHONPATH": str(ROOT / "Benchmarks")},
    )
    if name == "chDB":
        # A change has happened when its statement returns.
        engine.ask("SET mutations_sync = 1, lightweight_deletes_sync = 1")
    return engine


def once(task, name, files, threads):
    """Does a task once; gives the milliseconds and what the table then holds."""
    folder = DATA / "ingest" / name
    engine = start(name, folder, threads)
    words = {key: spoken(word, files) for key, word in WORDS[name].items()}
    try:
        for statement in task.prepared:
            engine.ask(spoken(statement, words))
        elapsed = 0.0
        for statement in task.timed:
            elapsed += engine.ask(spoken(statement, words)).wall_ms
        return elapsed, engine.ask(task.check)
    finally:
        engine.close()
        shutil.rmtree(folder, ignore_errors=True)


def measure(task, names, files, options):
    """Does a task in turns, prints the medians, and tells what is wrong."""
    held, taking = {}, [name for name in names if task.is_for(name)]
    for _ in range(options.runs):
        for name in taking:
            elapsed, held[name] = once(task, name, files, options.threads)
            task.times.setdefault(name, []).append(elapsed)
    medians = {name: statistics.median(task.times[name]) for name in taking}
    own = medians["Starling"]
    peers = [medians[name] for name in taking if name != "Starling"]
    cells = "".join(f"{medians[name]:12.1f}" if name in medians else f"{'–':>12}" for name in names)
    ratio = f"{own / min(peers):8.2f}" if peers else f"{'–':>8}"
    print(f"{task.name:32}{cells}{ratio}   {task.rate(own, options.threads)}", flush=True)
    problems = [
        f"{name} has other rows: {problem}" for name in taking if name != "Starling"
        if (problem := difference(held[name], held["Starling"]))
    ]
    for problem in problems:
        print(f"    WRONG: {problem}")
    return problems


def main():
    """Runs the tasks in turns and prints the medians."""
    parser = argparse.ArgumentParser(prog="tools/bench ingest", description=__doc__)
    parser.add_argument("--scale", default="0.2", help="the scale factor (default 0.2)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="a part of the names of the tasks to do")
    parser.add_argument("--without", default="", help="engines to leave out, such as DuckDB,chDB")
    options = parser.parse_args(sys.argv[1:])
    import duckdb

    folder, _ = make_files(options.scale, ["csv", "json"])
    files = {
        "seed": folder / "lineitem.seed.parquet", "csv": folder / "lineitem.csv",
        "json": folder / "lineitem.json",
    }
    row_count = duckdb.sql(f"SELECT count(*) FROM '{files['seed']}'").fetchall()[0][0]
    names = [
        name for name in WORDS if name not in options.without.split(",")
        and (name != "chDB" or importlib.util.find_spec("chdb"))
    ]
    titles = "".join(f"{name:>12}" for name in names)
    print(f"{'ms':32}{titles}{'ratio':>8}   Starling's rate; the ratio is to the fastest peer")
    problems = []
    for task in table_tasks(row_count) + keyed_tasks():
        if options.only in task.name:
            problems += measure(task, names, files, options)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
