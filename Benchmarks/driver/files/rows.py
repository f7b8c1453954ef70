"""The rows of the benchmark: what is done with a file, in each of the formats.

The SQL is the same for every engine that speaks it, but for the name of the function that counts
bytes. Every aggregate needs the values themselves: bounds and counts, which an engine may find in
a file's metadata, would measure something else.
"""

from dataclasses import dataclass

NUMBERS = [
    "l_orderkey", "l_partkey", "l_suppkey", "l_linenumber", "l_quantity", "l_extendedprice",
    "l_discount", "l_tax", "l_key",
]
TEXTS = ["l_returnflag", "l_linestatus", "l_shipinstruct", "l_shipmode", "l_comment"]
DATES = [("l_shipdate", "l_commitdate"), ("l_receiptdate", "l_commitdate")]
TOTALS = ", ".join(
    [f"sum({name})" for name in NUMBERS]
    + [f"sum({{bytes}}({name}))" for name in TEXTS]
    + [f"sum(CASE WHEN {left} > {right} THEN 1 ELSE 0 END)" for left, right in DATES]
)

# What is asked of a file, by the row's name. `{source}` is the file as the engine names it.
READS = {
    # Every value of every column goes through an aggregate.
    "full": f"SELECT {TOTALS} FROM {{source}}",
    "one column": "SELECT sum(l_quantity) FROM {source}",
    # The file is sorted by l_orderkey; l_suppkey and l_key lie anywhere.
    "1 % of sorted": (
        f"SELECT {TOTALS} FROM {{source}} WHERE l_orderkey BETWEEN {{low}} AND {{high}}"
    ),
    "1 % of unsorted": f"SELECT {TOTALS} FROM {{source}} WHERE l_suppkey <= {{supplier}}",
    # One row of all; Parquet files have a bloom filter of this column.
    "point": "SELECT * FROM {source} WHERE l_key = {key}",
    "top 10": "SELECT * FROM {source} ORDER BY l_extendedprice DESC, l_key LIMIT 10",
}
# A table in the engine's memory into a file. (How long it takes to make a table of a file is what
# `tools/bench ingest` measures, with those engines that have tables.)
WRITE = "write"
CHECKED = "SELECT count(*), sum(l_key), sum({bytes}(l_comment)) FROM {source}"

# Each format's files, by their ends; one is read, and written where `writes` says so.
FORMATS = {
    "parquet zstd": ("zstd.parquet", True),
    "parquet snappy": ("snappy.parquet", True),
    "csv": ("csv", True),
    "json": ("json", True),
    "arrow": ("arrow", True),
    "orc": ("orc", False),
    "avro": ("avro", False),
}


@dataclass
class Row:
    """One row: a format and what is done with its file."""

    form: str
    task: str
    # The file that is read, or whose like is written.
    path: str
    facts: dict

    @property
    def name(self):
        return f"{self.form}, {self.task}"

    def sql(self, source, length):
        """Gives the statement that reads, over a source and with a function for bytes."""
        text = READS.get(self.task, CHECKED)
        return text.format(source=source, bytes=length, **self.facts)


def all_rows(folder, facts, formats, tasks):
    """Lists the rows, those that write at the end: they keep a table in memory."""
    reads = [
        Row(form, task, str(folder / f"lineitem.{FORMATS[form][0]}"), facts)
        for form in formats
        for task in READS
        if task in tasks
    ]
    writes = [
        Row(form, WRITE, str(folder / f"lineitem.{FORMATS[form][0]}"), facts)
        for form in formats
        if FORMATS[form][1] and WRITE in tasks
    ]
    return reads + writes
