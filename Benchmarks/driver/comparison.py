"""Tells whether two engines gave the same result.

Integers, decimals, dates and text are compared exactly. Where one engine answers with a floating
point number, the other's may differ in the last digits: by 1e-9 of its size, or by one unit of the
last place of a decimal that was rounded. Rows may come in another order where ORDER BY allows it:
the rows have to be the same as a multiset, and the columns of ORDER BY the same in sequence. Of a
query whose comment says "Any rows will do" only the number of rows counts.
"""

import json
import math
import re
from decimal import Decimal, InvalidOperation

RELATIVE_TOLERANCE = 1e-9
EXACT_TYPES = ("DECIMAL", "LARGEINT", "BIGINT", "INT", "SMALLINT", "TINYINT")


def canonical(value, type_name):
    """Gives a value that compares as SQL does: Decimal for exact numbers, float, or text."""
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        # JSON has one kind of number: an engine may print a floating point 5 as 5.
        is_rough = type_name.upper().startswith(("DOUBLE", "FLOAT"))
        return float(value) if is_rough else Decimal(value)
    if isinstance(value, str):
        if type_name.upper().startswith(EXACT_TYPES):
            try:
                return Decimal(value)
            except InvalidOperation:
                return value
        if type_name.upper().startswith(("DATETIME", "TIMESTAMP")):
            value = value.replace("T", " ")
            value = value.rstrip("0").rstrip(".") if "." in value else value
            # One engine's DATE plus an interval is another one's DATETIME at midnight.
            value = value.removesuffix(" 00:00:00")
        return value
    return json.dumps(canonical_nested(value), ensure_ascii=False, sort_keys=True)


def canonical_nested(value):
    """Gives an array, map or structure that is written alike by every engine."""
    if isinstance(value, dict):
        return {str(key): canonical_nested(element) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [canonical_nested(element) for element in value]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    # Numbers of more than 64 bits are text.
    is_integer = isinstance(value, str) and re.fullmatch(r"-?[0-9]+", value)
    return int(value) if is_integer else value


def canonical_rows(answer):
    """Makes all rows of an answer comparable."""
    return [
        tuple(canonical(value, type_name) for value, type_name in zip(row, answer.types))
        for row in answer.rows
    ]


def same_value(left, right):
    """Compares two canonical values."""
    if left is None or right is None:
        return left is right
    # Engines without booleans of their own answer 0 and 1.
    if isinstance(left, bool) != isinstance(right, bool):
        left = Decimal(int(left)) if isinstance(left, bool) else left
        right = Decimal(int(right)) if isinstance(right, bool) else right
    if isinstance(left, float) or isinstance(right, float):
        return same_float(left, right)
    if type(left) is not type(right):
        return False
    return left == right


def same_float(left, right):
    """Compares two numbers of which at least one is a floating point number."""
    if isinstance(left, str) or isinstance(right, str):
        return False
    slack = 0.0
    for value in (left, right):
        if isinstance(value, Decimal) and value.is_finite() and value.as_tuple().exponent < 0:
            slack = max(slack, 10.0 ** value.as_tuple().exponent)
    left, right = float(left), float(right)
    if math.isnan(left) or math.isnan(right):
        return math.isnan(left) and math.isnan(right)
    return left == right or abs(left - right) <= slack + RELATIVE_TOLERANCE * max(
        abs(left), abs(right)
    )


def sort_key(row):
    """Orders rows of any types, exact columns first, so that float noise decides last."""
    exact, rough = [], []
    for value in row:
        if isinstance(value, float):
            exact.append((1, ""))
            rough.append(value)
        elif value is None:
            exact.append((0, ""))
        elif isinstance(value, (Decimal, bool)):
            exact.append((1, f"{value:+040.12f}" if not isinstance(value, bool) else str(value)))
        else:
            exact.append((2, value))
    return (exact, rough)


def order_columns(sql, names):
    """Finds which result columns the statement's own ORDER BY names, by name or number."""
    text = re.sub(r"--[^\n]*", "", sql).lower()
    clause = outer_text(text).rpartition("order by")[2] if "order by" in outer_text(text) else ""
    clause = re.split(r"\b(?:limit|offset)\b", clause)[0]
    lowered = [name.lower() for name in names]
    columns = []
    for part in clause.rstrip().rstrip(";").split(","):
        word = part.split()[0].strip('"`') if part.split() else ""
        word = word.split(".")[-1]
        if word.isdigit() and int(word) <= len(names):
            columns.append(int(word) - 1)
        elif word in lowered:
            columns.append(lowered.index(word))
        else:
            break
    return columns


def outer_text(text):
    """Leaves out what stands in parentheses, such as subqueries and windows."""
    depth, kept = 0, []
    for character in text:
        depth += character == "("
        if depth == 0:
            kept.append(character)
        depth -= character == ")"
    return "".join(kept)


def difference(expected, actual, sql=""):
    """Says in one line how two answers differ; None where they are the same."""
    if len(expected.types) != len(actual.types):
        return f"{len(actual.types)} columns instead of {len(expected.types)}"
    if len(expected.rows) != len(actual.rows):
        return f"{len(actual.rows)} rows instead of {len(expected.rows)}"
    if re.search(r"^-- Any rows will do", sql, re.MULTILINE):
        return None
    left, right = canonical_rows(expected), canonical_rows(actual)
    for column in order_columns(sql, expected.names):
        for row, (one, other) in enumerate(zip(left, right)):
            if not same_value(one[column], other[column]):
                name = expected.names[column]
                return f"row {row + 1} is out of order in {name}: {show(other)}, not {show(one)}"
    if rows_match(left, right):
        return None
    # Columns that are exact on one side only would sort apart.
    rough = [
        any(isinstance(row[column], float) for row in left + right)
        for column in range(len(expected.types))
    ]
    left.sort(key=lambda row: sort_key(roughened(row, rough)))
    right.sort(key=lambda row: sort_key(roughened(row, rough)))
    for one, other in zip(left, right):
        if not all(map(same_value, one, other)):
            return f"got {show(other)}, not {show(one)}"
    return None


def rows_match(left, right):
    """Compares two lists of rows in sequence."""
    return all(all(map(same_value, one, other)) for one, other in zip(left, right))


def roughened(row, rough):
    """Gives a row whose numbers are floats where either engine's are."""
    return tuple(
        float(value) if is_rough and isinstance(value, (Decimal, int)) else value
        for value, is_rough in zip(row, rough)
    )


def show(row):
    """Prints a row shortly."""
    text = " | ".join("NULL" if value is None else str(value) for value in row)
    return text if len(text) < 200 else text[:200] + "…"
