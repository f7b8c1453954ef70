"""The peers, each in the way that its own documentation recommends for files.

`run` does what is timed, from a path to a finished Arrow table: opening the file, finding its
schema and reading it all count. `prepare` is not timed. A peer that has no way to do a row says so
by `Missing`.
"""

import warnings

from .rows import WRITE

ZSTD_LEVEL = 3


class Missing(Exception):
    """The engine has no such reader or writer."""


def kind_of(row):
    """Gives the format without its codec."""
    return row.form.split()[0]


def codec_of(row):
    """Gives the codec of a Parquet row."""
    return row.form.split()[-1]


class DuckDB:
    """DuckDB's SQL; Arrow files through pyarrow's datasets, scanned by columns and filters."""

    READERS = {
        "parquet": "read_parquet('{0}')",
        "csv": "read_csv('{0}')",
        "json": "read_json('{0}')",
    }

    def __init__(self, threads):
        import duckdb

        # The relation API would spare a copy of the few rows, and plan the query twice.
        warnings.simplefilter("ignore")
        self.connection = duckdb.connect(config={"threads": threads})

    def source(self, row):
        kind = kind_of(row)
        if kind == "arrow":
            import pyarrow.dataset

            self.connection.register("arrow_file", pyarrow.dataset.dataset(row.path, format="ipc"))
            return "arrow_file"
        if kind not in self.READERS:
            raise Missing
        return self.READERS[kind].format(row.path)

    def prepare(self, row, seed):
        if row.task == WRITE and kind_of(row) == "arrow":
            raise Missing
        if row.task == WRITE:
            self.connection.execute(f"CREATE TABLE IF NOT EXISTS kept AS FROM '{seed}'")

    def run(self, row, target):
        if row.task == WRITE:
            options = f"FORMAT {kind_of(row)}"
            if kind_of(row) == "parquet":
                options += f", COMPRESSION {codec_of(row)}"
            self.connection.execute(f"COPY kept TO '{target}' ({options})")
            return None
        return self.connection.execute(row.sql(self.source(row), "strlen")).to_arrow_table()


class DataFusion:
    """DataFusion's SQL over a file that is registered anew each time."""

    def __init__(self, threads):
        from datafusion import SessionConfig, SessionContext

        self.context = SessionContext(SessionConfig().with_target_partitions(threads))

    def source(self, row):
        kind = kind_of(row)
        if kind == "orc":
            raise Missing
        self.context.deregister_table("file")
        register = getattr(self.context, f"register_{kind}")
        register("file", row.path, file_extension="." + row.path.rpartition(".")[2])
        return "file"

    def prepare(self, row, seed):
        if row.task == WRITE and not self.context.table_exist("kept"):
            self.context.sql(f"CREATE EXTERNAL TABLE seed STORED AS PARQUET LOCATION '{seed}'")
            self.context.sql("CREATE TABLE kept AS SELECT * FROM seed").collect()

    def run(self, row, target):
        if row.task == WRITE:
            options = ""
            if kind_of(row) == "parquet":
                codec = f"zstd({ZSTD_LEVEL})" if codec_of(row) == "zstd" else codec_of(row)
                options = f" OPTIONS ('format.compression' '{codec}')"
            statement = f"COPY kept TO '{target}' STORED AS {kind_of(row).upper()}{options}"
            self.context.sql(statement).collect()
            return None
        return self.context.sql(row.sql(self.source(row), "octet_length")).to_arrow_table()
