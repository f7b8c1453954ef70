"""Makes a suite's data once, and finds it again: one Parquet file a table, in Benchmarks/data.

A suite's description lists who can write its data, in order of preference:

- `{"rows": "tpch('{table}', {scale})"}` lets Starling write what this table function gives;
- `{"select": "{table}.sql"}` lets it write what a statement in the suite's folder gives, in which
  `{scale}` stands for the scale;
- `{"script": "make.py"}` runs a script of the suite's folder with FOLDER, SCALE and CODEC. With
  `"requirements": "requirements.txt"` it has a Python environment of its own. It ends with status
  77 where what it makes the data of is absent; then the suite is skipped.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

from .exchange import EngineError, EngineLost, Exchange
from .suite import ROOT

NOTHING_TO_MAKE_OF = 77
DATA = ROOT / "Benchmarks" / "data"
# Another build can be measured by naming its executable.
STARLING = pathlib.Path(
    os.environ.get("STARLING_EXECUTABLE") or ROOT / ".build" / "release" / "starling"
)


def find_or_make(suite, scale, codec, writer):
    """Gives the folder with the suite's files, and which program wrote them."""
    for candidate in [writer] if writer else suite.writers:
        folder = DATA / suite.name / f"sf{scale}-{codec}-{candidate}"
        if (folder / "done.json").exists():
            return folder, candidate
        partial = folder.with_name(folder.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        print(f"bench: {candidate} writes {suite.title} at scale {scale}", file=sys.stderr)
        try:
            write(suite, candidate, scale, codec, partial)
        except (EngineError, EngineLost, OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(partial)
            if getattr(error, "returncode", None) == NOTHING_TO_MAKE_OF:
                print(f"bench: skipped {suite.title}: its source is absent", file=sys.stderr)
                raise SystemExit(0)
            print(f"bench: {candidate} could not: {error}", file=sys.stderr)
            continue
        (partial / "done.json").write_text(json.dumps({"writer": candidate, "scale": scale}))
        partial.rename(folder)
        return folder, candidate
    raise SystemExit("bench: there is no data and nothing could write it")


def write(suite, writer, scale, codec, folder):
    """Lets a writer do its work."""
    description = suite.writers[writer]
    if "rows" in description or "select" in description:
        write_with_starling(suite, description, scale, codec, folder)
        return
    python = sys.executable
    if "requirements" in description:
        environment = ROOT / f".venv-{suite.name}"
        requirements = suite.folder / description["requirements"]
        subprocess.run([ROOT / "tools" / "venv", environment, requirements], check=True)
        python = environment / "bin" / "python"
    script = suite.folder / description["script"]
    subprocess.run([python, script, folder, scale, codec], check=True)


def write_with_starling(suite, description, scale, codec, folder):
    """Lets Starling write the tables, with one statement each."""
    if not STARLING.exists():
        raise OSError("not built; run tools/build")
    engine = Exchange([str(STARLING), "--exchange"])
    try:
        for table in suite.tables:
            if "rows" in description:
                text = "SELECT * FROM " + description["rows"].format(table=table, scale=scale)
            else:
                file = suite.folder / description["select"].format(table=table)
                text = file.read_text().replace("{scale}", scale)
            engine.ask(
                f"COPY ({text}) TO '{folder}/{table}.parquet'"
                f" WITH (format = 'parquet', compression = '{codec}')"
            )
    finally:
        engine.close()
