#!/usr/bin/env python3
"""Checks that pyarrow, DuckDB, Polars and DataFusion read what Starling writes, and alike.

    tools/oracle/written_parquet.py            a matrix: types x options x NULLs x sizes
    tools/oracle/written_parquet.py --nested   the same with lists, maps and structures
    tools/oracle/written_parquet.py FOLDER     every Parquet file in a folder

For the matrix pyarrow writes the rows, Starling copies them with `COPY .. TO` under each set of
options, and all four readers have to give the rows that pyarrow began with. Structure is checked as
well: codecs, bounds and places of pages, sizes, and bloom filters, which DuckDB probes; and sorting
columns as a query's ORDER BY has them.
"""

import datetime
import decimal
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

import datafusion
import duckdb
import polars
import pyarrow
import pyarrow.compute
import pyarrow.parquet

from parquet_footer import footer, structure_at

decimal.getcontext().prec = 60
STARLING = pathlib.Path(__file__).parents[2] / ".build/release/starling"

NESTED = "--nested" in sys.argv

SIZES = [0, 1, 63, 64, 65, 3_000, 50_000]
NULLS = ["none", "some", "runs", "all"]
OPTIONS = [
    {},
    {"compression": "none"},
    {"compression": "snappy", "data_page_version": 2},
    {"compression": "gzip"},
    {"compression": "brotli"},
    {"compression": "lz4_raw", "data_page_version": 2},
    {"compression": "zstd", "compression_level": 9, "crc": True},
    {"dictionary": False},
    {"encoding": "plain", "data_page_version": 2},
    {"encoding": "delta"},
    {"encoding": "delta", "data_page_version": 2, "compression": "none"},
    {"encoding": "byte_stream_split"},
    {"encoding": "delta_length"},
    {"encoding": "delta_byte_array"},
    {"encoding": "rle"},
    {"row_group_size": 1_000, "page_row_count": 128},
    {"page_size": "4KB", "crc": True},
    {"statistics": False},
    {"bloom_filter_columns": "i32, text, few, d38", "bloom_filter_fpp": 0.001},
]


def rows(count, nulls, seed):
    """Makes a table with a column of every type: extreme, repeated, sorted and random values."""
    random.seed(seed)

    def column(type, value):
        values = []
        for row in range(count):
            is_null = {
                "none": False,
                "some": random.random() < 0.2,
                "runs": row // 300 % 2 == 0,
                "all": True,
            }[nulls]
            values.append(None if is_null else value(row))
        return pyarrow.array(values, type)

    def integer(bits):
        low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
        return lambda row: random.choice([low, high, 0, -1, row % 100, random.randint(low, high)])

    def digits(precision, scale):
        top = 10**precision - 1
        return lambda row: decimal.Decimal(
            random.choice([top, -top, 0, 5, random.randint(-top, top)])
        ).scaleb(-scale)

    words = ["", "a", "ü", "twelve bytes", "a longer text than twelve bytes", "x" * 300, "\U0010ffff" * 40]
    day = datetime.date(1970, 1, 1)
    columns = {
        "flag": column(pyarrow.bool_(), lambda row: random.random() < 0.5),
        "runs": column(pyarrow.bool_(), lambda row: row // 1000 % 2 == 0),
        "i8": column(pyarrow.int8(), integer(8)),
        "i16": column(pyarrow.int16(), integer(16)),
        "i32": column(pyarrow.int32(), integer(32)),
        "i64": column(pyarrow.int64(), integer(64)),
        "key": column(pyarrow.int64(), lambda row: row * 3 - 1_000),
        "few": column(pyarrow.int32(), lambda row: row % 7),
        "f32": column(pyarrow.float32(), lambda row: random.choice([0.0, -0.0, 1.5, row / 4, -1e30])),
        "f64": column(pyarrow.float64(), lambda row: random.choice([0.0, -0.0, row / 3, 1e300])),
        "nan": column(
            pyarrow.float64(), lambda row: float("nan") if row % 9 == 4 else float(row)),
        "d9": column(pyarrow.decimal128(9, 2), digits(9, 2)),
        "d18": column(pyarrow.decimal128(18, 4), digits(18, 4)),
        "d38": column(pyarrow.decimal128(38, 10), digits(38, 10)),
        "text": column(pyarrow.string(), lambda row: random.choice(words) + str(row)),
        "word": column(pyarrow.string(), lambda row: random.choice(words)),
        "path": column(pyarrow.string(), lambda row: f"https://example.org/{row // 10}/{row:08}"),
        "raw": column(pyarrow.binary(), lambda row: random.randbytes(random.randint(0, 40))),
        "high": column(pyarrow.binary(), lambda row: b"\xff" * 80),
        "day": column(pyarrow.date32(), lambda row: day + datetime.timedelta(row % 40_000 - 20_000)),
        "time": column(
            pyarrow.timestamp("us"),
            lambda row: datetime.datetime(2000, 1, 1) + datetime.timedelta(microseconds=row * 777),
        ),
    }
    if NESTED:
        pair = pyarrow.struct([("a", pyarrow.int32()), ("b", pyarrow.string())])
        columns |= {
            "list": column(
                pyarrow.list_(pyarrow.int32()),
                lambda row: [None if item == 3 else item for item in range(row % 5)]),
            "lists": column(
                pyarrow.list_(pyarrow.list_(pyarrow.string())),
                lambda row: [["x" * item, None][: item % 3] for item in range(row % 4)]),
            "pair": column(
                pair, lambda row: {"a": row, "b": None if row % 3 == 0 else f"text {row}"}),
            "pairs": column(
                pyarrow.list_(pair),
                lambda row: [{"a": item, "b": str(row)} for item in range(row % 3)]),
            "map": column(
                pyarrow.map_(pyarrow.string(), pyarrow.int64()),
                lambda row: [(f"k{item}", None if item == 2 else item) for item in range(row % 4)]),
        }
    return pyarrow.table(columns)


class Starling:
    """Talks to one process through its dialogue."""

    def __init__(self):
        self.process = subprocess.Popen(
            [STARLING, "--exchange"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, sql):
        self.process.stdin.write(json.dumps({"sql": sql}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(f"{answer['error']['message']}\n  {sql}")
        return answer


def plain(value):
    """Makes values comparable: NaN equals NaN, 0 and -0 differ."""
    return repr(value) if isinstance(value, float) else value


# One partition gives the rows in the file's order.
datafusion_context = datafusion.SessionContext(
    datafusion.SessionConfig().with_target_partitions(1))

READERS = {
    "pyarrow": lambda path: pyarrow.parquet.read_table(path, page_checksum_verification=True),
    "duckdb": lambda path: duckdb.sql(f"SELECT * FROM '{path}'").to_arrow_table(),
    "polars": lambda path: polars.read_parquet(path, use_pyarrow=False).to_arrow(),
    "datafusion": lambda path: datafusion_context.read_parquet(str(path)).to_arrow_table(),
}


def columns_of(table):
    return {
        name: [plain(value) for value in table.column(name).to_pylist()]
        for name in table.column_names
    }


def differences(path, expected):
    """Lists readers and columns that disagree with `expected`, or with pyarrow without it."""
    found = []
    for name, read in READERS.items():
        try:
            got = columns_of(read(path))
        except Exception as error:
            found.append(f"{name}: {str(error).splitlines()[0]}")
            continue
        expected = got if expected is None else expected
        if list(got) != list(expected):
            found.append(f"{name}: columns {list(got)}")
            continue
        found += [f"{name}.{column}" for column in expected if got[column] != expected[column]]
    return found


def structure(path, options, table):
    """Lists what the file lacks of what the options ask for."""
    found = []
    metadata = pyarrow.parquet.ParquetFile(path).metadata
    size = options.get("row_group_size", 122_880)
    if metadata.num_row_groups != -(-table.num_rows // size):
        found.append(f"{metadata.num_row_groups} row groups")
    data = pathlib.Path(path).read_bytes()
    groups = footer(data).get(4, [])
    for group in range(metadata.num_row_groups):
        part = table.slice(group * size, size)
        for position in range(metadata.num_columns):
            column = metadata.row_group(group).column(position)
            codec = options.get("compression", "zstd").upper()
            codec = {"NONE": "UNCOMPRESSED", "LZ4_RAW": "LZ4"}.get(codec, codec)
            if column.compression != codec:
                found.append(f"{column.path_in_schema}: {column.compression}")
            if "." in column.path_in_schema:
                continue
            values = part.column(column.path_in_schema).to_pylist()
            chunk = groups[group][1][position]
            wrong = wrong_sizes(chunk, column.physical_type, values)
            if options.get("statistics", True):
                wrong = wrong or wrong_pages(data, chunk, column.physical_type, values, options)
            elif 4 in chunk or 6 in chunk or column.is_stats_set:
                wrong = "statistics that were not wanted"
            if wrong:
                found.append(f"{column.path_in_schema}: {wrong}")
    return found


def byte_count(values):
    return sum(
        len(value.encode() if isinstance(value, str) else value)
        for value in values if value is not None)


def wrong_sizes(chunk, physical_type, values):
    """Says what is wrong with the size statistics of a column that is not nested."""
    sizes = chunk[3].get(16)
    if sizes is None:
        return "no size statistics"
    if physical_type == "BYTE_ARRAY" and sizes.get(1) != byte_count(values):
        return f"{sizes.get(1)} bytes of texts"
    # Levels without a choice need no histogram.
    nulls = values.count(None)
    if 3 in sizes and sizes[3] != [nulls, len(values) - nulls]:
        return f"definition levels {sizes[3]}"
    return None


BOUND_FORMATS = {"INT32": "<i", "INT64": "<q"}


def wrong_pages(data, chunk, physical_type, values, options):
    """Says what is wrong with the page index of a column that is not nested."""
    if 4 not in chunk:
        return "no offset index"
    places = structure_at(data, chunk[4])
    starts = [page[3] for page in places[1]]
    if starts[0] != 0 or starts != sorted(set(starts)):
        return f"pages begin at the rows {starts}"
    pages = [values[start:end] for start, end in zip(starts, starts[1:] + [len(values)])]
    if max(map(len, pages)) > options.get("page_row_count", 1 << 20):
        return f"a page of {max(map(len, pages))} rows"
    if physical_type == "BYTE_ARRAY" and places.get(2) != [byte_count(page) for page in pages]:
        return "other bytes of texts in its pages"
    if 6 not in chunk:
        # Some have no bounds: NaN, and long texts of bytes of which none can be raised.
        is_unbounded = physical_type in ("FLOAT", "DOUBLE") or b"\xff" * 64 in [
            value[:64] for value in values if isinstance(value, bytes)]
        return None if is_unbounded else "no column index"
    index = structure_at(data, chunk[6])
    nulls = [page.count(None) for page in pages]
    if index[1] != [count == len(page) for count, page in zip(nulls, pages)]:
        return "other pages of NULLs"
    if index.get(5) != nulls:
        return f"NULLs in its pages {index.get(5)}"
    for page, low, high in zip(pages, index[2], index[3]):
        there = [value for value in page if value is not None]
        if not there or not isinstance(there[0], (int, str)) or isinstance(there[0], bool):
            continue
        if physical_type in BOUND_FORMATS:
            bounds = [struct.unpack(BOUND_FORMATS[physical_type], bound)[0] for bound in (low, high)]
            if bounds != [min(there), max(there)]:
                return f"a page with the bounds {bounds}"
        elif physical_type == "BYTE_ARRAY":
            texts = [value.encode() for value in there]
            if low > min(texts) or high < max(texts):
                return f"a page with the bounds {low} and {high}"
    return None


def wrong_filters(path, options, table):
    """Says what is wrong with bloom filters, as DuckDB sees and probes them."""
    found = []
    wanted = options.get("bloom_filter_columns", "").replace(" ", "").split(",")
    for name, offset, length in duckdb.sql(
        "SELECT path_in_schema, bloom_filter_offset, bloom_filter_length "
        f"FROM parquet_metadata('{path}')"
    ).fetchall():
        if (name in wanted) != (offset is not None and (length or 0) >= 32):
            found.append(f"{name}: a bloom filter at {offset} of {length} bytes")
    if wanted == [""] or table.num_rows == 0:
        return found
    for name, absent in [("i32", range(7_000_001, 7_000_201)), ("text", range(200))]:

        def excluded(value):
            literal = f"'no text {value}'" if name == "text" and isinstance(value, int) else value
            literal = f"'{value}'" if isinstance(value, str) else literal
            probe = f"SELECT bool_and(bloom_filter_excludes) FROM parquet_bloom_probe('{path}', '{name}', {literal})"
            return duckdb.sql(probe).fetchall()[0][0]

        there = {value for value in table.column(name).to_pylist() if value is not None}
        for value in sorted(there)[:50]:
            if excluded(value):
                found.append(f"{name}: the bloom filter lacks {value!r}")
        # One in a thousand may pass.
        passed = sum(not excluded(value) for value in absent if value not in there)
        if passed > 3:
            found.append(f"{name}: the bloom filter lets {passed} of 200 pass")
    return found


def check_pruning(starling, path, table):
    """Looks up values through DuckDB, which uses bounds and bloom filters, and through Starling."""
    found = []
    for name in ["i32", "few", "key", "text", "day"]:
        values = [value for value in table.column(name).to_pylist() if value is not None][:3]
        for value in values:
            literal = f"'{value}'" if isinstance(value, (str, datetime.date)) else str(value)
            wanted = table.column(name).to_pylist().count(value)
            sql = f"SELECT count(*) FROM '{path}' WHERE {name} = {literal}"
            if duckdb.sql(sql).fetchall()[0][0] != wanted:
                found.append(f"duckdb finds other rows with {name} = {literal}")
            if starling.run(sql)["rows"][0][0] != wanted:
                found.append(f"starling finds other rows with {name} = {literal}")
    return found


def matrix(form, sizes, all_options, is_wanted, find, columns=("*",)):
    """Writes rows of all sizes and NULLs under all options, those that are wanted, and looks for
    what is wrong with each file."""
    failures = 0
    checks = 0
    starling = Starling()
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/written.{form}"
        for count in sizes:
            for nulls in NULLS:
                table = rows(count, nulls, seed=count)
                source = f"{folder}/source.parquet"
                pyarrow.parquet.write_table(table, source)
                for options in all_options:
                    if not is_wanted(count, nulls, options):
                        continue
                    words = "".join(
                        f", {name} " + (f"'{value}'" if isinstance(value, str) else str(value))
                        for name, value in options.items())
                    starling.run(f"COPY (SELECT {', '.join(columns)} FROM '{source}') "
                        f"TO '{path}' (FORMAT {form}{words})")
                    found = find(starling, path, options, table)
                    checks += 1
                    if found:
                        failures += 1
                        print(f"DIFFERENT  {count} rows, {nulls} NULL, {options}: {found[:8]}")
    print(f"{checks} files, {failures} with differences")
    return 1 if failures else 0


def parquet_matrix():
    def is_wanted(count, nulls, options):
        return count < max(SIZES) or nulls in ("none", "some")

    def find(starling, path, options, table):
        return (
            differences(path, columns_of(table)) + structure(path, options, table)
            + wrong_filters(path, options, table) + check_pruning(starling, path, table))

    return matrix("parquet", SIZES, OPTIONS, is_wanted, find) | sorted_check()


def sorted_check():
    """Writes rows in orders, and compares them and the sorting columns with what was asked for."""
    failures = 0
    starling = Starling()
    table = rows(3_000, "some", seed=7)
    orders = {
        "": [],
        "few": [("few", "ascending", "at_start")],
        "few DESC, key": [("few", "descending", "at_end"), ("key", "ascending", "at_start")],
        "word DESC NULLS FIRST, key DESC NULLS LAST": [
            ("word", "descending", "at_start"), ("key", "descending", "at_end")],
    }
    with tempfile.TemporaryDirectory() as folder:
        source, path = f"{folder}/source.parquet", f"{folder}/written.parquet"
        pyarrow.parquet.write_table(table, source)
        for order, keys in orders.items():
            clause = f" ORDER BY {order}" if order else ""
            starling.run(
                f"COPY (SELECT key, few, word FROM '{source}'{clause}) TO '{path}' "
                "(FORMAT parquet, row_group_size 1000)")
            found = []
            written = pyarrow.parquet.read_table(path)
            metadata = pyarrow.parquet.ParquetFile(path).metadata
            for group in range(metadata.num_row_groups):
                columns = metadata.row_group(group).sorting_columns
                got = [
                    (
                        metadata.schema.column(column.column_index).name,
                        "descending" if column.descending else "ascending",
                        "at_start" if column.nulls_first else "at_end",
                    ) for column in columns]
                if got != keys:
                    found.append(f"sorting columns {got}")
            wanted = table
            if keys:
                wanted = table.take(pyarrow.compute.sort_indices(table, keys))
            for name in [key[0] for key in keys] or ["key", "few", "word"]:
                if written.column(name).to_pylist() != wanted.column(name).to_pylist():
                    found.append(f"{name} in another order")
            if found:
                failures += 1
                print(f"DIFFERENT  ORDER BY {order}: {found[:4]}")
    print(f"{len(orders)} orders, {failures} with differences")
    return 1 if failures else 0


def folder_check(folder):
    failures = 0
    for path in sorted(pathlib.Path(folder).rglob("*.parquet")):
        found = differences(path, None)
        print(f"{'DIFFERENT ' + str(found) if found else 'equal'}  {path.name}")
        failures += bool(found)
    return 1 if failures else 0


if __name__ == "__main__":
    folders = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    sys.exit(folder_check(folders[0]) if folders else parquet_matrix())
