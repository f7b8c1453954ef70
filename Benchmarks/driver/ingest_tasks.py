"""What `tools/bench ingest` does, and the words that each engine has for it."""

from dataclasses import dataclass, field

CHECK = "SELECT count(*), sum(l_orderkey), max(l_comment), sum(l_quantity) FROM t"
LOAD = "{create} SELECT * FROM {seed}"
KEYED_CHECK = "SELECT count(*), sum(k), sum(v), max(s), sum(k * (v % 7)) FROM t"
KEYED_ROWS = 10_000_000
ROW = "({key}, {key}, {key}, 1, 1.00, 2.00, 0.03, 0.04, 'N', 'O', '1998-01-01', '1998-01-02', "
ROW += "'1998-01-03', 'NONE', 'RAIL', 'row {key}', {key})"

# What an engine that has no words for a task does not do: ClickHouse puts upserts together only when
# they are read, or some time later, and DuckDB has no commits that a loss of power may take.
WORDS = {
    "Starling": {
        "create": "CREATE TABLE t AS", "update": "UPDATE t SET",
        "keyed_table": "CREATE TABLE t (k BIGINT, v BIGINT, s VARCHAR(40)) PRIMARY KEY (k)",
        "upsert": "INSERT", "series": "(SELECT generate_series AS i FROM TABLE(generate_series",
        "series_end": ")) AS series",
        "relax": "SET commit_durability = relaxed", "relaxed_create": "CREATE TABLE t AS",
        "seed": "'{seed}'", "csv": "'{csv}'", "json": "'{json}'",
    },
    "DuckDB": {
        "create": "CREATE TABLE t AS", "update": "UPDATE t SET",
        "keyed_table": "CREATE TABLE t (k BIGINT PRIMARY KEY, v BIGINT, s VARCHAR)",
        "upsert": "INSERT OR REPLACE", "series": "generate_series", "series_end": " AS series(i)",
        "seed": "'{seed}'", "csv": "'{csv}'", "json": "'{json}'",
    },
    "chDB": {
        "create": "CREATE TABLE t ENGINE = MergeTree ORDER BY tuple() "
        "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1 AS",
        "update": "ALTER TABLE t UPDATE",
        "relax": "SET fsync_metadata = 0",
        "relaxed_create": "CREATE TABLE t ENGINE = MergeTree ORDER BY tuple() AS",
        "seed": "file('{seed}', Parquet)", "csv": "file('{csv}', CSVWithNames)",
        "json": "file('{json}', JSONEachRow)",
    },
}


@dataclass
class Task:
    """What is prepared, and what is timed."""

    name: str
    prepared: list
    timed: list
    # What one unit of `count` is.
    unit: str = "row"
    count: int = 0
    times: dict = field(default_factory=dict)
    check: str = CHECK

    def rate(self, elapsed, threads):
        """Says how much was done a second, by all cores and by one."""
        speed = self.count / elapsed * 1000
        alone = f", {speed / threads:,.0f} a core" if self.unit == "row" else ""
        return f"{speed:,.0f} {self.unit}s/s{alone}"

    def is_for(self, name):
        """Tells whether an engine has words for the task."""
        try:
            for statement in self.prepared + self.timed:
                spoken(statement, WORDS[name])
        except KeyError:
            return False
        return True


def spoken(statement, words):
    """Puts an engine's words into a statement."""
    return statement.format(**words) if "{" in statement else statement


def row(key):
    """Gives a row of VALUES."""
    return ROW.format(key=key)


def inserts(count, width):
    """Gives `count` statements that insert `width` rows each."""
    return [
        "INSERT INTO t VALUES " + ", ".join(row(step * width + place) for place in range(width))
        for step in range(count)
    ]


def keyed(first, count, step=1):
    """Gives a query of `count` rows, whose keys lie anywhere among those that a table has and more."""
    keys = "i" if step == 1 else f"(i * {step}) % {KEYED_ROWS + KEYED_ROWS // 5}"
    return (
        f"SELECT {keys} AS k, i % 1000 + {step} AS v, concat('customer ', i % 50000) AS s "
        f"FROM {{series}}({first}, {first + count - 1}){{series_end}}"
    )


def keyed_tasks():
    """Lists the tasks that change a table by its key."""
    loaded = ["{keyed_table}", "INSERT INTO t " + keyed(1, KEYED_ROWS)]
    step = 2_654_435_761

    def upserts(count, width):
        return ["{upsert} INTO t " + keyed(1 + n * width, width, step) for n in range(count)]

    def task(name, timed, count):
        return Task(name, loaded, timed, count=count, check=KEYED_CHECK)

    values = [
        "{upsert} INTO t VALUES " + ", ".join(
            f"({(row * step) % (KEYED_ROWS * 6 // 5)}, {row % 1000}, 'customer {row}')"
            for row in range(n * 1_000, n * 1_000 + 1_000)
        )
        for n in range(20)
    ]
    deletes = [
        f"DELETE FROM t WHERE k IN (SELECT k FROM ({keyed(1 + n * 1_000, 1_000, step)}) AS gone)"
        for n in range(20)
    ]
    many = f"DELETE FROM t WHERE k IN (SELECT k FROM ({keyed(1, 100_000, step)}) AS gone)"
    updates = [f"UPDATE t SET v = v + 1 WHERE k = {n * step % KEYED_ROWS}" for n in range(100)]
    points = [f"SELECT * FROM t WHERE k = {n * step % KEYED_ROWS}" for n in range(100)]
    return [
        Task("10 M rows with a key", ["{keyed_table}"], loaded[1:], count=KEYED_ROWS,
             check=KEYED_CHECK),
        task("upserts of 1,000 into 10 M", upserts(50, 1_000), 50_000),
        task("upserts of 1,000 VALUES", values, 20_000),
        task("upserts of 100,000 into 10 M", upserts(5, 100_000), 500_000),
        task("upsert of 1 M into 10 M", upserts(1, 1_000_000), 1_000_000),
        task("deletes of 1,000 keys of 10 M", deletes, 20_000),
        task("delete of 100,000 keys of 10 M", [many], 100_000),
        Task("updates of one key of 10 M", loaded, updates, "statement", 100, check=KEYED_CHECK),
        Task("queries of one key of 10 M", loaded, points, "statement", 100, check=KEYED_CHECK),
    ]


def table_tasks(row_count):
    """Lists the tasks over a table of so many rows."""
    empty = LOAD + " WHERE l_orderkey < 0"
    relaxed = ["{relax}", empty.replace("{create}", "{relaxed_create}")]
    loaded = [LOAD]
    return [
        Task("Parquet into a table", [], loaded, count=row_count),
        Task("CSV into a table", [empty], ["INSERT INTO t SELECT * FROM {csv}"], count=row_count),
        Task("JSON lines into a table", [], ["{create} SELECT * FROM {json}"], count=row_count),
        Task("inserts of a row", [empty], inserts(300, 1), "statement", 300),
        Task("inserts of a row, relaxed", relaxed, inserts(300, 1), "statement", 300),
        Task("inserts of 1,000 rows", [empty], inserts(30, 1_000), count=30_000),
        Task("inserts of 1,000 rows, relaxed", relaxed, inserts(30, 1_000), count=30_000),
        Task("delete 1 % of rows, spread", loaded,
             ["DELETE FROM t WHERE l_partkey % 100 = 7"], count=row_count // 100),
        Task("delete a range of rows", loaded,
             [f"DELETE FROM t WHERE l_orderkey BETWEEN {n * 5000} AND {n * 5000 + 99}"
              for n in range(20)], "statement", 20),
        Task("update 1 % of rows", loaded,
             ["{update} l_quantity = l_quantity + 1 WHERE l_partkey % 100 = 7"],
             count=row_count // 100),
        Task("inserts beside queries", loaded,
             [one for pair in zip(inserts(50, 100), [CHECK] * 50) for one in pair],
             "statement", 100),
    ]
