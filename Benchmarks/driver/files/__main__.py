"""The command line of `tools/bench files`."""

import argparse
import os
import sys

from ..data import DATA, STARLING
from ..engines import EngineKind
from ..report import print_processor_times, print_report
from ..saving import processor, save, stamp
from .contest import measure
from .data import make_files
from .rows import FORMATS, READS, WRITE, all_rows
from .verdict import MEASURES, print_verdict, verdict

ENGINES = {
    kind.name: kind
    for kind in [
        EngineKind("starling", "Starling", None),
        EngineKind("duckdb", "DuckDB", None, "duckdb"),
        EngineKind("polars", "Polars", None, "polars"),
        EngineKind("datafusion", "DataFusion", None, "datafusion"),
        EngineKind("pyarrow", "pyarrow", None, "pyarrow"),
    ]
}


def parse(arguments):
    """Reads the command line."""
    tasks = [*READS, WRITE]
    parser = argparse.ArgumentParser(
        prog="tools/bench files",
        description="Reads and writes files of each format with Starling and its peers.",
    )
    parser.add_argument("--scale", default="1", help="the scale factor (default 1)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=5, help="timed runs a row (default 5)")
    choices = {"formats": list(FORMATS), "tasks": tasks, "engines": list(ENGINES)}
    for name, known in choices.items():
        words = ",".join(known)
        parser.add_argument(f"--{name}", default=words, help="of " + words.replace("%", "%%"))
    parser.add_argument(
        "--save", action="store_true", help="write JSON and a page into Benchmarks/results"
    )
    options = parser.parse_args(arguments)
    for name, known in choices.items():
        wanted = getattr(options, name).split(",")
        unknown = [word for word in wanted if word not in known]
        if unknown:
            parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(known)}")
        setattr(options, name, wanted)
    return options


def main():
    """Runs what the command line asks for; fails when Starling gave a wrong result or none."""
    options = parse(sys.argv[1:])
    if not STARLING.exists():
        raise SystemExit("bench: Starling isn't built; run tools/build")
    kinds = [ENGINES[name] for name in options.engines]
    folder, facts = make_files(options.scale, options.formats)
    rows = all_rows(folder, facts, options.formats, options.tasks)
    seed = folder / "lineitem.seed.parquet"
    results = measure(rows, kinds, options.threads, options.runs, seed, DATA / "files" / "written")
    figures = print_report(results, kinds)
    print_processor_times(results, kinds)
    found = {
        name: {kind.name: verdict(results, kind.name, name) for kind in kinds}
        for name in MEASURES
    }
    for name, verdicts in found.items():
        print_verdict(verdicts[kinds[0].name], kinds[0].title, name)
    if options.save:
        circumstances = {
            **stamp(),
            "suite": "files",
            "scale": options.scale,
            "threads": options.threads,
            "runs": options.runs,
            "processor": processor(),
            **{f"version of {kind.title}": kind.version() for kind in kinds},
        }
        figures["verdicts"] = found
        title = f"Files of lineitem at scale {options.scale}"
        save("files", title, results, kinds, figures, circumstances)
    own = figures["engines"].get("starling", {"wrong": 0, "failed": 0})
    sys.exit(1 if own["wrong"] or own["failed"] else 0)


if __name__ == "__main__":
    main()
