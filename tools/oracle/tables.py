"""The tables of the random queries: small Parquet files full of NULLs, duplicates and extremes.

Floating point values are multiples of a quarter, so that sums are exact in whichever order they
are added. The files differ in codec, page version, dictionary and size of row groups.
"""

import datetime
import decimal
import json
import os
import random

import pyarrow
import pyarrow.parquet

# Name, kind for the generator, Arrow type.
COLUMNS = [
    ("id", "int", pyarrow.int64()),
    ("k", "int", pyarrow.int32()),
    ("tiny", "int", pyarrow.int8()),
    ("small", "int", pyarrow.int16()),
    ("i", "int", pyarrow.int32()),
    ("big", "int", pyarrow.int64()),
    ("price", "decimal", pyarrow.decimal128(15, 2)),
    ("wide", "decimal", pyarrow.decimal128(30, 6)),
    ("x", "double", pyarrow.float64()),
    ("y", "double", pyarrow.float32()),
    ("tag", "text", pyarrow.string()),
    ("name", "text", pyarrow.string()),
    ("day", "date", pyarrow.date32()),
    ("moment", "datetime", pyarrow.timestamp("us")),
    ("flag", "bool", pyarrow.bool_()),
    ("nums", "array", pyarrow.list_(pyarrow.int64())),
    ("words", "texts", pyarrow.list_(pyarrow.string())),
    ("pairs", "map", pyarrow.map_(pyarrow.string(), pyarrow.int64())),
    ("point", "struct", pyarrow.struct([("a", pyarrow.int64()), ("b", pyarrow.string())])),
    ("doc", "doc", pyarrow.string()),
]

# Name, rows, share of NULLs, options of the writer.
TABLES = [
    ("large", 5_000, 0.1, {"row_group_size": 700, "compression": "snappy"}),
    ("middle", 300, 0.25, {"row_group_size": 64, "compression": "zstd", "data_page_version": "2.0"}),
    ("little", 40, 0.0, {"compression": "none", "use_dictionary": False}),
    ("hollow", 30, 0.95, {"compression": "gzip"}),
    ("single", 1, 0.0, {"compression": "none"}),
    ("nothing", 0, 0.0, {"compression": "snappy"}),
]

TAGS = ["red", "green", "blue", "", "Red", "a rather long tag of some colour", "green "]
WORDS = ["alpha", "beta", "gamma", "a", "", "delta%", "x_y", "grün", "日本", "twelve bytes", "o'clock"]
FIRST_DAY = datetime.date(1995, 1, 1)
FIRST_MOMENT = datetime.datetime(1999, 12, 31, 23, 0, 0)


def make_tables(folder, seed=7):
    """Writes all tables into a folder and gives their paths by name."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    paths = {}
    for name, count, null_share, options in TABLES:
        arrays = [
            pyarrow.array(
                [
                    None
                    if column != "id" and chance.random() < null_share
                    else value_for(column, row, count, chance)
                    for row in range(count)
                ],
                type=arrow_type,
            )
            for column, _, arrow_type in COLUMNS
        ]
        table = pyarrow.table(arrays, names=[column for column, _, _ in COLUMNS])
        path = folder / f"{name}.parquet"
        # Another run may be reading the table.
        partial = folder / f"{name}.{os.getpid()}.partial"
        pyarrow.parquet.write_table(table, partial, **options)
        partial.replace(path)
        paths[name] = str(path)
    return paths


def value_for(column, row, count, chance):
    """Makes one value of a column; now and then an extreme one."""
    extreme = chance.random() < 0.01
    if column == "id":
        return row
    if column == "k":
        return chance.randrange(60)
    if column == "tiny":
        return chance.choice([-128, 127]) if extreme else chance.randrange(-5, 6)
    if column == "small":
        return chance.choice([-(2**15), 2**15 - 1]) if extreme else row // 10
    if column == "i":
        return chance.choice([-(2**31), 2**31 - 1]) if extreme else chance.randrange(-1000, 1000)
    if column == "big":
        return chance.choice([-(2**50), 2**50]) if extreme else chance.randrange(10**9)
    if column == "price":
        top = "9999999999999.99" if extreme else f"{chance.randrange(-9999, 999999) / 100:.2f}"
        return decimal.Decimal(top)
    if column == "wide":
        digits = chance.randrange(10**18) if extreme else chance.randrange(-(10**7), 10**7)
        return decimal.Decimal(digits).scaleb(-6)
    if column == "x":
        return chance.randrange(-4000, 4000) / 4
    if column == "y":
        return chance.randrange(-40, 40) / 4
    if column == "tag":
        return chance.choice(TAGS)
    if column == "name":
        return chance.choice(WORDS) + (str(chance.randrange(count)) if row % 3 else "")
    if column == "day":
        return FIRST_DAY + datetime.timedelta(days=chance.randrange(200) * chance.choice([1, 10]))
    if column == "moment":
        step = chance.choice([1, 1_000, 1_000_000, 3_600_000_000, 86_400_000_000])
        return FIRST_MOMENT + datetime.timedelta(microseconds=step * chance.randrange(500))
    if column == "flag":
        return chance.random() < 0.4
    return nested_value(column, chance)


def nested_value(column, chance):
    """Makes one list, map, structure or document; a tenth of what is inside is NULL."""

    def number():
        return None if chance.random() < 0.1 else chance.randrange(-2, 6)

    def word():
        return None if chance.random() < 0.1 else chance.choice(TAGS)

    if column == "nums":
        return [number() for _ in range(chance.randrange(5))]
    if column == "words":
        return [word() for _ in range(chance.randrange(4))]
    if column == "pairs":
        return [(key, number()) for key in ("a", "b", "red") if chance.random() < 0.6]
    if column == "point":
        return {"a": number(), "b": word()}
    members = {
        "a": number(),
        "b": word(),
        "c": [number() for _ in range(chance.randrange(4))],
        "d": {"e": number(), "f": word()},
        "g": chance.random() < 0.5,
        "h": chance.randrange(-40, 40) / 2 + 0.25,
    }
    kept = {key: value for key, value in members.items() if chance.random() < 0.8}
    return json.dumps(kept, ensure_ascii=chance.random() < 0.5)
