#!/usr/bin/env python3
"""Checks that pyarrow, Polars, DataFusion and Starling read the Arrow files that Starling writes.

    tools/oracle/written_arrow.py            a matrix: types x options x NULLs x sizes
    tools/oracle/written_arrow.py --nested   the same with lists, maps and structures

As written_parquet.py does it for Parquet: pyarrow writes the rows, Starling copies them with
`COPY .. TO` under each set of options, and every reader has to give the rows that pyarrow began
with. DuckDB reads Arrow's files only with an extension that has to be fetched, and gets the table
from pyarrow instead. Starling reads its own files into Parquet.
"""

import sys
import tempfile

import datafusion
import duckdb
import polars
import pyarrow
import pyarrow.ipc
import pyarrow.parquet

from written_parquet import columns_of, matrix

SIZES = [0, 1, 63, 64, 65, 3_000, 150_000]
OPTIONS = [
    {},
    {"compression": "lz4"},
    {"compression": "zstd"},
    {"compression": "zstd", "compression_level": 9, "batch_size": 1_000},
    {"batch_size": 77},
    {"stream": True},
    {"stream": True, "compression": "lz4", "batch_size": 10_000},
]


def read_with_pyarrow(path, is_stream):
    with pyarrow.OSFile(path) as file:
        reader = pyarrow.ipc.open_stream(file) if is_stream else pyarrow.ipc.open_file(file)
        table = reader.read_all()
    table.validate(full=True)
    return table


def read_with_duckdb(path, is_stream):
    written = read_with_pyarrow(path, is_stream)
    return duckdb.from_arrow(written).to_arrow_table()


def read_with_polars(path, is_stream):
    read = polars.read_ipc_stream if is_stream else polars.read_ipc
    return read(path, use_pyarrow=False).to_arrow()


def read_with_datafusion(path, is_stream):
    context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(1))
    context.sql(f"CREATE EXTERNAL TABLE written STORED AS ARROW LOCATION '{path}'")
    return context.sql("SELECT * FROM written").to_arrow_table()


READERS = {
    "pyarrow": read_with_pyarrow, "duckdb": read_with_duckdb, "polars": read_with_polars,
    "datafusion": read_with_datafusion,
}


def differences(starling, path, is_stream, expected):
    """Lists readers and columns that disagree with `expected`."""
    found = []

    def read_again(path, _):
        starling.run(f"COPY (SELECT * FROM '{path}') TO '{path}.parquet'")
        return pyarrow.parquet.read_table(f"{path}.parquet")

    for name, read in {**READERS, "starling": read_again}.items():
        try:
            got = columns_of(read(path, is_stream))
        except BaseException as error:
            found.append(f"{name}: {str(error).splitlines()[0]}")
            continue
        if list(got) != list(expected):
            found.append(f"{name}: columns {list(got)}")
            continue
        found += [f"{name}.{column}" for column in expected if got[column] != expected[column]]
    return found


def structure(path, options, count):
    """Lists what the file lacks of what the options ask for."""
    if options.get("stream"):
        return []
    batches = pyarrow.ipc.open_file(path).num_record_batches
    size = options.get("batch_size", 65_536)
    return [] if batches == -(-count // size) else [f"{batches} record batches"]


def arrow_matrix():
    def is_wanted(count, nulls, options):
        return count < max(SIZES) or (
            nulls == "some" and options.get("batch_size", 10_000) >= 1_000)

    def find(starling, path, options, table):
        return (
            differences(starling, path, bool(options.get("stream")), columns_of(table))
            + structure(path, options, table.num_rows))

    return matrix("arrow", SIZES, OPTIONS, is_wanted, find)


if __name__ == "__main__":
    sys.exit(arrow_matrix())
