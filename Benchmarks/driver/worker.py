"""A peer engine behind the protocol of `starling --exchange`, in a process of its own.

Run as `python -m driver.worker ENGINE OPTIONS`, where OPTIONS is a JSON object with `threads`,
`tables` (name → Parquet file), `database` (where DuckDB's or chDB's own tables are) and `frames`
(whether Polars reads the files into memory first). The time that it reports covers the query up to
a finished Arrow table, and not the table's way through the pipe.
"""

import base64
import datetime
import decimal
import json
import sys
import time
import warnings


class DuckDB:
    """DuckDB, over views of Parquet files or, with `database`, over its own tables."""

    def __init__(self, options):
        import duckdb

        self.connection = duckdb.connect(options.get("database") or ":memory:")
        self.connection.execute(f"SET threads = {options['threads']}")
        # Peers don't keep decoded files either; DuckDB caches the files' bytes and footers.
        existing = {row[0] for row in self.connection.execute("SHOW TABLES").fetchall()}
        kind = "TABLE" if options.get("database") else "VIEW"
        for name, path in options["tables"].items():
            if name not in existing:
                self.connection.execute(f"CREATE {kind} {name} AS SELECT * FROM '{path}'")

    def run(self, sql):
        # The relation API would spare a copy of the result, and plan the query twice.
        warnings.simplefilter("ignore")
        result = self.connection.execute(sql)
        return result.to_arrow_table() if result.description else None


class Polars:
    """Polars through its SQL, over lazily scanned Parquet files or, with `frames`, over memory."""

    def __init__(self, options):
        import polars

        read = polars.read_parquet if options.get("frames") else polars.scan_parquet
        tables = {name: read(path) for name, path in options["tables"].items()}
        self.context = polars.SQLContext(tables)

    def run(self, sql):
        frame = self.context.execute(sql.rstrip().rstrip(";"), eager=False)
        return frame.collect().to_arrow()


class DataFusion:
    """DataFusion over Parquet files."""

    def __init__(self, options):
        from datafusion import SessionConfig, SessionContext

        config = SessionConfig().with_target_partitions(options["threads"])
        # DataFusion reads text columns as views unless told otherwise; that is its fast way.
        self.context = SessionContext(config)
        for name, path in options["tables"].items():
            self.context.register_parquet(name, path)

    def run(self, sql):
        table = None
        # One statement at a time is all that DataFusion takes.
        for statement in sql.split(";"):
            if statement.strip():
                table = self.context.sql(statement).to_arrow_table()
        return table


class ChDB:
    """ClickHouse inside a process, over MergeTree tables of its own."""

    def __init__(self, options):
        from chdb.session import Session

        self.session = Session(options["database"])
        # A row of an outer join without a match has NULLs, as everywhere else; and which rows a
        # filter has left is not to be remembered from the run before.
        self.run(
            f"SET max_threads = {options['threads']}, join_use_nulls = 1, "
            "use_query_condition_cache = 0"
        )
        existing = self.run("SHOW TABLES").to_pydict().get("name", [])
        for name, path in options["tables"].items():
            if name not in existing:
                self.run(f"CREATE OR REPLACE TABLE coming ({self.columns(path)}) ORDER BY tuple()")
                self.run(f"INSERT INTO coming SELECT * FROM file('{path}', Parquet)")
                self.run(f"RENAME TABLE coming TO {name}")

    def columns(self, path):
        """Declares the columns of a file, as such that may be NULL only where there are NULLs."""
        import pyarrow.parquet

        metadata = pyarrow.parquet.ParquetFile(path).metadata
        groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
        described = self.run(f"DESCRIBE TABLE file('{path}', Parquet)").to_pydict()
        columns = []
        for number, (name, kind) in enumerate(zip(described["name"], described["type"])):
            found = [group.column(number).statistics for group in groups]
            has_nulls = any(one is None or one.null_count for one in found)
            if not has_nulls and kind.startswith("Nullable("):
                kind = kind.removeprefix("Nullable(").removesuffix(")")
            columns.append(f"{name} {kind}")
        return ", ".join(columns)

    def run(self, sql):
        return self.session.query(sql, "ArrowTable")


ENGINES = {"duckdb": DuckDB, "polars": Polars, "datafusion": DataFusion, "chdb": ChDB}


def type_name(arrow_type):
    """Names an Arrow type as Starling would."""
    import pyarrow.types as kinds

    if kinds.is_boolean(arrow_type):
        return "BOOLEAN"
    if kinds.is_decimal(arrow_type):
        return f"DECIMAL({arrow_type.precision},{arrow_type.scale})"
    if kinds.is_floating(arrow_type):
        return "DOUBLE"
    if kinds.is_integer(arrow_type):
        return "BIGINT"
    if kinds.is_date(arrow_type):
        return "DATE"
    if kinds.is_timestamp(arrow_type):
        return "DATETIME"
    return "VARCHAR"


def plain(value):
    """Makes a value what JSON can hold, in the way of `--exchange`."""
    if isinstance(value, (decimal.Decimal, datetime.date, datetime.time)):
        if isinstance(value, datetime.datetime):
            value = value.replace(tzinfo=None)
        return format(value, "f") if isinstance(value, decimal.Decimal) else str(value)
    if isinstance(value, datetime.timedelta):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**64:
        return str(value)
    if isinstance(value, bytes):
        return base64.b16encode(value).decode()
    # Arrow gives a map as a list of pairs.
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return {str(key): plain(element) for key, element in value}
    if isinstance(value, list):
        return [plain(element) for element in value]
    if isinstance(value, dict):
        return {key: plain(element) for key, element in value.items()}
    return value


def answer_for(table, elapsed_ms):
    """Describes an Arrow table as `--exchange` describes a result."""
    import pyarrow

    if table is None:
        return {"columns": [], "rows": [], "elapsed_ms": elapsed_ms}
    columns = [
        {"name": field.name, "type": type_name(field.type)} for field in table.schema
    ]
    lists = [column.to_pylist() for column in table.columns]
    are_maps = [pyarrow.types.is_map(column.type) for column in table.columns]
    lists = [
        [None if value is None else dict(value) for value in values] if is_map else values
        for values, is_map in zip(lists, are_maps)
    ]
    rows = [[plain(value) for value in row] for row in zip(*lists)]
    return {"columns": columns, "rows": rows, "elapsed_ms": elapsed_ms}


def main():
    """Answers requests until the input ends."""
    engine = ENGINES[sys.argv[1]](json.loads(sys.argv[2]))
    for line in sys.stdin:
        request = json.loads(line)
        try:
            start = time.perf_counter()
            table = engine.run(request["sql"])
            answer = answer_for(table, (time.perf_counter() - start) * 1000)
        except BaseException as error:  # Rust's panics aren't ordinary exceptions.
            message = str(error).strip().split("\n")[0]
            answer = {"error": {"kind": type(error).__name__, "message": message}}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
