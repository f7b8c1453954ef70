"""Makes the files: TPC-H's lineitem with one more column, the same rows in every format.

Starling generates the rows, and the peers write the files: pyarrow those of Parquet, Arrow and
ORC, DuckDB the text, Polars Avro. `l_key` is unique and in no order, as identifiers of events are.
"""

import json
import subprocess
import sys

from ..data import DATA, STARLING
from .rows import FORMATS

# An odd factor spreads the keys over 36 bits, each once.
KEYED = (
    "SELECT *, ((l_orderkey * 8 + l_linenumber)::HUGEINT * 618970019642690137"
    " % 68719476736)::BIGINT AS l_key FROM '{path}'"
)


def make_files(scale, formats):
    """Gives the folder with the files of the formats, and the facts that the queries need."""
    import duckdb

    folder = DATA / "files" / f"sf{scale}"
    folder.mkdir(parents=True, exist_ok=True)
    seed = folder / "lineitem.seed.parquet"
    if not seed.exists():
        print(f"bench: making lineitem at scale {scale}", file=sys.stderr)
        plain = folder / "plain.parquet"
        subprocess.run(
            [STARLING, "-c", f"COPY (SELECT * FROM tpch('lineitem', {scale})) TO '{plain}'"],
            check=True, stdout=subprocess.DEVNULL,
        )
        partial = seed.with_suffix(".partial")
        duckdb.sql(f"COPY ({KEYED.format(path=plain)}) TO '{partial}' (FORMAT parquet)")
        plain.unlink()
        partial.rename(seed)
    for form in formats:
        path = folder / f"lineitem.{FORMATS[form][0]}"
        if not path.exists():
            print(f"bench: writing {path.name}", file=sys.stderr)
            partial = path.with_name("partial-" + path.name)
            WRITERS[form](seed, partial)
            partial.rename(path)
    return folder, facts_of(folder, seed, scale)


def facts_of(folder, seed, scale):
    """Finds the constants of the queries, which depend on the scale."""
    import duckdb

    path = folder / "facts.json"
    if not path.exists():
        largest = duckdb.sql(f"SELECT max(l_orderkey) FROM '{seed}'").fetchall()[0][0]
        middle = largest * 2 // 5
        key = duckdb.sql(
            f"SELECT l_key FROM '{seed}' WHERE l_orderkey >= {middle}"
            " ORDER BY l_orderkey, l_linenumber LIMIT 1"
        ).fetchall()[0][0]
        facts = {
            "low": middle,
            "high": middle + largest // 100,
            "supplier": max(1, int(100 * float(scale))),
            "key": key,
        }
        path.write_text(json.dumps(facts))
    return json.loads(path.read_text())


def write_parquet(codec):
    """Makes a writer of Parquet with what a careful writer adds: page index and bloom filter."""

    def write(seed, path):
        import pyarrow.parquet as parquet

        table = parquet.read_table(seed)
        parquet.write_table(
            table, path, compression=codec, compression_level=3 if codec == "zstd" else None,
            store_decimal_as_integer=True, write_page_index=True,
            bloom_filter_options={"l_key": {"ndv": 1 << 20, "fpp": 0.01}},
        )

    return write


def write_csv(seed, path):
    import duckdb

    duckdb.sql(f"COPY (FROM '{seed}') TO '{path}' (FORMAT csv, HEADER)")


def write_json(seed, path):
    import duckdb

    duckdb.sql(f"COPY (FROM '{seed}') TO '{path}' (FORMAT json)")


def write_arrow(seed, path):
    import pyarrow.feather as feather
    import pyarrow.parquet as parquet

    table = parquet.read_table(seed)
    feather.write_feather(table, str(path), compression="uncompressed", chunksize=1 << 16)


def write_orc(seed, path):
    import pyarrow.orc as orc
    import pyarrow.parquet as parquet

    orc.write_table(parquet.read_table(seed), str(path), compression="zstd")


def write_avro(seed, path):
    import polars

    # Polars writes no decimals into Avro.
    frame = polars.read_parquet(seed)
    decimals = polars.selectors.decimal()
    frame.with_columns(decimals.cast(polars.Float64)).write_avro(path, compression="snappy")


WRITERS = {
    "parquet zstd": write_parquet("zstd"),
    "parquet snappy": write_parquet("snappy"),
    "csv": write_csv,
    "json": write_json,
    "arrow": write_arrow,
    "orc": write_orc,
    "avro": write_avro,
}
