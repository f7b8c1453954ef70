"""The random query generator: `tools/oracle/querygen --minutes 10 --seed 1`.

1. A seed makes a statement (queries.py) over small tables (tables.py).
2. Starling and DuckDB run it; the results are compared as those of the benchmarks are.
3. A difference that explained.py doesn't explain is made smaller as long as it stays one
   (tree.py), and printed with both results.
"""

import argparse
import collections
import json
import random
import re
import sys
import time

from driver.comparison import difference, show
from driver.data import STARLING
from driver.exchange import Answer, EngineError, EngineLost, Exchange
from driver.suite import ROOT

from .dialects import CAREFUL_DUCKDB, DUCKDB, MACROS, STARLING as HERE, in_dialect
from .explained import explanation
from .queries import QueryMaker
from .sessions import SEPARATOR
from .tables import make_tables
from .tree import simplifications

TIME_LIMIT = 20
# What other work on the machine may make of it.
PATIENCE = 6


class Engine:
    """An engine with the tables as views, started again when it is lost."""

    def __init__(self, command, statements, log=None):
        self.command = command
        self.statements = statements
        self.log = log
        self.start()

    def start(self):
        errors = open(self.log, "w") if self.log else None
        self.exchange = Exchange(self.command, errors=errors)
        for statement in self.statements:
            self.exchange.ask(statement)

    def run(self, sql, timeout=TIME_LIMIT):
        """Gives the answer of the last statement, or an error of either sort."""
        try:
            answers = [self.exchange.ask(one, timeout=timeout) for one in sql.split(SEPARATOR)]
            return answers[-1]
        except EngineError as error:
            # DuckDB answers nothing any more after an internal error of some sorts.
            if "database has been invalidated" not in error.message:
                return error
            return self.begin_anew(error)
        except EngineLost as error:
            return self.begin_anew(error)

    def begin_anew(self, error):
        """Starts the engine again and tells what it said last."""
        self.exchange.close()
        words = crash_words(self.log)
        self.start()
        return EngineLost(f"{error} {words}".strip())


def crash_words(log):
    """Finds what a crashed process said last: the message, and the first places in our sources."""
    if not log:
        return ""
    lines = log.read_text(errors="replace").splitlines()
    messages = [line for line in lines if "Fatal error" in line or "Program crashed" in line]
    places = [line.strip() for line in lines if " in " in line and "/Sources/" in line]
    return " | ".join(messages[:2] + places[:4])


class Comparison:
    """Runs statements on both engines and judges the outcome."""

    def __init__(self, starling, duckdb):
        self.starling = starling
        self.duckdb = duckdb

    def outcome(self, sql):
        """Gives the kind of the outcome, a message, and both answers."""
        expected = self.duckdb.run(in_dialect(sql, DUCKDB))
        if isinstance(expected, EngineLost):
            return "too-slow", str(expected), expected, None
        actual = self.starling.run(in_dialect(sql, HERE))
        if isinstance(actual, EngineLost) and "no answer" in str(actual):
            actual = self.starling.run(in_dialect(sql, HERE), TIME_LIMIT * PATIENCE)
        refused, refuses = isinstance(actual, Exception), isinstance(expected, Exception)
        if isinstance(actual, EngineLost):
            return "lost", str(actual), expected, actual
        if refused and refuses:
            return "refused", "", expected, actual
        if refused:
            return "starling-refuses", str(actual), expected, actual
        if refuses:
            return "duckdb-refuses", str(expected), expected, actual
        problem = difference(expected, actual, in_dialect(sql, DUCKDB))
        if not problem:
            return "same", "", expected, actual
        careful = in_dialect(sql, CAREFUL_DUCKDB)
        if careful != in_dialect(sql, DUCKDB):
            expected_then = self.duckdb.run(careful)
            if isinstance(expected_then, Answer) and not difference(expected_then, actual, careful):
                return "same-in-other-words", "", expected, actual
        return "results", problem, expected, actual

    def minimize(self, statement, kind, message, seconds):
        """Simplifies a statement while the outcome stays of its kind."""
        deadline = time.monotonic() + seconds
        shape = normalized(message) if kind != "results" else ""
        improved = True
        while improved and time.monotonic() < deadline:
            improved = False
            for candidate in simplifications(statement):
                if time.monotonic() > deadline:
                    break
                try:
                    sql = candidate.sql()
                except (IndexError, AttributeError, KeyError):
                    continue
                found, words, _, _ = self.outcome(sql)
                same_shape = not shape or normalized(words) == shape
                if found == kind and same_shape and not explanation(found, sql, words):
                    statement, improved = candidate, True
                    break
        return statement


def normalized(message):
    """Takes names and numbers out of a message, so that errors of one sort are alike."""
    return re.sub(r"['\"`][^'\"`]*['\"`]|0x[0-9a-f]+|\d+|t\d+\.\w+", "…", message)[:200]


def print_difference(seed, statement, comparison, first):
    """Prints a statement with what both engines say; `first` is what was found at first."""
    sql = statement.sql()
    kind, message, expected, actual = comparison.outcome(sql)
    if kind == "same":
        kind, message = first[0], f"{first[1]} (once, and not again)"
    print(f"\n=== seed {seed}: {kind}: {message}\n{in_dialect(sql, HERE)};")
    if in_dialect(sql, HERE) != in_dialect(sql, DUCKDB):
        print(f"--- DuckDB's words\n{in_dialect(sql, DUCKDB)};")
    for name, answer in (("DuckDB", expected), ("Starling", actual)):
        print(f"--- {name}")
        if isinstance(answer, Answer):
            print(" | ".join(f"{n} {t}" for n, t in zip(answer.names, answer.types)))
            for row in answer.rows[:10]:
                print(show(row))
            print(f"({len(answer.rows)} rows)")
        else:
            print(answer)
    sys.stdout.flush()


def parse():
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="tools/oracle/querygen", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None, help="the first seed (default: the time)")
    parser.add_argument("--count", type=int, default=None, help="stop after so many statements")
    parser.add_argument("--seconds", type=float, default=30, help="for making one smaller")
    parser.add_argument("--most", type=int, default=20, help="stop after so many differences")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a session setting for Starling",
    )
    parser.add_argument(
        "--deep", type=float, default=0.25, help="the share of deeply correlated statements"
    )
    parser.add_argument("--print", action="store_true", help="print statements, run nothing")
    return parser.parse_args()


def make_statement(seed, deep):
    """Makes the statement of a seed."""
    return QueryMaker(random.Random(seed), deep).statement()


def main():
    """Runs until the time is over; fails when there were differences."""
    options = parse()
    seed = options.seed if options.seed is not None else int(time.time()) * 1000
    if options.print:
        for number in range(options.count or 10):
            print(in_dialect(make_statement(seed + number, options.deep).sql(), HERE) + ";")
        return
    paths = make_tables(ROOT / "Benchmarks" / "data" / "oracle")
    views = [f"CREATE VIEW {name} AS SELECT * FROM '{path}'" for name, path in paths.items()]
    modes = ["SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'"]
    modes += [f"SET {assignment}" for assignment in options.set]
    log = ROOT / "Benchmarks" / "data" / "oracle" / "starling.log"
    starling = Engine([str(STARLING), "--exchange"], modes + views, log)
    worker = [sys.executable, "-m", "driver.worker", "duckdb"]
    macros = [f"CREATE MACRO {macro}" for macro in MACROS]
    duckdb = Engine([*worker, json.dumps({"threads": 2, "tables": paths})], macros)
    comparison = Comparison(starling, duckdb)
    counts, seen = collections.Counter(), set()
    deadline = time.monotonic() + options.minutes * 60
    number, differences = 0, 0
    while time.monotonic() < deadline and number != options.count and differences < options.most:
        statement = make_statement(seed + number, options.deep)
        number += 1
        sql = statement.sql()
        kind, message, _, _ = comparison.outcome(sql)
        if kind in ("same", "same-in-other-words", "refused", "too-slow"):
            counts[kind] += 1
            continue
        reason = explanation(kind, sql, message)
        if reason:
            counts[f"explained: {reason}"] += 1
            continue
        counts[kind] += 1
        if kind.endswith("refuses") or kind == "lost":
            # The same complaint over and over says nothing new.
            if normalized(message) in seen:
                continue
            seen.add(normalized(message))
        smaller = comparison.minimize(statement, kind, message, options.seconds)
        found, words, _, _ = comparison.outcome(smaller.sql())
        reason = explanation(found, smaller.sql(), words, is_small=True)
        if reason:
            counts[kind] -= 1
            counts[f"explained: {reason}"] += 1
            continue
        differences += 1
        print_difference(seed + number - 1, smaller, comparison, (kind, message))
    print(f"\nseeds {seed} to {seed + number - 1}: {number} statements")
    for name, count in counts.most_common():
        print(f"{count:8} {name}")
    print(f"{number - differences} passed, {differences} failed")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
