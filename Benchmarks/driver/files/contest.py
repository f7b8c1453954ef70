"""Runs the rows over the engines, in turns, and checks every result.

1. Each engine has a process of its own, pinned to the same cores, for all rows.
2. Row by row, each engine does it once untimed. What it answers and what it wrote is
   compared with what DuckDB finds in the row's file.
3. Then the engines take turns, so that what disturbs the machine disturbs all.
"""

import os
import random
import sys
from dataclasses import asdict, dataclass

from ..comparison import difference
from ..data import STARLING
from ..exchange import Answer, EngineError, EngineLost, Exchange
from ..measurement import Measured, progress
from ..suite import ROOT
from ..worker import answer_for
from .peers import DuckDB, Missing, codec_of, kind_of
from .rows import WRITE, Row


class StarlingFiles:
    """Starling behind the steps of a row."""

    def __init__(self, threads):
        self.process = Exchange([str(STARLING), "--exchange"], threads=threads)
        self.process.ask(f"SET pipeline_dop = {threads}")
        self.has_kept = False

    def prepare(self, row, seed):
        if row.task == WRITE and not self.has_kept:
            self.process.ask(f"CREATE TABLE kept AS SELECT * FROM '{seed}'")
            self.has_kept = True

    def run(self, row, target):
        if row.task == WRITE:
            # No peer waits for the disk.
            options = f"FORMAT {kind_of(row)}, DURABLE false"
            if kind_of(row) == "parquet":
                options += f", COMPRESSION {codec_of(row)}"
            return self.process.ask(f"COPY kept TO '{target}' ({options})")
        return self.process.ask(row.sql(f"'{row.path}'", "length"))


class PeerFiles:
    """A peer behind the steps of a row."""

    def __init__(self, name, threads):
        environment = {
            "PYTHONPATH": str(ROOT / "Benchmarks"),
            "POLARS_MAX_THREADS": str(threads),
            "TOKIO_WORKER_THREADS": str(threads),
        }
        command = [sys.executable, "-m", "driver.files.worker", name, str(threads)]
        self.process = Exchange(command, threads=threads, environment=environment)

    def prepare(self, row, seed):
        self.process.send({"step": "prepare", "row": asdict(row), "seed": str(seed)})

    def run(self, row, target):
        return self.process.send({"step": "run", "row": asdict(row), "target": str(target)})


def start(name, threads):
    return StarlingFiles(threads) if name == "starling" else PeerFiles(name, threads)


@dataclass
class Contest:
    """Keeps the engines' processes, starting one again that was lost."""

    kinds: list
    threads: int
    seed: object
    # Where what the engines write goes.
    folder: object

    def __post_init__(self):
        self.engines = {kind.name: start(kind.name, self.threads) for kind in self.kinds}
        self.referee = DuckDB(self.threads)

    def attempt(self, kind, measured, work):
        """Does some work with an engine, noting a failure; None then."""
        try:
            return work(self.engines[kind.name])
        except EngineError as error:
            # Starling's own word for a format that it doesn't write.
            measured.is_missing = error.kind == "missing" or "cannot be written" in error.message
            measured.problem = "" if measured.is_missing else str(error)
        except EngineLost as error:
            measured.problem = str(error)
            self.engines[kind.name] = start(kind.name, self.threads)
        return None

    def target(self, kind, row):
        return self.folder / f"{kind.name}.{row.path.rpartition('.')[2]}"

    def measure(self, row, runs):
        """Runs one row over all engines."""
        results = {kind.name: Measured() for kind in self.kinds}
        for kind in self.kinds:
            measured = results[kind.name]
            self.engines[kind.name].process.reset_peak_memory()
            answer = self.attempt(kind, measured, lambda engine: self.first(engine, kind, row))
            if answer:
                measured.row_count = len(answer.rows)
                problem = difference(self.expected(row), answer, row.sql("", ""))
                measured.is_wrong = bool(problem)
                measured.problem = problem or ""
        for number in range(runs):
            # What a run leaves to the next, in the memory of files above all, is not always for the
            # same engine: neither the first one nor who follows whom.
            for kind in random.Random(number).sample(self.kinds, len(self.kinds)):
                one = results[kind.name]
                if not one.is_missing and (not one.problem or one.is_wrong):
                    self.once(kind, row, results[kind.name])
        for kind in self.kinds:
            results[kind.name].peak_bytes = self.engines[kind.name].process.peak_memory()
        progress(row, results)
        return results

    def first(self, engine, kind, row):
        """Does a row untimed and gives what there is to compare."""
        target = self.target(kind, row)
        engine.prepare(row, self.seed)
        answer = engine.run(row, target)
        if row.task == WRITE:
            return self.judged(Row(row.form, "check", str(target), row.facts))
        return answer

    def once(self, kind, row, measured):
        """Does a row with the clock running."""
        self.attempt(kind, measured, lambda engine: engine.prepare(row, self.seed))
        process = self.engines[kind.name].process
        before = process.processor_ms()
        target = self.target(kind, row)
        answer = self.attempt(kind, measured, lambda engine: engine.run(row, target))
        if answer:
            measured.processor_ms.append(process.processor_ms() - before)
            measured.elapsed_ms.append(answer.elapsed_ms)
            measured.wall_ms.append(answer.wall_ms)
        if row.task == WRITE:
            self.target(kind, row).unlink(missing_ok=True)

    def expected(self, row):
        """Gives what the referee says of the row's file."""
        if row.task == WRITE:
            return self.judged(Row(row.form, "check", row.path, row.facts))
        return self.judged(row)

    def judged(self, row):
        """Asks DuckDB, in formats that it doesn't read over the rows that the file was made of."""
        try:
            table = self.referee.run(row, None)
        except Missing:
            table = self.referee.run(Row("parquet", row.task, str(self.seed), row.facts), None)
        answer = answer_for(table, 0)
        return Answer(
            [column["name"] for column in answer["columns"]],
            [column["type"] for column in answer["columns"]],
            answer["rows"],
        )

    def close(self):
        for engine in self.engines.values():
            engine.process.close()


def measure(rows, kinds, threads, runs, seed, folder):
    """Gives for each row's name, for each engine's name, what was measured."""
    os.makedirs(folder, exist_ok=True)
    contest = Contest(kinds, threads, seed, folder)
    try:
        return {row.name: contest.measure(row, runs) for row in rows}
    finally:
        contest.close()
