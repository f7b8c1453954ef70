"""Fills the expectations of sqllogictest files with what DuckDB gives.

    .venv/bin/python tools/oracle/slt_expect.py [--check] FILE ...

Every file runs in a database of its own; with `--check` nothing is written and differences are
printed. Records under `skipif duckdb REASON` keep their expectations, which then come from the
documentation of StarRocks or MySQL: there the dialects differ, and the reason says how. Type letters
that are missing are filled too; those that stand in the file are kept, since Starling's result types
are StarRocks'. NULLs sort first ascending and last descending, as there.
"""

import datetime
import decimal
import json
import math
import pathlib
import sys

import duckdb

LETTERS = {
    "BOOLEAN": "B",
    "FLOAT": "R",
    "DOUBLE": "R",
    "VARCHAR": "T",
    "BLOB": "T",
    "DATE": "D",
    "TIMESTAMP": "D",
    "INTEGER": "I",
}


def letter(type_name):
    """Names what a column is, as the runner does."""
    name = str(type_name)
    if name.startswith("DECIMAL"):
        return "N"
    if name.endswith("INT"):
        return "I"
    return LETTERS.get(name, "X")


def element(value):
    """Writes a value inside of an array, a map or a structure."""
    if value is None:
        return "null"
    if isinstance(value, (str, datetime.date)):
        return json.dumps(text(value) if value != "" else "", ensure_ascii=False)
    return text(value)


def text(value):
    """Writes a value as the shell prints it."""
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(element, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{element(k)}:{element(v)}" for k, v in value.items()) + "}"
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
            return str(int(value))
        return repr(value)
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    written = str(value)
    if written == "":
        return "(empty)"
    return written.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def lines_of(rows, order):
    """Writes rows as they stand in a file."""
    if order == "valuesort":
        return sorted(text(value) for row in rows for value in row)
    lines = ["\t".join(text(value) for value in row) for row in rows]
    return sorted(lines) if order == "rowsort" else lines


def same(actual, expected):
    """Compares two lines; numbers that differ in the last digits are the same."""
    left, right = actual.split("\t"), expected.split("\t")
    if len(left) != len(right):
        return False
    for first, second in zip(left, right):
        if first == second:
            continue
        try:
            # Trailing zeros of a decimal are a matter of its type.
            if not math.isclose(float(first), float(second), rel_tol=1e-9):
                return False
        except ValueError:
            return False
    return True


class File:
    """Goes through the records of one file."""

    def __init__(self, path, checks):
        self.path = path
        self.checks = checks
        self.lines = path.read_text().split("\n")
        self.result = []
        self.problems = 0
        self.connection = duckdb.connect()
        self.connection.execute("SET default_null_order = 'nulls_first_on_asc_last_on_desc'")
        self.connection.execute("SET TimeZone = 'UTC'")

    def complain(self, line, message):
        """Prints what a person has to look at."""
        self.problems += 1
        print(f"{self.path}:{line}: {message}\n")

    def take(self, position):
        """Returns the lines of a paragraph from `position` on."""
        end = position
        while end < len(self.lines) and self.lines[end] != "":
            end += 1
        return self.lines[position:end], end

    def run(self):
        """Runs all records and returns the number of problems."""
        position = 0
        while position < len(self.lines):
            paragraph, end = self.take(position)
            self.result += self.paragraph(paragraph, position + 1)
            self.result += self.lines[end : end + 1]
            position = end + 1
        if not self.checks:
            self.path.write_text("\n".join(self.result))
        return self.problems

    def paragraph(self, lines, number):
        """Runs one record and returns its lines."""
        head = 0
        skips = False
        while head < len(lines) and lines[head].split(" ")[0] in ("#", "skipif", "onlyif"):
            words = lines[head].split(" ")
            skips |= words[:2] == ["skipif", "duckdb"]
            skips |= words[0] == "onlyif" and words[1] != "duckdb"
            head += 1
        words = lines[head].split() if head < len(lines) else []
        if skips or not words or words[0] not in ("statement", "query"):
            return lines
        body = lines[head + 1 :]
        mark = body.index("----") if "----" in body else len(body)
        sql = "\n".join(body[:mark])
        if words[0] == "statement":
            self.statement(words, sql, number)
            return lines
        return lines[:head] + self.query(words, sql, body[mark + 1 :], mark < len(body), number)

    def statement(self, words, sql, number):
        """Runs a statement for its effect."""
        try:
            self.connection.execute(sql)
        except duckdb.Error as error:
            if words[1] == "ok":
                self.complain(number, f"{sql}\n{error}")
            return
        if words[1] == "error":
            self.complain(number, f"{sql}\nis no error in DuckDB")

    def query(self, words, sql, expected, is_filled, number):
        """Runs a query and returns its record."""
        orders = ("nosort", "rowsort", "valuesort")
        try:
            self.connection.execute(sql)
            rows = self.connection.fetchall()
        except (duckdb.Error, ValueError, OverflowError) as error:
            self.complain(number, f"{sql}\n{error}")
            return [" ".join(words), *sql.split("\n"), *(["----"] + expected if is_filled else [])]
        order = next((word for word in words if word in orders), "nosort")
        if len(words) == 1 or words[1] in orders:
            types = "".join(letter(column[1]) for column in self.connection.description)
            words.insert(1, types)
        actual = lines_of(rows, order)
        if is_filled:
            matches = len(actual) == len(expected) and all(map(same, actual, expected))
            if not matches:
                self.complain(number, sql + "\n" + "\n".join(["DuckDB:", *actual, "file:", *expected]))
            return [" ".join(words), *sql.split("\n"), "----", *expected]
        return [" ".join(words), *sql.split("\n"), "----", *actual]


def main():
    """Fills or checks the files named on the command line."""
    arguments = sys.argv[1:]
    checks = "--check" in arguments
    files = [pathlib.Path(name) for name in arguments if name != "--check"]
    problems = sum(File(path, checks).run() for path in files)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
