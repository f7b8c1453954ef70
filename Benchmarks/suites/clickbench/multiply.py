"""Makes ClickBench's table of any size from a sample of real rows: a million rows a scale.

Run as `multiply.py FOLDER SCALE CODEC`. The sample, `shared/data/clickbench/click_mini.tsv.gz`
beside the repository or above it, has two counters on two days. Each copy of its rows is changed
by hashes of the row, the copy and a seed, so that the table has the spread of the original:

- days of July 2013, a few large counters and thousands of small ones, 62 among them;
- users, addresses and watches of their own, and texts of which a share is unique;
- the rare values that the queries ask for: advertising engines, "google", two hashes of URLs.
"""

import gzip
import pathlib
import sys

SAMPLE = pathlib.Path("shared", "data", "clickbench", "click_mini.tsv.gz")
SEED = 2013
# What the driver takes as "there is nothing to make the data of".
NOTHING_TO_MAKE_OF = 77


def find_sample():
    """Finds the sample beside the repository."""
    for parent in pathlib.Path(__file__).resolve().parents:
        if (parent / SAMPLE).exists():
            return parent / SAMPLE
    print(f"multiply: there is no {SAMPLE}", file=sys.stderr)
    sys.exit(NOTHING_TO_MAKE_OF)


def read_columns():
    """Gives the columns in the order of the sample, each with its type."""
    text = (pathlib.Path(__file__).parent / "columns.txt").read_text()
    return [line.split() for line in text.splitlines() if line]


def unescaped(path, target):
    """Writes the sample without the escapes of its format; no field holds a tab or a line."""
    escapes = {"\\": "\\", "'": "'", "t": " ", "n": " ", "r": " ", "0": " ", "b": " ", "f": " "}
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as source:
        with open(target, "w", encoding="utf-8", newline="\n") as file:
            for line in source:
                parts = line.split("\\")
                text, position = parts[0], 1
                while position < len(parts):
                    part = parts[position]
                    if part:
                        text += escapes.get(part[0], part[0]) + part[1:]
                    elif position + 1 < len(parts):
                        # Two backslashes stand for one.
                        position += 1
                        text += "\\" + parts[position]
                    position += 1
                file.write(text)


# What stands for a column in a copy; `h` is a hash of row, copy and seed, and `u` one of user and
# copy. The first copy is the sample as it is, but for the columns that the queries need.
CHANGES = {
    "WatchID": "(hash(h, 1) >> 1)::BIGINT",
    "EventDate": "DATE '2013-07-01' + (h % 31)::INTEGER",
    "EventTime": "(DATE '2013-07-01' + (h % 31)::INTEGER) + (EventTime - EventTime::DATE)"
    " + to_seconds((hash(h, 2) % 60)::INTEGER)",
    "CounterID": "CASE WHEN hash(h, 3) % 100 < 40 THEN CounterID"
    " WHEN hash(h, 3) % 100 < 50 THEN 62"
    " WHEN hash(h, 3) % 100 < 75 THEN (1000 + hash(h, 4) % 20)::INTEGER"
    " ELSE (2000 + hash(h, 4) % 5000)::INTEGER END",
    "UserID": "(hash(u) >> 1)::BIGINT",
    "ClientIP": "(hash(u, 5) % 2147483647)::INTEGER",
    "RegionID": "CASE WHEN hash(u, 6) % 3 = 0 THEN RegionID"
    " ELSE (hash(u, 6) % 5000 * (hash(u, 7) % 5000) // 5000)::INTEGER END",
    "AdvEngineID": "CASE WHEN hash(h, 8) % 160 = 0 THEN (1 + hash(h, 9) % 30)::SMALLINT"
    " ELSE 0::SMALLINT END",
    "URL": "CASE hash(h, 10) % 200 WHEN 0 THEN 'http://www.google.ru/search?q=' || h % 5000"
    " WHEN 1 THEN 'http://plus.google.com/' || h % 5000 ELSE"
    " CASE WHEN hash(h, 11) % 2 = 0 THEN URL || '&id=' || (h % 100000) ELSE URL END END",
    "Title": "CASE hash(h, 12) % 100 WHEN 0 THEN 'Google - ' || Title ELSE"
    " CASE WHEN hash(h, 13) % 3 = 0 THEN Title || ' ' || (h % 10000) ELSE Title END END",
    "Referer": "CASE WHEN Referer <> '' AND hash(h, 14) % 3 = 0"
    " THEN Referer || '&ref=' || (h % 50000) ELSE Referer END",
    "SearchPhrase": "CASE WHEN hash(h, 15) % 8 > 0 THEN SearchPhrase"
    " ELSE SearchPhrases[1 + (hash(h, 16) % len(SearchPhrases))::BIGINT] || ' '"
    " || (hash(h, 17) % 1000 * (hash(h, 18) % 1000) // 1000) END",
    "MobilePhoneModel": "CASE WHEN hash(u, 19) % 20 > 0 THEN MobilePhoneModel"
    " ELSE ['iPad', 'iPhone', 'Galaxy', 'Lumia ' || (hash(u, 20) % 100)]"
    "[1 + (hash(u, 21) % 4)::BIGINT] END",
    "URLHash": "CASE WHEN hash(h, 22) % 10 = 0 THEN 2868770270353813622"
    " ELSE (hash(h, 10, 22) >> 1)::BIGINT END",
    "RefererHash": "CASE WHEN hash(h, 23) % 10 = 0 THEN 3594120000172545465 ELSE RefererHash END",
    "TraficSourceID": "CASE WHEN hash(h, 24) % 5 = 0 THEN 6::SMALLINT ELSE TraficSourceID END",
    "IsLink": "(hash(h, 25) % 10 = 0)::SMALLINT",
    "WindowClientWidth": "(WindowClientWidth + hash(h, 26) % 300)::SMALLINT",
    "WindowClientHeight": "(WindowClientHeight + hash(h, 27) % 300)::SMALLINT",
}


def main():
    """Writes hits.parquet."""
    folder, scale, codec = pathlib.Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    sample = find_sample()
    import duckdb

    plain = folder / "sample.tsv"
    unescaped(sample, plain)
    columns = read_columns()
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns)
    connection = duckdb.connect()
    connection.execute(
        f"CREATE TABLE sample AS SELECT row_number() OVER () AS row, * FROM read_csv('{plain}',"
        f" delim = '\t', header = false, quote = '', escape = '', auto_detect = false,"
        f" columns = {{{types}}}, nullstr = 'no field is NULL')"
    )
    row_count = round(scale * 1_000_000)
    sample_count = connection.execute("SELECT count(*) FROM sample").fetchone()[0]
    copy_count = -(-row_count // sample_count)
    items = ", ".join(f"{CHANGES.get(name, name)} AS {name}" for name, _ in columns)
    connection.execute("SET preserve_insertion_order = true")
    connection.execute(
        f"COPY (SELECT {items} FROM (SELECT *, hash(row, copy, {SEED}) AS h,"
        f" hash(UserID, copy // 8, {SEED}) AS u FROM range({copy_count}) AS copies (copy), sample,"
        f" (SELECT list(DISTINCT SearchPhrase ORDER BY SearchPhrase) AS SearchPhrases FROM sample"
        f" WHERE SearchPhrase <> '')) ORDER BY copy, row LIMIT {row_count})"
        f" TO '{folder / 'hits.parquet'}' (FORMAT parquet, COMPRESSION {codec})"
    )
    plain.unlink()


if __name__ == "__main__":
    main()
