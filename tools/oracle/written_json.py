#!/usr/bin/env python3
"""Checks that Python, DuckDB, Polars and pyarrow read the JSON files that Starling writes.

    tools/oracle/written_json.py            a matrix: types x options x NULLs x sizes
    tools/oracle/written_json.py --nested   the same with lists, maps and structures

As written_parquet.py does it for Parquet, with the types that JSON has a form for; dates and datetimes
are texts. Python reads decimals with all of their digits, which no other reader does. A zero has no
sign: `-0` is an integer to most.
"""

import decimal
import io
import json
import sys

import duckdb
import polars
import pyarrow
import pyarrow.json

from written_parquet import NESTED, matrix, plain

SIZES = [0, 1, 63, 3_000, 50_000]
OPTIONS = [
    {},
    {"compression": "gzip"},
    {"compression": "zstd"},
]
SHARED = ["flag", "i8", "i32", "i64", "key", "few", "f64", "text", "word", "path", "day", "time"]
NESTED_COLUMNS = ["list", "lists", "pair", "pairs", "map"] if NESTED else []
COLUMNS = SHARED + ["d9", "d18", "d38"] + NESTED_COLUMNS

DUCKDB_TYPES = {
    "flag": "BOOLEAN", "i8": "TINYINT", "i32": "INTEGER", "i64": "BIGINT", "key": "BIGINT",
    "few": "INTEGER", "f64": "DOUBLE", "list": "INTEGER[]", "lists": "VARCHAR[][]",
    "pair": "STRUCT(a INTEGER, b VARCHAR)", "pairs": "STRUCT(a INTEGER, b VARCHAR)[]",
}
ARROW_TYPES = {
    "flag": pyarrow.bool_(), "i8": pyarrow.int8(), "i32": pyarrow.int32(), "i64": pyarrow.int64(),
    "key": pyarrow.int64(), "few": pyarrow.int32(), "f64": pyarrow.float64(),
}


def plain_text(path, options):
    """Decompresses the whole file, with codecs that are not Starling's."""
    codec = options.get("compression")
    with open(path, "rb") as file:
        if codec is None:
            return file.read().decode()
        with pyarrow.CompressedInputStream(io.BytesIO(file.read()), codec) as stream:
            return stream.read().decode()


def value_of(value):
    """Shows a value as JSON has it."""
    if isinstance(value, float) and value == 0:
        value = 0.0
    if isinstance(value, (bool, int, float, decimal.Decimal, str)) or value is None:
        return plain(value)
    if isinstance(value, dict):
        return {key: value_of(inner) for key, inner in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(pair, tuple) for pair in value):
            return {key: value_of(inner) for key, inner in value}
        return [value_of(inner) for inner in value]
    return str(value)


def expected_of(table, names):
    empty_maps = {"map"}
    return {
        name: [
            {} if name in empty_maps and value == [] else value_of(value)
            for value in table.column(name).to_pylist()]
        for name in names
    }


def read_with_python(path, options):
    records = [
        json.loads(line, parse_float=decimal.Decimal)
        for line in plain_text(path, options).splitlines()]

    def value(name, found):
        if name in ("f64",) and found is not None:
            return value_of(float(found))
        return decimal.Decimal(found) if name[0] == "d" and name[1:].isdigit() and found is not None \
            else found

    return {name: [value(name, record[name]) for record in records] for name in COLUMNS}, COLUMNS


def read_with_duckdb(path, options):
    names = SHARED + [name for name in NESTED_COLUMNS if name in DUCKDB_TYPES]
    types = ", ".join(f"'{name}': '{DUCKDB_TYPES.get(name, 'VARCHAR')}'" for name in names)
    compression = options.get("compression", "none")
    table = duckdb.sql(
        f"SELECT * FROM read_json('{path}', format = 'newline_delimited', columns = {{{types}}}, "
        f"compression = '{compression}')").to_arrow_table()
    return expected_of(table, names), names


def read_with_polars(path, options):
    schema = {"flag": polars.Boolean, "f64": polars.Float64}
    schema |= {name: polars.Int64 for name in ("i8", "i32", "i64", "key", "few")}
    schema |= {name: polars.String for name in ("text", "word", "path", "day", "time")}
    text = io.StringIO(plain_text(path, options))
    return expected_of(polars.read_ndjson(text, schema=schema).to_arrow(), SHARED), SHARED


def read_with_pyarrow(path, options):
    schema = pyarrow.schema([(name, ARROW_TYPES.get(name, pyarrow.string())) for name in SHARED])
    table = pyarrow.json.read_json(
        io.BytesIO(plain_text(path, options).encode()),
        parse_options=pyarrow.json.ParseOptions(
            explicit_schema=schema, unexpected_field_behavior="ignore"))
    return expected_of(table, SHARED), SHARED


READERS = {
    "python": read_with_python, "duckdb": read_with_duckdb, "polars": read_with_polars,
    "pyarrow": read_with_pyarrow,
}


def find(starling, path, options, table):
    found = []
    for name, read in READERS.items():
        # An empty text is no table to two of them.
        if table.num_rows == 0 and name in ("polars", "pyarrow"):
            continue
        try:
            got, columns = read(path, options)
        except Exception as error:
            found.append(f"{name}: {str(error).splitlines()[0]}")
            continue
        expected = expected_of(table, columns)
        found += [f"{name}.{column}" for column in columns if got[column] != expected[column]]
    return found


if __name__ == "__main__":
    sys.exit(matrix(
        "json", SIZES, OPTIONS, lambda count, nulls, options: count < 10_000 or nulls == "some",
        find, columns=COLUMNS))
