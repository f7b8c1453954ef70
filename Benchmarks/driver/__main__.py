"""The command line of tools/bench."""

import argparse
import os
import sys

from .data import STARLING, find_or_make
from .engines import ENGINES, Setting
from .measurement import REFEREES, measure
from .report import print_report
from .saving import processor, save, stamp
from .suite import load_suite, suite_names


def parse(arguments):
    """Reads the command line."""
    peers = [name for name in ENGINES if name != "starling"]
    parser = argparse.ArgumentParser(
        prog="tools/bench",
        description="Runs a suite over Starling and its peers, checks and compares.",
    )
    parser.add_argument("suite", choices=suite_names())
    parser.add_argument("--scale", default="1", help="the scale factor (default 1)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=5, help="timed runs a query (default 5)")
    parser.add_argument("--queries", default="", help="such as 1,6,q13; all if not given")
    parser.add_argument(
        "--against",
        default=",".join(name for name in peers if not ENGINES[name].is_optional),
        help=f"which peers take part, of {','.join(peers)} (default %(default)s)",
    )
    parser.add_argument(
        "--without-starling", action="store_true", help="measure the peers alone"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a session setting for Starling, such as query_mem_limit=268435456",
    )
    parser.add_argument("--codec", choices=["snappy", "zstd"], default="snappy")
    parser.add_argument(
        "--writer",
        help="who writes the Parquet files (default: the suite's first writer that can)",
    )
    parser.add_argument(
        "--save", action="store_true", help="write JSON and a page into Benchmarks/results"
    )
    options = parser.parse_args(arguments)
    options.peers = [name for name in options.against.split(",") if name]
    unknown = [name for name in options.peers if name not in peers]
    if unknown:
        parser.error(f"unknown peer: {', '.join(unknown)}; there are {', '.join(peers)}")
    return options


def circumstances_of(options, kinds, writer):
    """Says under which conditions the run took place."""
    facts = {
        **stamp(),
        "suite": options.suite,
        "scale": options.scale,
        "threads": options.threads,
        "runs": options.runs,
        "settings": ", ".join(options.set) or "none",
        "processor": processor(),
        "files": f"Parquet, {options.codec}, written by {writer}",
    }
    facts.update({f"version of {kind.title}": kind.version() for kind in kinds})
    return facts


def main():
    """Runs what the command line asks for; fails when Starling gave a wrong result or none."""
    options = parse(sys.argv[1:])
    suite = load_suite(options.suite, options.queries)
    if options.writer and options.writer not in suite.writers:
        raise SystemExit(f"bench: the writers of {suite.name} are {', '.join(suite.writers)}")
    names = options.peers if options.without_starling else ["starling", *options.peers]
    if "starling" in names and not STARLING.exists():
        raise SystemExit("bench: Starling isn't built; run tools/build")
    if not set(REFEREES) & set(names):
        print("bench: without DuckDB, results aren't checked", file=sys.stderr)
    kinds = [ENGINES[name] for name in names]
    folder, writer = find_or_make(suite, options.scale, options.codec, options.writer)
    tables = {name: str(folder / f"{name}.parquet") for name in suite.tables}
    setting = Setting(tables, options.threads, folder, options.set)
    results = measure(suite, kinds, setting, options.runs)
    figures = print_report(results, kinds)
    if options.save:
        circumstances = circumstances_of(options, kinds, writer)
        title = f"{suite.title} at scale {options.scale}"
        save(suite.name, title, results, kinds, figures, circumstances)
    own = [one for name, one in figures["engines"].items() if name.startswith("starling")]
    sys.exit(1 if any(one["wrong"] or one["failed"] for one in own) else 0)


if __name__ == "__main__":
    main()
