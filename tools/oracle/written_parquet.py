#!/usr/bin/env python3
"""Checks that pyarrow, DuckDB and Polars read the files that Starling writes, and alike.

    tools/oracle/written_parquet.py FOLDER     a folder that `.sample FOLDER` has written
"""

import pathlib
import sys

import duckdb
import polars
import pyarrow.parquet


def main(folder):
    failures = 0
    for path in sorted(pathlib.Path(folder).glob("*.parquet")):
        arrow = pyarrow.parquet.read_table(path)
        duck = duckdb.sql(f"SELECT * FROM '{path}'").to_arrow_table()
        polar = polars.read_parquet(path).to_arrow()
        counts = {arrow.num_rows, duck.num_rows, polar.num_rows}
        same = len(counts) == 1 and all(
            arrow.column(name).to_pylist() == duck.column(name).to_pylist()
            and arrow.column(name).to_pylist() == polar.column(name).to_pylist()
            for name in arrow.column_names
        )
        print(f"{'equal' if same else 'DIFFERENT'}  {path.name}  {arrow.num_rows} rows")
        failures += not same
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
