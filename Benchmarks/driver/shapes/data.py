"""Makes the tables once, by DuckDB, from hashes of the rows' numbers; finds them again later.

`facts` has `count` rows. Its keys point into the tables `thousand`, `hundredth`, `tenth` and
`whole`, which are named for how many rows they have. The same reference is there in several forms:
dense (all numbers from 0 up, in random order), sparse (scattered over 63 bits), skewed (the n-th
value 1/n as often as the first), NULL in every other row, composite, and as a short and a long
text. `texts` has the forms that are texts, `wide` a hundred columns, `columns` a thousand.

What statistics get wrong: `a`, `b` and `c` determine each other, and `halved_id` has ten values in
the first half of the rows and a `tenth` of all in the second.
"""

import json
import shutil
import sys

from ..data import DATA

# What scatters a number: any odd factor gives each number a place of its own.
SCATTER, PLACES = 11_400_714_819_323_198_485, 2**63
WORDS = """anchor basket candle desert eagle forest garden harbor island jacket kettle lantern
meadow needle orchard pebble quarry river saddle temple umbrella valley window yellow amber bridge
copper dragon ember falcon glacier hammer""".split()
LONG_TEXT = "https://www.example.com/catalog/{0}/{1}/details.html?reference={2}"

MACROS = f"""
CREATE MACRO mixed(i, salt) AS hash(i * 2048 + salt);
CREATE MACRO pick(i, salt, count) AS (mixed(i, salt) % count)::BIGINT;
CREATE MACRO scattered(k) AS ((k::HUGEINT * {SCATTER}) % {PLACES})::BIGINT;
CREATE MACRO skewed(i, salt, count) AS
    floor(exp(ln(count) * (mixed(i, salt) / 18446744073709551616.0)))::BIGINT - 1;
CREATE MACRO short_text(k) AS 'c' || k;
CREATE MACRO long_text(k) AS
    format('{LONG_TEXT}', k % 97, md5(k::VARCHAR), k);
CREATE MACRO word(i, salt) AS ({WORDS})[1 + pick(i, salt, {len(WORDS)})];
"""

TABLES = {
    "thousand": """
SELECT i AS id, pick(i, 61, 100) AS weight, i * 100 AS low, i * 100 + 49 AS high
FROM range(1000) AS series(i) ORDER BY mixed(i, 60)""",
    "hundredth": """
SELECT i AS id, pick(i, 71, 1000) AS weight, i % 100 AS attribute
FROM range({hundredth}) AS series(i) ORDER BY mixed(i, 70)""",
    "tenth": """
SELECT i AS id, scattered(i) AS sparse, i // 1000 AS first_part, i % 1000 AS second_part,
    short_text(i) AS short, long_text(i) AS long, i // 10 AS parent,
    skewed(i, 81, {hundredth}) AS skewed_parent, pick(i, 82, 1000) AS attribute,
    pick(i, 83, 1000) AS weight
FROM range({tenth}) AS series(i) ORDER BY mixed(i, 80)""",
    "whole": """
SELECT i AS id, scattered(i) AS sparse, pick(i, 91, 1000) AS attribute, pick(i, 92, 1000) AS weight
FROM range({count}) AS series(i) ORDER BY mixed(i, 90)""",
    "facts": """
SELECT i AS id, pick(i, 1, 1000) AS thousand_id, pick(i, 2, {hundredth}) AS hundredth_id,
    k AS tenth_id, scattered(k) AS tenth_sparse, k // 1000 AS first_part, k % 1000 AS second_part,
    pick(i, 4, {count}) AS whole_id, scattered(pick(i, 4, {count})) AS whole_sparse,
    skewed(i, 5, {tenth}) AS skewed_id, skewed(i, 6, {hundredth}) AS skewed_parent,
    CASE WHEN pick(i, 7, 2) = 0 THEN k END AS null_id,
    CASE WHEN i < {half} THEN pick(i, 8, 10) ELSE pick(i, 8, {tenth}) END AS halved_id,
    a, a * 7 % 1000 AS b, a * 13 % 1000 AS c,
    pick(i, 10, 1000) AS v, pick(i, 11, 4000000) / 4.0 AS price,
    CASE WHEN pick(i, 12, 2) = 0 THEN pick(i, 13, 1000) END AS null_v,
    DATE '2020-01-01' + pick(i, 14, 1500)::INTEGER AS day
FROM (
    SELECT i, pick(i, 3, {tenth}) AS k, pick(i, 9, 1000) AS a FROM range({count}) AS series(i))""",
    "texts": """
SELECT i AS id, short_text(k) AS short, long_text(k) AS long, md5(i::VARCHAR) AS name,
    'category ' || pick(i, 22, 20) AS category, pick(i, 23, 1000) AS v,
    word(i, 24) || ' ' || word(i, 25) || ' ' || word(i, 26) || ' ' || word(i, 27) || ' '
        || pick(i, 28, 100000) || ' ' || word(i, 29) || ' ' || word(i, 30) AS phrase,
    CASE WHEN pick(i, 31, 2) = 0 THEN short_text(k) END AS null_text,
    short_text(skewed(i, 32, {tenth})) AS skewed_text
FROM (SELECT i, pick(i, 21, {tenth}) AS k FROM range({quarter}) AS series(i))""",
    "wide": "SELECT i AS id, {wide_columns} FROM range({hundredth}) AS series(i)",
    "columns": "SELECT i AS id, {many_columns} FROM range({thousandth}) AS series(i)",
}


def scattered(number):
    """Gives the sparse form of a key, as the macro does."""
    return number * SCATTER % PLACES


def find_or_make(count):
    """Gives the folder with the tables for a number of facts, one file each."""
    import duckdb

    folder = DATA / f"shapes-{count}"
    if (folder / "done.json").exists():
        return folder
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    print(f"bench: DuckDB writes the tables for {count} facts", file=sys.stderr)
    connection = duckdb.connect()
    connection.execute(MACROS)
    parts = {
        "count": count,
        "half": count // 2,
        "quarter": count // 4,
        "tenth": count // 10,
        "hundredth": count // 100,
        "thousandth": count // 1000,
        "wide_columns": wide_columns(),
        "many_columns": ", ".join(f"pick(i, {200 + n}, 1000) AS c{n}" for n in range(1000)),
    }
    for name, query in TABLES.items():
        target = partial / f"{name}.parquet"
        connection.execute(f"COPY ({query.format(**parts)}) TO '{target}' (FORMAT parquet)")
    (partial / "done.json").write_text(json.dumps({"rows": count}))
    partial.rename(folder)
    return folder


def wide_columns():
    """Lists the columns of `wide`: ninety numbers and ten texts."""
    numbers = [f"pick(i, {100 + n}, 1000) AS w{n}" for n in range(90)]
    texts = [f"word(i, {190 + n}) || pick(i, {190 + n}, 5000) AS t{n}" for n in range(10)]
    return ", ".join(numbers + texts)
