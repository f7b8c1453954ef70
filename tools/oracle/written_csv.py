#!/usr/bin/env python3
"""Checks that DuckDB, pyarrow and Polars read the CSV files that Starling writes.

    tools/oracle/written_csv.py

As written_parquet.py does it for Parquet, with the types that text can hold, plain and compressed.
All values are read as text, so that what counts is which text stands where; NULL is an empty field
without quotes, and an empty text is one with them.
"""

import csv
import decimal
import io
import sys

import duckdb
import polars
import pyarrow
import pyarrow.csv

from written_parquet import matrix

SIZES = [0, 1, 63, 3_000, 150_000]
OPTIONS = [
    {},
    {"compression": "gzip"},
    {"compression": "zstd"},
    {"delimiter": ";", "compression": "zstd"},
]
COLUMNS = ["i8", "i32", "i64", "key", "few", "d18", "d38", "text", "word", "path", "day"]


def plain_bytes(path, options):
    """Decompresses the whole file, with codecs that are not Starling's."""
    codec = options.get("compression")
    data = open(path, "rb").read()
    if codec is None:
        return data
    with pyarrow.CompressedInputStream(io.BytesIO(data), codec) as stream:
        return stream.read()


def texts(table):
    """Shows rows as text; NULL and the empty text look alike to most readers."""

    def text(value):
        if value is None:
            return ""
        return format(value, "f") if isinstance(value, decimal.Decimal) else str(value)

    return {
        name: [text(value) for value in table.column(name).to_pylist()]
        for name in table.column_names
    }


def read_with_python(path, options):
    text = plain_bytes(path, options).decode()
    found = list(csv.reader(io.StringIO(text, newline=""), delimiter=options.get("delimiter", ",")))
    return {name: [row[place] for row in found[1:]] for place, name in enumerate(found[0])}


def read_with_duckdb(path, options):
    delimiter = options.get("delimiter", ",")
    compression = options.get("compression", "none")
    return texts(duckdb.sql(
        f"SELECT * FROM read_csv('{path}', all_varchar = true, header = true, delim = '{delimiter}',"
        f" quote = '\"', escape = '\"', compression = '{compression}')").to_arrow_table())


def read_with_pyarrow(path, options):
    with pyarrow.CompressedInputStream(path, options["compression"]) if "compression" in options \
            else open(path, "rb") as stream:
        return texts(pyarrow.csv.read_csv(
            stream,
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=options.get("delimiter", ","), newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: pyarrow.string() for name in COLUMNS})))


def read_with_polars(path, options):
    frame = polars.read_csv(
        path, separator=options.get("delimiter", ","), infer_schema=False)
    return texts(frame.to_arrow())


READERS = {
    "python": read_with_python, "duckdb": read_with_duckdb, "pyarrow": read_with_pyarrow,
    "polars": read_with_polars,
}


def find(starling, path, options, table):
    expected = texts(table.select(COLUMNS))
    found = []
    for name, read in READERS.items():
        try:
            got = read(path, options)
        except Exception as error:
            found.append(f"{name}: {str(error).splitlines()[0]}")
            continue
        if list(got) != COLUMNS:
            found.append(f"{name}: columns {list(got)}")
            continue
        found += [f"{name}.{column}" for column in COLUMNS if got[column] != expected[column]]
    return found


if __name__ == "__main__":
    sys.exit(matrix(
        "csv", SIZES, OPTIONS, lambda count, nulls, options: count < 100_000 or nulls == "some",
        find, columns=COLUMNS))
