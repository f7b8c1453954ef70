"""`tools/bench json`: events as documents, asked as JSONBench asks those of Bluesky, and point lookups.

The events are generated: their keys, how often each comes and how skewed their values are follow
Bluesky's. Starling stores them as documents, whose paths it makes columns of, and as typed columns;
DuckDB as JSON; chDB, where it is installed, as its type JSON. Both Starling and DuckDB also read them in
place from one Parquet file, into which DuckDB has written them as shredded VARIANT.
"""

import argparse
import importlib.util
import json
import os
import random
import re
import shutil
import statistics
import sys
import time

from .comparison import difference
from .data import DATA, STARLING
from .exchange import Exchange
from .storage import bytes_of
from .suite import ROOT

COLLECTIONS = [
    ("app.bsky.feed.like", 46), ("app.bsky.feed.post", 19), ("app.bsky.graph.follow", 17),
    ("app.bsky.feed.repost", 13), ("app.bsky.graph.block", 3), ("app.bsky.graph.listitem", 1),
    ("app.bsky.actor.profile", 1),
]
LANGUAGES = ["en", "ja", "pt", "de", "es", "fr", "ko"]
WORDS = "the of sky blue today photo cat train rain song about never again light town walk".split()
START = 1_732_206_349_000_000


def event(number, pick):
    """Makes one event."""
    user = int(pick.paretovariate(0.6)) % 200_000
    did = f"did:plc:{user * 2_654_435_761 % 2**48:012x}{user % 997:03d}"
    made = {"did": did, "time_us": START + number * 4_321 + pick.randrange(4_000)}
    kind = pick.random()
    if kind > 0.99:
        made["kind"] = "identity" if kind > 0.995 else "account"
        made[made["kind"]] = {"did": did, "seq": number, "time": "2024-11-21T16:25:49.095Z"}
        return made
    made["kind"] = "commit"
    collection = pick.choices(*zip(*COLLECTIONS))[0]
    commit = {
        "rev": f"3lbhtytn{number:05x}", "rkey": f"3lbf{pick.randrange(2**40):010x}",
        "collection": collection,
    }
    made["commit"] = commit
    if pick.random() < 0.05:
        commit["operation"] = "delete"
        return made
    commit["operation"] = "create"
    commit["cid"] = f"bafyrei{pick.randrange(2**128):032x}"
    record = {"$type": collection, "createdAt": f"2024-11-21T16:{number // 60 % 60:02d}:{number % 60:02d}.000Z"}
    commit["record"] = record
    if collection.endswith("post"):
        record["text"] = " ".join(pick.choices(WORDS, k=pick.randrange(3, 30)))
        record["langs"] = [pick.choice(LANGUAGES)]
        if pick.random() < 0.4:
            uri = f"at://did:plc:{pick.randrange(2**48):012x}/app.bsky.feed.post/3lb{pick.randrange(2**40):010x}"
            record["reply"] = {"root": {"uri": uri}, "parent": {"uri": uri}}
    elif collection.startswith("app.bsky.feed"):
        record["subject"] = {
            "cid": f"bafyrei{pick.randrange(2**128):032x}",
            "uri": f"at://did:plc:{pick.randrange(2**48):012x}/app.bsky.feed.post/3lb{pick.randrange(2**40):010x}",
        }
    else:
        record["subject"] = f"did:plc:{pick.randrange(2**48):012x}"
    return made


def make_events(count):
    """Writes the events to a file, once."""
    path = DATA / "json" / f"events-{count}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pick = random.Random(7)
        part = path.with_suffix(".part")
        with open(part, "w") as file:
            for number in range(count):
                file.write(json.dumps(event(number, pick), separators=(",", ":")) + "\n")
        part.rename(path)
    return path


# Where a query says {collection}, an engine reads that in its own way.
QUERIES = {
    "1 collections": "SELECT {collection} AS c, count(*) AS n FROM {table} GROUP BY c ORDER BY n DESC, c",
    "2 their users": "SELECT {collection} AS c, count(*) AS n, count(DISTINCT {did}) AS u FROM {table} "
    "WHERE {kind} = 'commit' AND {operation} = 'create' GROUP BY c ORDER BY n DESC, c",
    "3 by the hour": "SELECT {collection} AS c, {time} // 3600000000 % 24 AS h, count(*) AS n FROM {table} "
    "WHERE {kind} = 'commit' AND {operation} = 'create' AND {collection} IN "
    "('app.bsky.feed.post', 'app.bsky.feed.repost', 'app.bsky.feed.like') GROUP BY c, h ORDER BY h, c",
    "4 first posts": "SELECT {did} AS u, min({time}) AS t FROM {table} WHERE {kind} = 'commit' AND "
    "{operation} = 'create' AND {collection} = 'app.bsky.feed.post' GROUP BY u ORDER BY t, u LIMIT 3",
    "5 longest spans": "SELECT {did} AS u, max({time}) - min({time}) AS s FROM {table} WHERE {kind} = 'commit' "
    "AND {operation} = 'create' AND {collection} = 'app.bsky.feed.post' GROUP BY u ORDER BY s DESC, u LIMIT 3",
    "6 one user": "SELECT count(*), min({time}), max({time}) FROM {table} WHERE {did} = '{user}'",
    "7 one moment": "SELECT {did} AS u, {collection} AS c FROM {table} WHERE {time} BETWEEN {moment} AND "
    "{moment} + 100000 ORDER BY u, c",
    "8 a rare path": "SELECT count(*), max({seq}) FROM {table} WHERE {kind} = 'account'",
}
PATHS = {
    "collection": "commit.collection", "did": "did", "kind": "kind", "time": "time_us",
    "operation": "commit.operation", "seq": "account.seq",
}
NUMBERS = {"time", "seq"}


def starling_path(name, path):
    """Reads a path as Starling does."""
    return f"get_json_int(e, '{path}')" if name in NUMBERS else f"(e ->> '{path}')"


def duckdb_path(name, path):
    """Reads a path as DuckDB does."""
    return f"(e ->> '$.{path}')" + ("::BIGINT" if name in NUMBERS else "")


def chdb_path(name, path):
    """Reads a path as ClickHouse does."""
    return f"e.{path}" + (".:Int64" if name in NUMBERS else ".:String")


def start_starling(folder, threads):
    """Starts Starling over a database in a folder."""
    engine = Exchange([str(STARLING), str(folder), "--exchange"], threads=threads)
    engine.ask(f"SET pipeline_dop = {threads}")
    return engine


def load_starling(engine, source):
    """Stores the events as documents."""
    engine.ask("CREATE TABLE events (e JSON)")
    return engine.ask(
        f"INSERT INTO events SELECT * FROM FILES('path' = '{source}', 'format' = 'json', 'records' = 'false')"
    ).wall_ms


def load_typed(engine, source):
    """Stores the paths that queries ask for as columns."""
    columns = ", ".join(
        f"{starling_path(name, path)} AS {name}" for name, path in PATHS.items()
    )
    query = f"SELECT * FROM FILES('path' = '{source}', 'format' = 'json', 'records' = 'false') AS t(e)"
    return engine.ask(f"CREATE TABLE events AS SELECT {columns} FROM ({query}) AS t").wall_ms


def start_duckdb(folder, threads):
    """Starts DuckDB over a database in a folder."""
    folder.mkdir(parents=True)
    options = {"threads": threads, "tables": {}, "database": str(folder / "tables.duckdb")}
    return Exchange(
        [sys.executable, "-m", "driver.worker", "duckdb", json.dumps(options)],
        threads=threads, environment={"PYTHONPATH": str(ROOT / "Benchmarks")},
    )


def load_duckdb(engine, source):
    """Stores the events as JSON."""
    elapsed = engine.ask(
        f"CREATE TABLE events AS SELECT json AS e FROM read_ndjson_objects('{source}')"
    ).wall_ms
    engine.ask("CHECKPOINT")
    return elapsed


def write_variant(source):
    """Lets DuckDB write the events as shredded VARIANT, once; gives the file and the milliseconds."""
    import duckdb

    path = source.with_suffix(".parquet")
    start = time.perf_counter()
    if not path.exists():
        part = path.with_suffix(".part")
        duckdb.sql(
            f"COPY (SELECT json::JSON::VARIANT AS e FROM read_ndjson_objects('{source}')) "
            f"TO '{part}' (FORMAT parquet)"
        )
        part.rename(path)
    return path, (time.perf_counter() - start) * 1000


def view_variant(engine, source):
    """Makes a view of the file of VARIANT; the time is that of writing it, 0 where it was there."""
    path, elapsed = write_variant(source)
    engine.ask(f"CREATE VIEW events AS SELECT e FROM '{path}'")
    return elapsed


def duckdb_variant_path(name, path):
    """Reads a path of VARIANT as DuckDB does."""
    return f"(e.{path}::{'BIGINT' if name in NUMBERS else 'VARCHAR'})"


ENGINES = {
    "Starling": (start_starling, load_starling, starling_path, "DIV"),
    "Starling, columns": (start_starling, load_typed, lambda name, path: name, "DIV"),
    "DuckDB": (start_duckdb, load_duckdb, duckdb_path, "//"),
    "Starling, VARIANT": (start_starling, view_variant, starling_path, "DIV"),
    "DuckDB, VARIANT": (start_duckdb, view_variant, duckdb_variant_path, "//"),
}


class Local:
    """Asks chDB in a session of its own."""

    def __init__(self, folder):
        from chdb.session import Session

        self.session = Session(str(folder))

    def ask(self, sql):
        """Runs one statement."""
        from .exchange import Answer

        start = time.perf_counter()
        text = str(self.session.query(sql, "JSONCompact"))
        elapsed = (time.perf_counter() - start) * 1000
        parsed = json.loads(text) if text.strip() else {"data": []}
        # 64-bit integers come as texts.
        columns = parsed.get("meta", [])
        types = [re.sub(r"^Nullable\((.*)\)$", r"\1", column["type"]) for column in columns]
        return Answer(
            [column["name"] for column in columns], [name.removeprefix("U") for name in types],
            parsed["data"], elapsed, elapsed)

    def close(self):
        """Ends the session."""
        self.session.close()


def load_chdb(engine, source):
    """Stores the events as ClickHouse's JSON."""
    engine.ask("SET allow_experimental_json_type = 1")
    engine.ask("CREATE TABLE events (e JSON) ENGINE = MergeTree ORDER BY tuple()")
    return engine.ask(
        f"INSERT INTO events SELECT json FROM file('{source}', JSONAsObject)"
    ).wall_ms


if importlib.util.find_spec("chdb"):
    ENGINES["chDB"] = (lambda folder, threads: Local(folder), load_chdb, chdb_path, "DIV")


def measure(name, source, words, threads, runs):
    """Loads the events and asks the queries; gives bytes, milliseconds and answers."""
    start, load, read, division = ENGINES[name]
    folder = DATA / "json" / name.replace(", ", "-").lower()
    shutil.rmtree(folder, ignore_errors=True)
    engine = start(folder, threads)
    paths = {key: read(key, path) for key, path in PATHS.items()}
    try:
        loaded = load(engine, source)
        times, answers = {}, {}
        for title, query in QUERIES.items():
            text = query.replace("//", division).format(table="events", **paths, **words)
            engine.ask(text)
            answers[title] = engine.ask(text)
            times[title] = statistics.median(engine.ask(text).elapsed_ms for _ in range(runs))
    finally:
        engine.close()
    size = bytes_of(folder)
    if load is view_variant:
        size = write_variant(source)[0].stat().st_size
    shutil.rmtree(folder, ignore_errors=True)
    return loaded, size, times, answers


def compressed(source):
    """Gives the bytes of the file as zstd compresses it."""
    import pyarrow

    codec, total = pyarrow.Codec("zstd"), 0
    with open(source, "rb") as file:
        while block := file.read(1 << 26):
            total += len(codec.compress(block))
    return total


def main():
    """Measures the engines one after the other and prints a table."""
    parser = argparse.ArgumentParser(prog="tools/bench json", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="how many (default 1000000)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", help="a part of the names of the engines to measure")
    options = parser.parse_args(sys.argv[1:])
    source = make_events(options.events)
    with open(source) as file:
        lines = [json.loads(next(file)) for _ in range(1_000)]
    words = {"user": lines[500]["did"], "moment": lines[900]["time_us"]}
    names = [name for name in ENGINES if options.only.lower() in name.lower()]
    found = {
        name: measure(name, source, words, options.threads, options.runs) for name in names
    }
    print(f"{'':20}" + "".join(f"{name:>20}" for name in names))
    print(f"{'load, ms':20}" + "".join(f"{found[name][0]:20.0f}" for name in names))
    print(f"{'MB':20}" + "".join(f"{found[name][1] / 1e6:20.1f}" for name in names), end="")
    print(f"    zstd of the file: {compressed(source) / 1e6:.1f}")
    wrong = 0
    for title in QUERIES:
        print(f"{title:20}" + "".join(f"{found[name][2][title]:20.2f}" for name in names))
        for name in names[1:]:
            problem = difference(found[names[0]][3][title], found[name][3][title])
            if problem:
                wrong += 1
                print(f"    WRONG in {name}: {problem}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
