"""Makes a suite's data once, and finds it again: one Parquet file a table, in Benchmarks/data."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig

from .exchange import EngineError, EngineLost, Exchange
from .suite import ROOT

DATA = ROOT / "Benchmarks" / "data"
# Another build can be measured by naming its executable.
STARLING = pathlib.Path(
    os.environ.get("STARLING_EXECUTABLE") or ROOT / ".build" / "release" / "starling"
)


def find_or_make(suite, scale, codec, writer):
    """Gives the folder with the suite's files, and which program wrote them."""
    for candidate in [writer] if writer else ["starling", "tpchgen"]:
        folder = DATA / suite.name / f"sf{scale}-{codec}-{candidate}"
        if (folder / "done.json").exists():
            return folder, candidate
        partial = folder.with_name(folder.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        print(f"bench: {candidate} writes {suite.title} at scale {scale}", file=sys.stderr)
        try:
            WRITERS[suite.maker, candidate](suite, scale, codec, partial)
        except (EngineError, EngineLost, OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(partial)
            print(f"bench: {candidate} could not: {error}", file=sys.stderr)
            continue
        (partial / "done.json").write_text(json.dumps({"writer": candidate, "scale": scale}))
        partial.rename(folder)
        return folder, candidate
    raise SystemExit("bench: there is no data and nothing could write it")


def write_tpch_with_starling(suite, scale, codec, folder):
    """Lets Starling generate and write TPC-H, with one statement a table."""
    if not STARLING.exists():
        raise OSError("not built; run tools/build")
    engine = Exchange([str(STARLING), "--exchange"])
    try:
        for table in suite.tables:
            engine.ask(
                f"COPY (SELECT * FROM tpch('{table}', {scale})) TO '{folder}/{table}.parquet'"
                f" WITH (format = 'parquet', compression = '{codec}')"
            )
    finally:
        engine.close()


def write_tpch_with_tpchgen(suite, scale, codec, folder):
    """Lets tpchgen-cli of PyPI write TPC-H."""
    program = os.path.join(sysconfig.get_path("scripts"), "tpchgen-cli")
    level = "(1)" if codec == "zstd" else ""
    subprocess.run(
        [program, "parquet", "-s", scale, "-c", codec.upper() + level, "-q"]
        + ["--output-dir", str(folder)],
        check=True,
    )


WRITERS = {
    ("tpch", "starling"): write_tpch_with_starling,
    ("tpch", "tpchgen"): write_tpch_with_tpchgen,
}
