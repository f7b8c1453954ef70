"""The command line of `tools/bench shapes`."""

import argparse
import os
import sys

from ..data import STARLING
from ..engines import ENGINES, Setting
from ..measurement import measure
from ..report import print_processor_times, print_summary, summary
from ..saving import processor, save, stamp
from ..suite import Suite
from . import breadth, groups, joins, orders, texts
from .data import TABLES, find_or_make
from .verdict import print_rows, print_verdict

PEERS = ["duckdb-tables", "polars-frames", "chdb-tables"]
# How far behind the fastest an engine is when its exact time no longer matters.
PATIENCE = 20
ROWS = joins.ROWS + groups.ROWS + texts.ROWS + orders.ROWS + breadth.ROWS


def parse(arguments):
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        prog="tools/bench shapes",
        description="Asks queries of every shape, over data of every distribution.",
    )
    parser.add_argument(
        "--rows", type=int, default=5_000_000, help="how many facts (default 5000000)"
    )
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=5, help="timed runs a row (default 5)")
    parser.add_argument(
        "--only", default="", help="words, parted by commas, of which a row's name holds one"
    )
    installed = [name for name in PEERS if ENGINES[name].is_installed]
    parser.add_argument(
        "--against",
        default=",".join(installed),
        help=f"which peers take part, of {','.join(PEERS)} (default %(default)s)",
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting for Starling"
    )
    parser.add_argument("--list", action="store_true", help="print the rows and do no more")
    parser.add_argument(
        "--save", action="store_true", help="write JSON and a page into Benchmarks/results"
    )
    options = parser.parse_args(arguments)
    options.peers = [name for name in options.against.split(",") if name]
    unknown = [name for name in options.peers if name not in installed]
    if unknown:
        parser.error(f"unknown or not installed: {', '.join(unknown)}")
    words = options.only.lower().split(",")
    options.queries = [
        row.over(options.rows) for row in ROWS if any(word in row.name.lower() for word in words)
    ]
    return options


def main():
    """Runs what the command line asks for; fails when Starling gave a wrong result or none."""
    options = parse(sys.argv[1:])
    if options.list or not options.queries:
        lines = [f"{row.name}\n    {row.sql[:1000]}" for row in options.queries]
        print("\n".join(lines) or "no such row")
        return
    if not STARLING.exists():
        raise SystemExit("bench: Starling isn't built; run tools/build")
    kinds = [ENGINES[name] for name in ["starling-tables", *options.peers]]
    folder = find_or_make(options.rows)
    tables = {name: str(folder / f"{name}.parquet") for name in TABLES}
    setting = Setting(tables, options.threads, folder, options.set)
    suite = Suite("shapes", "Shapes", options.queries, list(TABLES), {})
    results = measure(suite, kinds, setting, options.runs, PATIENCE)
    found = print_rows(results, kinds)
    print_processor_times(results, kinds)
    print()
    figures = summary(results, [kind.name for kind in kinds])
    print_summary(figures, kinds)
    problems = [
        f"{row} {name}: {one.problem}"
        for row, engines in results.items()
        for name, one in engines.items()
        if one.problem
    ]
    print("\n".join(["", *problems]) if problems else "", end="\n" if problems else "")
    print_verdict(found)
    if options.save:
        circumstances = {
            **stamp(),
            "suite": "shapes",
            "scale": options.rows,
            "threads": options.threads,
            "runs": options.runs,
            "settings": ", ".join(options.set) or "none",
            "processor": processor(),
            **{f"version of {kind.title}": kind.version() for kind in kinds},
        }
        figures["against_fastest"] = found
        save("shapes", f"Shapes of {options.rows} facts", results, kinds, figures, circumstances)
    own = figures["engines"]["starling-tables"]
    sys.exit(1 if own["wrong"] or own["failed"] else 0)


if __name__ == "__main__":
    main()
