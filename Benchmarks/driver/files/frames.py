"""The peers without SQL of their own over files: Polars and pyarrow, by their methods."""

from .peers import ZSTD_LEVEL, Missing, codec_of, kind_of
from .rows import DATES, NUMBERS, TEXTS, WRITE


class Polars:
    """Polars' lazy frames, and its data frames for what is written."""

    def __init__(self, threads):
        import polars

        self.polars = polars
        self.kept = None

    def scan(self, row):
        polars = self.polars
        scans = {
            "parquet": polars.scan_parquet,
            "csv": lambda path: polars.scan_csv(path, try_parse_dates=True),
            "json": polars.scan_ndjson,
            "arrow": polars.scan_ipc,
            "avro": lambda path: polars.read_avro(path).lazy(),
        }
        if kind_of(row) not in scans:
            raise Missing
        return scans[kind_of(row)](row.path)

    def prepare(self, row, seed):
        if row.task == WRITE and self.kept is None:
            self.kept = self.polars.read_parquet(seed)

    def run(self, row, target):
        if row.task == WRITE:
            self.write(row, target)
            return None
        return self.ask(self.scan(row), row).collect().to_arrow()

    def write(self, row, target):
        kind = kind_of(row)
        if kind == "parquet":
            level = ZSTD_LEVEL if codec_of(row) == "zstd" else None
            self.kept.write_parquet(target, compression=codec_of(row), compression_level=level)
        else:
            names = {"csv": "write_csv", "json": "write_ndjson", "arrow": "write_ipc"}
            getattr(self.kept, names[kind])(target)

    def ask(self, frame, row):
        """Says a row's query."""
        column, facts = self.polars.col, row.facts
        if row.task == "one column":
            return frame.select(column("l_quantity").sum())
        if row.task == "point":
            return frame.filter(column("l_key") == facts["key"])
        if row.task == "top 10":
            return frame.sort(["l_extendedprice", "l_key"], descending=[True, False]).head(10)
        if row.task == "1 % of sorted":
            frame = frame.filter(column("l_orderkey").is_between(facts["low"], facts["high"]))
        if row.task == "1 % of unsorted":
            frame = frame.filter(column("l_suppkey") <= facts["supplier"])
        return frame.select(
            [column(name).sum() for name in NUMBERS]
            + [column(name).str.len_bytes().cast(self.polars.Int64).sum() for name in TEXTS]
            + [
                (column(left) > column(right)).sum().alias(left + right)
                for left, right in DATES
            ]
        )


class PyArrow:
    """pyarrow's tables, and its datasets where a filter or a choice of columns can be pushed."""

    def __init__(self, threads):
        import pyarrow
        import pyarrow.compute

        pyarrow.set_cpu_count(threads)
        pyarrow.set_io_thread_count(threads)
        self.pyarrow, self.compute = pyarrow, pyarrow.compute
        self.kept = None

    def read(self, row, columns=None, condition=None):
        import pyarrow.csv
        import pyarrow.dataset
        import pyarrow.feather
        import pyarrow.json
        import pyarrow.orc
        import pyarrow.parquet

        kind, path = kind_of(row), row.path
        if kind == "avro":
            raise Missing
        if condition is not None:
            form = "ipc" if kind == "arrow" else kind
            return pyarrow.dataset.dataset(path, format=form).to_table(filter=condition)
        if kind == "parquet":
            return pyarrow.parquet.read_table(path, columns=columns)
        if kind == "arrow":
            return pyarrow.feather.read_table(path, columns=columns, memory_map=True)
        if kind == "orc":
            return pyarrow.orc.read_table(path, columns=columns)
        if kind == "json":
            return pyarrow.json.read_json(path)
        options = pyarrow.csv.ConvertOptions(include_columns=columns or [])
        return pyarrow.csv.read_csv(path, convert_options=options)

    def prepare(self, row, seed):
        if row.task == WRITE and self.kept is None:
            import pyarrow.parquet

            self.kept = pyarrow.parquet.read_table(seed)

    def run(self, row, target):
        if row.task == WRITE:
            self.write(row, target)
            return None
        field, facts = self.compute.field, row.facts
        if row.task == "one column":
            table = self.read(row, columns=["l_quantity"])
            return self.table([self.compute.sum(table["l_quantity"])])
        if row.task == "point":
            return self.read(row, condition=field("l_key") == facts["key"])
        if row.task == "top 10":
            table = self.read(row)
            keys = [("l_extendedprice", "descending"), ("l_key", "ascending")]
            return table.take(self.compute.select_k_unstable(table, k=10, sort_keys=keys))
        if row.task == "1 % of sorted":
            name = "l_orderkey"
            condition = (field(name) >= facts["low"]) & (field(name) <= facts["high"])
            return self.totals(self.read(row, condition=condition))
        if row.task == "1 % of unsorted":
            return self.totals(self.read(row, condition=field("l_suppkey") <= facts["supplier"]))
        return self.totals(self.read(row))

    def totals(self, table):
        compute = self.compute
        return self.table(
            [compute.sum(table[name]) for name in NUMBERS]
            + [compute.sum(compute.binary_length(table[name])) for name in TEXTS]
            + [compute.sum(compute.greater(table[left], table[right])) for left, right in DATES]
        )

    def table(self, scalars):
        arrays = [self.pyarrow.array([scalar.as_py()], scalar.type) for scalar in scalars]
        return self.pyarrow.table(arrays, names=[f"c{number}" for number in range(len(arrays))])

    def write(self, row, target):
        import pyarrow.csv
        import pyarrow.feather
        import pyarrow.parquet

        kind = kind_of(row)
        if kind == "parquet":
            level = ZSTD_LEVEL if codec_of(row) == "zstd" else None
            pyarrow.parquet.write_table(
                self.kept, target, compression=codec_of(row), compression_level=level)
        elif kind == "csv":
            pyarrow.csv.write_csv(self.kept, target)
        elif kind == "arrow":
            pyarrow.feather.write_feather(self.kept, target, compression="uncompressed")
        else:
            raise Missing
