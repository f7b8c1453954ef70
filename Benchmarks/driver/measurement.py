"""Runs a suite's queries over the engines, in turns, and checks every result.

1. Each engine has a process of its own, pinned to the same cores.
2. Query by query, each engine runs it once untimed. These results are compared with DuckDB's.
3. Then the engines take turns, run by run, so that what disturbs the machine disturbs all.
4. The time that counts is the one the engine reports, up to a finished result, without its way
   through the pipe; the median of the runs.
"""

import math
import statistics
import sys
from dataclasses import asdict, dataclass, field

from .comparison import difference
from .exchange import EngineError, EngineLost

# The first of them that takes part and answers has the say.
REFEREES = ("duckdb", "duckdb-tables")


@dataclass
class Measured:
    """What one engine did with one query."""

    elapsed_ms: list = field(default_factory=list)
    wall_ms: list = field(default_factory=list)
    # What the process's threads spent on processors, all in all.
    processor_ms: list = field(default_factory=list)
    peak_bytes: int = 0
    row_count: int = 0
    # Why there is no time: the engine's own words, or how its result differs.
    problem: str = ""
    is_wrong: bool = False
    # The engine has no such thing, which is no failure.
    is_missing: bool = False

    @property
    def median_ms(self):
        return statistics.median(self.elapsed_ms) if self.elapsed_ms else None

    @property
    def median_processor_ms(self):
        return statistics.median(self.processor_ms) if self.processor_ms else None

    def as_json(self):
        medians = {
            "median_ms": self.median_ms, "median_processor_ms": self.median_processor_ms
        }
        return {**asdict(self), **medians}


class Contest:
    """Keeps the engines' processes, starting one again that was lost."""

    def __init__(self, kinds, setting):
        self.kinds = kinds
        self.setting = setting
        self.processes = {}
        for kind in kinds:
            self.start(kind)

    def start(self, kind):
        self.processes[kind.name] = kind.start(self.setting)

    def ask(self, kind, query, measured):
        """Runs a query, noting a failure; None then."""
        text = query.text_for(kind.name)
        if text is None:
            measured.is_missing = True
            return None
        try:
            return self.processes[kind.name].ask(text)
        except EngineError as error:
            measured.problem = str(error)
        except EngineLost as error:
            measured.problem = str(error)
            self.start(kind)
        return None

    def close(self):
        for process in self.processes.values():
            process.close()


def measure(suite, kinds, setting, runs, patience=math.inf):
    """Gives for each query's name, for each engine's name, what was measured.

    A peer that took `patience` times as long as the fastest when nothing was timed runs once more.
    """
    contest = Contest(kinds, setting)
    results = {}
    try:
        for query in suite.queries:
            results[query.name] = measure_query(contest, query, runs, patience)
            progress(query, results[query.name])
    finally:
        contest.close()
    return results


def measure_query(contest, query, runs, patience):
    """Runs one query over all engines."""
    results = {kind.name: Measured() for kind in contest.kinds}
    answers = {}
    for kind in contest.kinds:
        contest.processes[kind.name].reset_peak_memory()
        answer = contest.ask(kind, query, results[kind.name])
        if answer:
            answers[kind.name] = answer
            results[kind.name].row_count = len(answer.rows)
    check(query, answers, results)
    limit = patience * min((one.elapsed_ms for one in answers.values()), default=0)
    for _ in range(runs):
        for kind in contest.kinds:
            measured = results[kind.name]
            if measured.is_missing or measured.problem and not measured.is_wrong:
                continue
            is_hopeless = kind != contest.kinds[0] and answers[kind.name].elapsed_ms > limit
            if is_hopeless and measured.elapsed_ms:
                continue
            process = contest.processes[kind.name]
            before = process.processor_ms()
            answer = contest.ask(kind, query, measured)
            if answer:
                measured.processor_ms.append(process.processor_ms() - before)
                measured.elapsed_ms.append(answer.elapsed_ms)
                measured.wall_ms.append(answer.wall_ms)
    for kind in contest.kinds:
        results[kind.name].peak_bytes = contest.processes[kind.name].peak_memory()
    return results


def check(query, answers, results):
    """Compares all answers with the referee's."""
    referee = next((name for name in REFEREES if name in answers), None)
    if not referee:
        return
    for name, answer in answers.items():
        problem = difference(answers[referee], answer, query.sql)
        if name != referee and problem:
            results[name].problem = problem
            results[name].is_wrong = True


def progress(query, results):
    """Prints one line as soon as a query is done."""
    parts = []
    for name, measured in results.items():
        time = "-" if measured.median_ms is None else f"{measured.median_ms:.1f}"
        parts.append(f"{name} {time}{' WRONG' if measured.is_wrong else ''}")
    print(f"{query.name}: " + ", ".join(parts), file=sys.stderr)
