"""Texts short and long, LIKE in all its forms, and lists of IN."""

import hashlib

from .data import LONG_TEXT, scattered
from .row import Row


def like(condition):
    """Gives a statement that counts the texts for which a condition is true."""
    return f"SELECT count(*), sum(v), min(id) FROM texts WHERE {condition}"


def of_facts(condition):
    """Gives a statement that counts the facts for which a condition is true."""
    return f"SELECT count(*), sum(v), min(id) FROM facts WHERE {condition}"


def listed(values):
    """Writes a list of IN."""
    return "(" + ", ".join(f"'{one}'" if isinstance(one, str) else str(one) for one in values) + ")"


def long_text(number):
    """Gives the long form of a key, as the macro does."""
    digest = hashlib.md5(str(number).encode()).hexdigest()
    return LONG_TEXT.format(number % 97, digest, number)


ROWS = [
    Row("lengths of long texts", "SELECT sum(length(long)), max(length(phrase)) FROM texts"),
    Row(
        "least and greatest text",
        "SELECT min(long), max(long), min(phrase), max(name) FROM texts WHERE v <> 7",
    ),
    Row(
        "functions of texts",
        "SELECT count(*), sum(c) FROM (SELECT upper(substr(phrase, 1, 3)) AS k, "
        "sum(length(replace(phrase, 'river', 'sea'))) AS c FROM texts "
        "GROUP BY upper(substr(phrase, 1, 3))) AS g",
    ),
    Row("texts put together", "SELECT max(short || '-' || category || '-' || name) FROM texts"),
    Row("text comparison", like("long > 'https://www.example.com/catalog/5' AND name < '8'")),
    Row("LIKE prefix", like("phrase LIKE 'river%'")),
    Row("LIKE suffix", like("phrase LIKE '%river'")),
    Row("LIKE in the middle", like("phrase LIKE '%river%'")),
    Row("LIKE in pieces", like("phrase LIKE '%river%saddle%' OR phrase LIKE '%lantern%amber%'")),
    Row("LIKE of one character", like("phrase LIKE '%_agle ga_den%'")),
    Row(
        "LIKE, never true, long texts",
        "SELECT count(*) FROM texts WHERE long LIKE '%nowhere to be found%'",
    ),
    Row("LIKE, half NULL", like("null_text LIKE '%77%'")),
    Row("NOT LIKE, few texts", like("category NOT LIKE '%ory 1%'")),
    Row("IN of 10 numbers", of_facts(f"tenth_id IN {listed(range(7, 77, 7))}")),
    Row(
        "IN of 1000 sparse numbers",
        of_facts(f"tenth_sparse IN {listed(scattered(n) for n in range(1000))}"),
    ),
    Row("IN of 10,000 numbers", of_facts(f"tenth_id IN {listed(range(0, 50_000, 5))}")),
    Row(
        "NOT IN of 1000 numbers, half NULL",
        of_facts(f"null_id NOT IN {listed(range(0, 3000, 3))}"),
    ),
    Row("IN of 100 short texts", like(f"short IN {listed(f'c{n}' for n in range(100))}")),
    Row("IN of 1000 long texts", like(f"long IN {listed(long_text(n) for n in range(1000))}")),
]
