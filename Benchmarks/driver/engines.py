"""The engines that are compared, a row each: how its process is started and made ready."""

import importlib.metadata
import importlib.util
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass

from .data import STARLING
from .exchange import Exchange
from .suite import ROOT


@dataclass
class Setting:
    """What all engines of a run share."""

    tables: dict
    threads: int
    folder: object
    # Session settings for Starling, each `name=value`.
    settings: list


def start_starling(setting):
    """Starts Starling with views over the files."""
    engine = started(setting, [str(STARLING), "--exchange"])
    for name, path in setting.tables.items():
        engine.ask(f"CREATE VIEW {name} AS SELECT * FROM '{path}'")
    return engine


def start_starling_tables(setting):
    """Starts Starling over a database of its own, which it makes where there is none yet."""
    folder = setting.folder / "tables.starling"
    made = folder / "made"
    if not made.exists() or made.stat().st_mtime < STARLING.stat().st_mtime:
        shutil.rmtree(folder, ignore_errors=True)
        engine = started(setting, [str(STARLING), str(folder), "--exchange"])
        for name, path in setting.tables.items():
            engine.ask(f"CREATE TABLE {name} AS SELECT * FROM '{path}'")
        engine.close()
        made.touch()
    return started(setting, [str(STARLING), str(folder), "--exchange"])


def started(setting, command):
    """Starts Starling with the session settings of the run."""
    engine = Exchange(command, threads=setting.threads)
    engine.ask("SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'")
    engine.ask(f"SET pipeline_dop = {setting.threads}")
    for assignment in setting.settings:
        engine.ask(f"SET {assignment}")
    return engine


def start_peer(kind, database=None, **more):
    """Makes a function that starts a peer of PyPI in a process of its own."""

    def start(setting):
        options = {"threads": setting.threads, "tables": setting.tables, **more}
        if database:
            options["database"] = str(setting.folder / database)
        # The peers' number of threads is set where each wants it: DataFusion's and DuckDB's by
        # worker.py, the others' before their libraries are loaded.
        return Exchange(
            [sys.executable, "-m", "driver.worker", kind, json.dumps(options)],
            threads=setting.threads,
            environment={
                "PYTHONPATH": str(ROOT / "Benchmarks"),
                "POLARS_MAX_THREADS": str(setting.threads),
                "TOKIO_WORKER_THREADS": str(setting.threads),
            },
        )

    return start


@dataclass
class EngineKind:
    """One engine that can take part."""

    name: str
    title: str
    start: object
    package: str = ""
    # It takes part where it is named only.
    is_optional: bool = False

    @property
    def is_installed(self):
        """Tells whether its package is there."""
        return not self.package or importlib.util.find_spec(self.package) is not None

    def version(self):
        """Tells which version takes part."""
        if self.package:
            return importlib.metadata.version(self.package)
        commit = subprocess.run(
            ["git", "-C", str(ROOT), "describe", "--always", "--dirty"],
            capture_output=True,
            text=True,
        )
        return commit.stdout.strip()


ENGINES = {
    kind.name: kind
    for kind in [
        EngineKind("starling", "Starling", start_starling),
        EngineKind("starling-tables", "Starling, own tables", start_starling_tables),
        EngineKind("duckdb", "DuckDB", start_peer("duckdb"), "duckdb"),
        EngineKind(
            "duckdb-tables", "DuckDB, own tables", start_peer("duckdb", "tables.duckdb"), "duckdb"
        ),
        EngineKind("polars", "Polars", start_peer("polars"), "polars"),
        EngineKind(
            "polars-frames", "Polars, in memory", start_peer("polars", frames=True), "polars", True
        ),
        EngineKind("datafusion", "DataFusion", start_peer("datafusion"), "datafusion"),
        EngineKind(
            "chdb-tables", "chDB, own tables", start_peer("chdb", "tables.chdb"), "chdb", True
        ),
    ]
}
