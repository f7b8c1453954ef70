"""Writes the expected answers of a suite's queries: what DuckDB gives over a folder of Parquet files.

    .venv/bin/python tools/oracle/answers.py QUERIES DATA ANSWERS

runs each QUERIES/q*.sql over DATA/*.parquet and writes ANSWERS/q*.csv: a line of names, then the
rows in the order in which they came. NULL is an empty field, text with a comma is quoted. Numbers
are in full: a column with more than six fractional digits comes from floating point arithmetic,
and another engine may round it differently.
"""

import csv
import pathlib
import sys

import duckdb


def main():
    """Runs the queries and writes their answers."""
    queries, data, answers = map(pathlib.Path, sys.argv[1:4])
    connection = duckdb.connect()
    for file in sorted(data.glob("*.parquet")):
        connection.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
    answers.mkdir(parents=True, exist_ok=True)
    for query in sorted(queries.glob("q*.sql")):
        connection.execute(query.read_text())
        names = [column[0] for column in connection.description]
        with open(answers / f"{query.stem}.csv", "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(names)
            writer.writerows(connection.fetchall())


if __name__ == "__main__":
    main()
