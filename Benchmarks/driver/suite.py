"""A suite: queries, and the data they run over. A folder under Benchmarks/suites is one.

`suite.json` holds the title, the folder of the queries (`q*.sql`, one statement each) and which
maker makes the data, with its tables. A new suite over an existing kind of data needs no code.
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


@dataclass
class Suite:
    """Describes a suite as its folder does."""

    name: str
    title: str
    queries: list
    maker: str
    tables: list


def suite_names():
    """Lists the suites there are."""
    return sorted(path.parent.name for path in SUITES.glob("*/suite.json"))


def load_suite(name, wanted=""):
    """Reads a suite; `wanted` lists queries by number or name, all if empty."""
    description = json.loads((SUITES / name / "suite.json").read_text())
    folder = ROOT / description["queries"]
    queries = [Query(file.stem, file.read_text()) for file in sorted(folder.glob("q*.sql"))]
    if not queries:
        raise SystemExit(f"bench: no queries in {folder.relative_to(ROOT)}")
    if wanted:
        names = {normalized(word) for word in wanted.split(",")}
        queries = [query for query in queries if normalized(query.name) in names]
    data = description["data"]
    return Suite(name, description["title"], queries, data["maker"], data["tables"])


def normalized(name):
    """Lets `6`, `06` and `q06` name the same query."""
    return re.sub(r"^q?0*", "", name.strip().lower())
