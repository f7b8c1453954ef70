"""`tools/bench storage`: the bytes that TPC-H's tables take on disk.

Starling's own tables are weighed against DuckDB's and, where it is installed, chDB's, and against
Parquet with ZSTD as DuckDB and pyarrow write it.
"""

import argparse
import importlib.util
import pathlib
import shutil
import sys

from .data import DATA, STARLING, find_or_make
from .exchange import Exchange
from .suite import load_suite


def bytes_of(path):
    """Adds up the bytes of a file, or of all files in a folder."""
    path = pathlib.Path(path)
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


def starling(tables, folder):
    """Makes Starling's tables."""
    engine = Exchange([str(STARLING), str(folder / "starling"), "--exchange"])
    for name, path in tables.items():
        engine.ask(f"CREATE TABLE {name} AS SELECT * FROM '{path}'")
    engine.close()
    return bytes_of(folder / "starling")


def duckdb_tables(tables, folder):
    """Makes DuckDB's tables."""
    import duckdb

    with duckdb.connect(str(folder / "tables.duckdb")) as connection:
        for name, path in tables.items():
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM '{path}'")
        connection.execute("CHECKPOINT")
    return bytes_of(folder / "tables.duckdb")


def chdb_tables(tables, folder):
    """Makes chDB's tables, merged as far as they ever are."""
    from .worker import ChDB

    engine = ChDB({"database": str(folder / "chdb"), "threads": 2, "tables": tables})
    for name in tables:
        engine.run(f"OPTIMIZE TABLE {name} FINAL")
    parts = "SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = 'default'"
    return engine.run(parts).to_pydict()["bytes"][0]


def duckdb_parquet(tables, folder):
    """Lets DuckDB write Parquet."""
    import duckdb

    (folder / "duckdb").mkdir()
    for name, path in tables.items():
        target = folder / "duckdb" / f"{name}.parquet"
        duckdb.sql(f"COPY (FROM '{path}') TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    return bytes_of(folder / "duckdb")


def pyarrow_parquet(tables, folder):
    """Lets pyarrow write Parquet."""
    import pyarrow.parquet as parquet

    (folder / "pyarrow").mkdir()
    for name, path in tables.items():
        with parquet.ParquetWriter(
            folder / "pyarrow" / f"{name}.parquet", parquet.read_schema(path), compression="zstd"
        ) as writer:
            for batch in parquet.ParquetFile(path).iter_batches(batch_size=1 << 20):
                writer.write_batch(batch)
    return bytes_of(folder / "pyarrow")


KEEPERS = {
    "Starling": starling,
    "DuckDB, own tables": duckdb_tables,
    **({"chDB, own tables": chdb_tables} if importlib.util.find_spec("chdb") else {}),
    "Parquet, ZSTD, by DuckDB": duckdb_parquet,
    "Parquet, ZSTD, by pyarrow": pyarrow_parquet,
}


def main():
    """Lets each keep the tables, and prints what they take."""
    parser = argparse.ArgumentParser(prog="tools/bench storage", description=__doc__)
    parser.add_argument("--scale", default="1", help="the scale factor (default 1)")
    options = parser.parse_args(sys.argv[1:])
    suite = load_suite("tpch")
    source, _ = find_or_make(suite, options.scale, "snappy", None)
    tables = {name: str(source / f"{name}.parquet") for name in suite.tables}
    folder = DATA / "storage"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    first = None
    print(f"{'':28}{'MB':>10}{'Starling/this':>16}")
    for name, keep in KEEPERS.items():
        count = keep(tables, folder)
        first = first or count
        print(f"{name:28}{count / 1e6:10.1f}{first / count:16.3f}", flush=True)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
