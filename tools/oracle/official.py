"""Compares the answers in Queries/tpch with the official ones that DuckDB's extension carries.

    tools/venv .venv-official tools/oracle/official_requirements.txt
    .venv-official/bin/python tools/oracle/official.py

Columns and rows are compared in order; numbers are equal when they are where the official answer is
rounded, to two digits. The extension's own generator makes other texts for addresses and comments
than TPC's, and its answers follow that: `OTHER_TEXTS` names the columns that this concerns, and
query 13, which counts orders by their comments, is compared with what TPC publishes, below.
"""

import csv
import pathlib
import sys

import duckdb
import duckdb_extension_tpch

QUERIES = pathlib.Path(__file__).resolve().parents[2] / "Queries" / "tpch"
FOLDERS = {1: "answers", 0.01: "answers-sf0.01"}
OTHER_TEXTS = {"s_address", "s_comment", "c_address", "c_comment"}

# The answer to query 13 at scale 1 that comes with TPC's dbgen, its first lines.
COMMENT_COUNTS = [
    ("0", "50005"), ("9", "6641"), ("10", "6532"), ("11", "6014"), ("8", "5937"), ("12", "5639"),
    ("13", "5024"), ("19", "4793"), ("7", "4687"), ("17", "4587"), ("18", "4529"), ("20", "4516"),
    ("15", "4505"), ("14", "4446"), ("16", "4273"), ("21", "4190"), ("22", "3623"), ("6", "3265"),
]  # fmt: skip


def official_answers():
    """Gives (query, scale, rows with the line of names) of the extension."""
    folder = pathlib.Path(duckdb_extension_tpch.__file__).parent
    extension = next(folder.rglob("tpch.duckdb_extension"))
    connection = duckdb.connect(config={"allow_unsigned_extensions": True})
    connection.execute(f"LOAD '{extension}'")
    answers = connection.execute("SELECT query_nr, scale_factor, answer FROM tpch_answers()")
    for query, scale, text in answers.fetchall():
        if scale in FOLDERS:
            yield query, scale, [line.split("|") for line in text.removesuffix("\n").split("\n")]


def is_equal(official, ours):
    """Compares two fields as texts, or as numbers of which the official one is rounded."""
    if official == ours or (official == "NULL" and ours == ""):
        return True
    try:
        return abs(float(official) - float(ours)) <= max(0.00501, 1e-9 * abs(float(official)))
    except ValueError:
        return False


def differences(official, ours):
    """Gives what is different between two answers, a text each."""
    if len(official) != len(ours):
        yield f"{len(official) - 1} rows officially, {len(ours) - 1} in ours"
    for number, (expected, found) in enumerate(zip(official[1:], ours[1:]), 1):
        for name, left, right in zip(official[0], expected, found):
            if name not in OTHER_TEXTS and not is_equal(left, right):
                yield f"row {number}, {name}: {left!r} officially, {right!r} in ours"


def main():
    """Compares all answers and says how many are equal."""
    equal, different = 0, 0
    for query, scale, official in official_answers():
        with open(QUERIES / FOLDERS[scale] / f"q{query:02}.csv", newline="") as file:
            ours = list(csv.reader(file))
        if query == 13:
            if scale != 1:
                continue
            official = [official[0], *COMMENT_COUNTS]
            ours = ours[: len(official)]
        found = list(differences(official, ours))
        equal += not found
        different += bool(found)
        for difference in found:
            print(f"query {query} at scale {scale}: {difference}")
    print(f"{equal} answers equal the official ones, {different} don't")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
