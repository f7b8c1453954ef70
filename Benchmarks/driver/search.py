"""`tools/bench search`: lines of logs, searched by words, phrases, pieces of text and ids.

The lines are generated: templates of services in English and Chinese, hosts, ids, moments, and a word
that is in five of them. Starling has a table without indexes and one with GIN, NGRAMBF and BITMAP; DuckDB
reads all lines; SQLite has FTS5 and an index of the ids; chDB, where it is installed, a text index and
bloom filters.
"""

import argparse
import importlib.util
import os
import shutil
import sqlite3
import statistics
import sys
import time

from .comparison import difference
from .data import DATA
from .documents import Local, start_duckdb, start_starling
from .exchange import Answer
from .storage import bytes_of

# Line after line by one of eight templates; a word that is in no template is in five lines.
LINES = """
SELECT i AS id, make_timestamp(1735689600000000 + i * 8640) AS ts, 'web-' || (h % 64) AS host, u AS user_id,
    CASE h // 64 % 8
    WHEN 0 THEN 'GET /api/v1/items/' || (h % 90000) || ' HTTP/1.1 200 in ' || (h % 700) || ' ms from ' || ip
    WHEN 1 THEN 'Connection to db-' || (h % 12) || '.internal refused after ' || (h // 7 % 9) || ' retries'
    WHEN 2 THEN 'User ' || u || ' logged in from ' || ip || ' session ' || hex
    WHEN 3 THEN 'Failed to write block ' || (h % 5000000) || ' on disk sd' || chr((97 + h // 9 % 26)::INT)
        || ': timeout waiting for device'
    WHEN 4 THEN '用户 ' || u || ' 登录失败，原因：密码错误，来自 ' || ip
    WHEN 5 THEN 'Cache miss for key user:' || u || ':profile, loading from replica ' || (h // 5 % 20)
    WHEN 6 THEN 'Worker ' || (h % 300) || ' finished job ' || hex || ' in ' || (h // 11 % 90000) || ' ms'
    ELSE 'slow query: SELECT * FROM orders WHERE customer = ' || u || ' took ' || (h // 3 % 60000) || ' ms'
    END || CASE WHEN i % {step} = {step} // 2 THEN ' zebrafish' ELSE '' END AS line
FROM (SELECT i, h, (h // 512 % 1000 * (h // 524288 % 1000)) AS u, '10.' || (h // 4096 % 256) || '.'
        || (h // 32768 % 256) || '.' || (h // 262144 % 256) AS ip, substr(md5(i::VARCHAR), 1, 16) AS hex
    FROM (SELECT i, (hash(i) >> 8)::BIGINT AS h FROM range({count}) AS series(i)))
"""


def make_lines(count):
    """Writes the lines to a file, once; gives it and the bytes of their texts."""
    import duckdb

    path = DATA / "search" / f"lines-{count}.parquet"
    connection = duckdb.connect()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        query = LINES.format(count=count, step=count // 5)
        connection.execute(f"COPY ({query}) TO '{part}' (FORMAT parquet)")
        part.rename(path)
    size = connection.execute(f"SELECT sum(strlen(line)) FROM '{path}'").fetchone()[0]
    return path, size


# The conditions of each query, in the words of each kind of engine; a query is all that is not one.
QUERIES = {
    "needle": "SELECT count(*), min(id), max(id) FROM lines WHERE {needle}",
    "common word": "SELECT count(*), max(id) FROM lines WHERE {common}",
    "phrase": "SELECT count(*), min(id) FROM lines WHERE {phrase}",
    "words in a range": "SELECT id, line FROM lines WHERE {words} AND ts >= '{low}' AND ts < '{high}' "
    "ORDER BY id LIMIT 20",
    "top 10 by score": "SELECT id FROM lines WHERE {any} ORDER BY {score} LIMIT 10",
    "LIKE": "SELECT count(*), min(id) FROM lines WHERE line LIKE '%{piece}%'",
    "one user": "SELECT count(*), min(id), max(id) FROM lines WHERE user_id = {user}",
}
# What scores differ in is not compared.
UNCOMPARED = {"top 10 by score"}

STARLING_WORDS = {
    "needle": "line MATCH 'zebrafish'", "common": "line MATCH 'timeout'",
    "phrase": "line MATCH_PHRASE 'refused after 3 retries'",
    "words": "line MATCH 'timeout sdk'", "any": "line MATCH_ANY 'replica 7 cache zebrafish'",
    "score": "score() DESC, id",
}
SCAN_WORDS = {
    "needle": "line LIKE '%zebrafish%'", "common": "line LIKE '%timeout%'",
    "phrase": "line LIKE '%refused after 3 retries%'",
    "words": "line LIKE '%timeout%' AND line LIKE '% sdk:%'",
    "any": "regexp_matches(line, '\\b(replica|7|[Cc]ache|zebrafish)\\b')", "score": "id",
}
SQLITE_WORDS = {
    "needle": "line MATCH 'zebrafish'", "common": "line MATCH 'timeout'",
    "phrase": "line MATCH '\"refused after 3 retries\"'", "words": "line MATCH 'timeout AND sdk'",
    "any": "line MATCH 'replica OR 7 OR cache OR zebrafish'", "score": "rank",
}
CHDB_WORDS = {
    **SCAN_WORDS, "needle": "hasToken(line, 'zebrafish')", "common": "hasToken(line, 'timeout')",
    "words": "hasToken(line, 'timeout') AND hasToken(line, 'sdk')",
    "any": "hasAnyTokens(line, ['replica', '7', 'Cache', 'zebrafish'])",
}
WORDS_INDEX = "INDEX words (line) USING GIN ('parser' = 'standard')"
OTHER_INDEXES = [
    "runs (line) USING NGRAMBF ('gram_num' = '4')", "users (user_id) USING BITMAP",
]


def load_starling(*indexes):
    """Gives what stores the lines in a table with indexes."""
    table = ", ".join(
        ["id BIGINT, ts DATETIME, host VARCHAR(20), user_id BIGINT, line VARCHAR(500)", *indexes]
    )

    def load(engine, source):
        engine.ask(f"CREATE TABLE lines ({table})")
        return engine.ask(f"INSERT INTO lines SELECT * FROM '{source}'").wall_ms

    return load


def load_all(engine, source):
    """Stores the lines with the index of words, and adds the others."""
    elapsed = load_starling(WORDS_INDEX)(engine, source)
    for index in OTHER_INDEXES:
        taken = engine.ask(f"ALTER TABLE lines ADD INDEX {index}").wall_ms
        print(f"ADD INDEX {index}: {taken:.0f} ms")
    return elapsed


def load_duckdb(engine, source):
    """Stores the lines."""
    elapsed = engine.ask(f"CREATE TABLE lines AS SELECT * FROM '{source}'").wall_ms
    engine.ask("CHECKPOINT")
    return elapsed


class SQLite:
    """Asks SQLite in this process."""

    def __init__(self, folder, threads):
        folder.mkdir(parents=True)
        self.connection = sqlite3.connect(folder / "lines.sqlite")

    def ask(self, sql):
        """Runs one statement."""
        start = time.perf_counter()
        cursor = self.connection.execute(sql)
        rows = [list(row) for row in cursor.fetchall()]
        elapsed = (time.perf_counter() - start) * 1000
        names = [column[0] for column in cursor.description or []]
        return Answer(names, ["VARCHAR"] * len(names), rows, elapsed, elapsed)

    def close(self):
        """Ends the connection."""
        self.connection.close()


def load_sqlite(engine, source):
    """Stores the lines in FTS5, beside a table of what identifies them."""
    import duckdb

    start = time.perf_counter()
    rows = duckdb.connect().execute(f"SELECT id, ts::VARCHAR, host, user_id, line FROM '{source}'")
    engine.connection.execute("PRAGMA journal_mode = OFF")
    engine.connection.execute("CREATE VIRTUAL TABLE texts USING fts5(line)")
    engine.connection.execute(
        "CREATE TABLE facts (id INTEGER PRIMARY KEY, ts TEXT, host TEXT, user_id INTEGER)"
    )
    while batch := rows.fetchmany(50_000):
        engine.connection.executemany(
            "INSERT INTO facts VALUES (?, ?, ?, ?)", [row[:4] for row in batch])
        engine.connection.executemany(
            "INSERT INTO texts (rowid, line) VALUES (?, ?)", [(row[0], row[4]) for row in batch])
    engine.connection.execute("CREATE INDEX users ON facts (user_id)")
    engine.connection.execute("CREATE VIEW lines AS SELECT * FROM facts JOIN texts ON id = texts.rowid")
    engine.connection.commit()
    return (time.perf_counter() - start) * 1000


def load_chdb(engine, source):
    """Stores the lines with a text index, one of pieces, and a bloom filter of the users."""
    engine.ask("SET allow_experimental_full_text_index = 1")
    engine.ask(
        "CREATE TABLE lines (id UInt64, ts DateTime64(6), host String, user_id Int64, line String, "
        "INDEX words line TYPE text(tokenizer = 'splitByNonAlpha'), "
        "INDEX pieces line TYPE ngrambf_v1(4, 65536, 3, 0), INDEX users user_id TYPE bloom_filter) "
        "ENGINE = MergeTree ORDER BY ts"
    )
    return engine.ask(f"INSERT INTO lines SELECT * FROM file('{source}', Parquet)").wall_ms


ENGINES = {
    "Starling": (start_starling, load_all, STARLING_WORDS),
    "Starling, scans": (start_starling, load_starling(), STARLING_WORDS),
    "DuckDB": (start_duckdb, load_duckdb, SCAN_WORDS),
    "SQLite": (SQLite, load_sqlite, SQLITE_WORDS),
}
if importlib.util.find_spec("chdb"):
    ENGINES["chDB"] = (lambda folder, threads: Local(folder), load_chdb, CHDB_WORDS)


def query_of(title, name, words):
    """Gives a query in the words of an engine."""
    query = QUERIES[title]
    # Of a view over two tables FTS5 is only asked by its own name.
    if name == "SQLite" and "MATCH" in query.format(**words):
        words = {**words, **{key: str(text).replace("line MATCH", "texts MATCH")
                             for key, text in words.items()}}
        return query.replace("FROM lines", "FROM facts JOIN texts ON id = texts.rowid").format(**words)
    return query.format(**words)


def measure(name, source, words, threads, runs):
    """Loads the lines and asks the queries; gives milliseconds, bytes and answers."""
    start, load, own = ENGINES[name]
    folder = DATA / "search" / name.replace(", ", "-").lower()
    shutil.rmtree(folder, ignore_errors=True)
    engine = start(folder, threads)
    try:
        loaded = load(engine, source)
        times, answers = {}, {}
        for title in QUERIES:
            text = query_of(title, name, {**words, **own})
            answers[title] = engine.ask(text)
            times[title] = statistics.median(engine.ask(text).elapsed_ms for _ in range(runs))
    finally:
        engine.close()
    size = bytes_of(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return loaded, size, times, answers


def weigh_index(source, text_byte_count, threads):
    """Says how fast the index of words is made, and how large it is, against a table without."""
    found = []
    for indexes in [(), (WORDS_INDEX,)]:
        folder = DATA / "search" / "weighed"
        shutil.rmtree(folder, ignore_errors=True)
        engine = start_starling(folder, threads)
        elapsed = load_starling(*indexes)(engine, source)
        engine.close()
        found.append((elapsed, bytes_of(folder)))
        shutil.rmtree(folder, ignore_errors=True)
    (plain, bare), (indexed, whole) = found
    rate = text_byte_count / 1e6 / (indexed - plain) * 1000 / threads
    print(
        f"texts {text_byte_count / 1e6:.1f} MB; index of words {(whole - bare) / 1e6:.1f} MB, "
        f"{(whole - bare) / text_byte_count:.0%} of them, made at {rate:.1f} MB/s a core"
    )


def main():
    """Measures the engines one after the other and prints a table."""
    parser = argparse.ArgumentParser(prog="tools/bench search", description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000_000, help="how many (default 10000000)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", default="", help="a part of the names of the engines to measure")
    options = parser.parse_args(sys.argv[1:])
    source, text_byte_count = make_lines(options.lines)
    middle = 1_735_689_600 + options.lines // 2 * 8640 // 1_000_000
    span = max(1, options.lines * 8640 // 1_000_000 // 100)
    moment = "%Y-%m-%d %H:%M:%S"
    words = {
        "piece": "c81e728d9d4c2f63", "user": 123_456, "low": time.strftime(moment, time.gmtime(middle)),
        "high": time.strftime(moment, time.gmtime(middle + span)),
    }
    weigh_index(source, text_byte_count, options.threads)
    names = [name for name in ENGINES if options.only.lower() in name.lower()]
    found = {
        name: measure(name, source, words, options.threads, options.runs) for name in names
    }
    print(f"{'':20}" + "".join(f"{name:>18}" for name in names))
    print(f"{'load, ms':20}" + "".join(f"{found[name][0]:18.0f}" for name in names))
    print(f"{'MB':20}" + "".join(f"{found[name][1] / 1e6:18.1f}" for name in names))
    wrong = 0
    for title in QUERIES:
        print(f"{title:20}" + "".join(f"{found[name][2][title]:18.2f}" for name in names))
        for name in names[1:]:
            if title in UNCOMPARED:
                continue
            problem = difference(found[names[0]][3][title], found[name][3][title])
            if problem:
                wrong += 1
                print(f"    WRONG in {name}: {problem}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
