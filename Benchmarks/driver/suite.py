"""A suite: queries, and the data they run over. A folder under Benchmarks/suites is one.

`suite.json` holds the title, the folder of the queries (`q*.sql`, one statement each), the tables
and who can write them (data.py). A new suite needs no code here. Where the dialects differ so much
that no text suits all, `q28.peers.sql` holds what the peers are asked instead of `q28.sql`.
"""

import json
import pathlib
import re
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUITES = ROOT / "Benchmarks" / "suites"


@dataclass
class Query:
    """One query of a suite."""

    name: str
    sql: str
    # What the peers are asked.
    peers_sql: str = ""

    def text_for(self, engine):
        """Gives the text in an engine's dialect."""
        return self.sql if engine.startswith("starling") else self.peers_sql or self.sql


@dataclass
class Suite:
    """Describes a suite as its folder does."""

    name: str
    title: str
    queries: list
    tables: list
    # How each writer of the data works, by name.
    writers: dict

    @property
    def folder(self):
        return SUITES / self.name


def suite_names():
    """Lists the suites there are."""
    return sorted(path.parent.name for path in SUITES.glob("*/suite.json"))


def load_suite(name, wanted=""):
    """Reads a suite; `wanted` lists queries by number or name, all if empty."""
    description = json.loads((SUITES / name / "suite.json").read_text())
    folder = ROOT / description["queries"]
    queries = [
        read_query(file) for file in sorted(folder.glob("q*.sql")) if "." not in file.stem
    ]
    if not queries:
        raise SystemExit(f"bench: no queries in {folder.relative_to(ROOT)}")
    if wanted:
        names = {normalized(word) for word in wanted.split(",")}
        queries = [query for query in queries if normalized(query.name) in names]
    return Suite(
        name, description["title"], queries, description["tables"], description["writers"]
    )


def read_query(file):
    """Reads a query, and what the peers are asked where that differs."""
    other = file.with_suffix(".peers.sql")
    return Query(file.stem, file.read_text(), other.read_text() if other.exists() else "")


def normalized(name):
    """Lets `6`, `06` and `q06` name the same query."""
    return re.sub(r"^q?0*", "", name.strip().lower())
