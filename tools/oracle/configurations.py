"""Checks the suites over Starling's own tables under the configurations that the SQL tests have.

    PYTHONPATH=Benchmarks .venv/bin/python -m tools.oracle.configurations [--scale 0.1] [SUITE ...]

A suite's data is made as tools/bench makes it, and DuckDB over the same files says what is right.
`reopen_each_statement` starts a process for each query. A limit of memory that suits the rows of the
tests would suit no larger scale: `--limit` gives it. Without the optimizer joins that a query lists with
commas are all pairs of rows; what takes longer than `--seconds` is counted apart.
"""

import argparse
import sys

from driver.comparison import difference
from driver.data import find_or_make
from driver.engines import ENGINES, Setting, start_starling_tables
from driver.exchange import EngineError, EngineLost
from driver.suite import load_suite, suite_names

CONFIGURATIONS = {
    "plain": [],
    "batch_7": ["batch_size = 7"],
    "threads_1": ["pipeline_dop = 1"],
    "force_spill": ["force_spill = true"],
    "low_memory": ["query_mem_limit = {limit}"],
    "no_optimizer": ["enable_optimizer = false"],
    "hash_zero": ["hash_zero = true"],
    "reopen_each_statement": [],
}


def answers_of(suite, setting):
    """Gives what DuckDB answers to each query."""
    duckdb = ENGINES["duckdb"].start(setting)
    answers = {query.name: duckdb.ask(query.text_for("duckdb")) for query in suite.queries}
    duckdb.close()
    return answers


def check(suite, setting, configuration, answers, seconds):
    """Runs all queries of a suite and prints those that are wrong or take too long; gives how many
    these are."""
    reopens = configuration == "reopen_each_statement"
    engine, wrong, slow = None, 0, 0
    for query in suite.queries:
        try:
            engine = engine or start_starling_tables(setting)
            answer = engine.ask(query.text_for("starling"), timeout=seconds)
            problem = difference(answers[query.name], answer, query.sql)
        except (EngineError, EngineLost) as error:
            problem = str(error)
            if isinstance(error, EngineLost):
                engine = None
        if problem and "no answer within" in problem and configuration == "no_optimizer":
            slow += 1
        elif problem:
            wrong += 1
            print(f"{suite.name} {query.name}, {configuration}: {problem}")
        if reopens and engine:
            engine.close()
            engine = None
    if engine:
        engine.close()
    return wrong, slow


def main():
    """Checks what the command line names; fails where a query is wrong."""
    parser = argparse.ArgumentParser(prog="tools.oracle.configurations")
    parser.add_argument("suites", nargs="*", default=suite_names())
    parser.add_argument("--scale", default="0.1")
    parser.add_argument("--limit", default=str(64 << 20), help="bytes of low_memory")
    parser.add_argument("--only", default="", help="configurations by name")
    parser.add_argument("--seconds", type=int, default=900, help="for a query (default 900)")
    options = parser.parse_args()
    wrong = 0
    for name in options.suites:
        suite = load_suite(name)
        folder, _ = find_or_make(suite, options.scale, "snappy", None)
        tables = {table: str(folder / f"{table}.parquet") for table in suite.tables}
        answers = answers_of(suite, Setting(tables, 2, folder, []))
        for configuration, settings in CONFIGURATIONS.items():
            if options.only and configuration not in options.only.split(","):
                continue
            settings = [text.format(limit=options.limit) for text in settings]
            found, slow = check(
                suite, Setting(tables, 2, folder, settings), configuration, answers,
                options.seconds)
            wrong += found
            print(
                f"{suite.name} at scale {options.scale}, {configuration}: "
                f"{len(suite.queries) - found - slow} of {len(suite.queries)} right"
                + (f", {slow} take longer than {options.seconds} s" if slow else ""), flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
