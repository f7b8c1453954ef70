"""`tools/bench files`: reading files of text, against DuckDB, Polars and pyarrow in one run.

TPC-H's lineitem is written once as CSV and as JSON lines; each engine then reads all columns, one
column, and all columns of the 1 % of rows that a filter leaves, over the same file with the same
threads. Every result is compared with DuckDB's. Times are medians of the rounds, in seconds.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

from .data import DATA, STARLING
from .exchange import Exchange

COLUMNS = [
    "l_orderkey", "l_partkey", "l_suppkey", "l_linenumber", "l_quantity", "l_extendedprice",
    "l_discount", "l_tax", "l_returnflag", "l_linestatus", "l_shipdate", "l_commitdate",
    "l_receiptdate", "l_shipinstruct", "l_shipmode", "l_comment",
]
READS = {
    "full": "SELECT " + ", ".join(f"max({name})" for name in COLUMNS) + " FROM {table}",
    "one column": "SELECT sum(l_quantity) FROM {table}",
    "1 % filter": (
        "SELECT " + ", ".join(f"max({name})" for name in COLUMNS)
        + " FROM {table} WHERE l_suppkey <= {limit}"
    ),
}
DUCKDB = {"csv": "read_csv('{path}')", "json": "read_json('{path}', format='newline_delimited')"}


def make_data(scale):
    """Gives the paths of the files, written by DuckDB from Starling's generator's rows."""
    import duckdb

    folder = DATA / "files" / f"sf{scale}"
    paths = {"csv": folder / "lineitem.csv", "json": folder / "lineitem.json"}
    if all(path.exists() for path in paths.values()):
        return paths
    folder.mkdir(parents=True, exist_ok=True)
    parquet = folder / "lineitem.parquet"
    sql = f"COPY (SELECT * FROM tpch('lineitem', {scale})) TO '{parquet}' WITH (format = 'parquet')"
    subprocess.run([STARLING, "-c", sql], check=True)
    for name, path in paths.items():
        partial = path.with_suffix(".partial")
        duckdb.sql(
            f"COPY (FROM '{parquet}') TO '{partial}' "
            + ("(FORMAT csv, HEADER)" if name == "csv" else "(FORMAT json)")
        )
        partial.rename(path)
    parquet.unlink()
    return paths


def starling(path, form, read, limit, threads):
    engine = Exchange([str(STARLING), "--exchange"], threads=threads)
    sql = READS[read].format(table=f"'{path}'", limit=limit)
    return lambda: engine.ask(sql).rows[0], engine.close


def duckdb_engine(path, form, read, limit, threads):
    import duckdb

    connection = duckdb.connect(config={"threads": threads})
    sql = READS[read].format(table=DUCKDB[form].format(path=path), limit=limit)
    return lambda: list(connection.execute(sql).fetchone()), connection.close


def polars_engine(path, form, read, limit, threads):
    import polars

    scan = polars.scan_csv if form == "csv" else polars.scan_ndjson
    options = {"try_parse_dates": True} if form == "csv" else {}

    def run():
        frame = scan(path, **options)
        if read == "one column":
            result = frame.select(polars.col("l_quantity").sum())
        else:
            if read == "1 % filter":
                frame = frame.filter(polars.col("l_suppkey") <= limit)
            result = frame.select(polars.all().max())
        return list(result.collect().row(0))

    return run, lambda: None


def pyarrow_engine(path, form, read, limit, threads):
    import pyarrow
    import pyarrow.compute as compute
    import pyarrow.csv
    import pyarrow.json

    pyarrow.set_cpu_count(threads)

    def run():
        if form == "csv":
            wanted = ["l_quantity"] if read == "one column" else None
            options = pyarrow.csv.ConvertOptions(include_columns=wanted)
            table = pyarrow.csv.read_csv(path, convert_options=options)
        else:
            table = pyarrow.json.read_json(path)
        if read == "one column":
            return [compute.sum(table["l_quantity"]).as_py()]
        if read == "1 % filter":
            table = table.filter(compute.field("l_suppkey") <= limit)
        return [compute.max(table[name]).as_py() for name in COLUMNS]

    return run, lambda: None


ENGINES = {
    "starling": starling, "duckdb": duckdb_engine, "polars": polars_engine,
    "pyarrow": pyarrow_engine,
}


def normalized(row):
    """Brings values of different engines into one form."""
    return [float(value) if is_number(value) else str(value) for value in row]


def is_number(value):
    try:
        float(value)
        return True
    except (TypeError, ValueError):
        return False


def child(arguments):
    """Measures one engine in a process of its own and prints what it found."""
    engine, path, form, read, limit, threads, rounds = json.loads(arguments)
    run, close = ENGINES[engine](path, form, read, limit, threads)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        row = run()
        times.append(time.perf_counter() - start)
    close()
    print(json.dumps({"median": statistics.median(times), "row": normalized(row)}))


def measure(engine, path, form, read, arguments):
    limit = max(1, int(100 * float(arguments.scale)))
    task = json.dumps(
        [engine, str(path), form, read, limit, arguments.threads, arguments.rounds])
    command = [sys.executable, "-m", "driver.files", "--child", task]
    result = subprocess.run(
        command, capture_output=True, text=True,
        env={**os.environ, "POLARS_MAX_THREADS": str(arguments.threads)})
    if result.returncode != 0:
        return None, (result.stderr.strip().splitlines() or ["?"])[-1]
    answer = json.loads(result.stdout.strip().splitlines()[-1])
    return answer["median"], answer["row"]


def main():
    parser = argparse.ArgumentParser(prog="tools/bench files", description=__doc__)
    parser.add_argument("--scale", default="1")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--formats", default="csv,json")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        return child(arguments.child)
    paths = make_data(arguments.scale)
    engines = arguments.engines.split(",")
    print(f"{'':18}" + "".join(f"{name:>12}" for name in engines))
    for form in arguments.formats.split(","):
        for read in READS:
            cells = []
            expected = None
            for engine in engines:
                median, row = measure(engine, paths[form], form, read, arguments)
                if median is None:
                    print(f"  {engine}: {row}", file=sys.stderr)
                    cells.append("failed")
                    continue
                if engine == "duckdb":
                    expected = row
                cells.append((median, row))
            marks = []
            for cell in cells:
                if cell == "failed":
                    marks.append(cell)
                    continue
                differs = expected is not None and not same(cell[1], expected)
                marks.append(f"{cell[0]:.3f}" + ("!" if differs else ""))
            print(f"{form + ' ' + read:18}" + "".join(f"{mark:>12}" for mark in marks))
    print("seconds; '!' marks a result that differs from DuckDB's")


def same(left, right):
    return len(left) == len(right) and all(
        abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1) if isinstance(a, float) and isinstance(b, float)
        else str(a) == str(b)
        for a, b in zip(left, right)
    )


if __name__ == "__main__":
    main()
