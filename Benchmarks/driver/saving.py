"""Keeps a run: the figures as JSON and as a page, with the circumstances."""

import datetime
import json
import platform

from . import page
from .suite import ROOT

RESULTS = ROOT / "Benchmarks" / "results"


def stamp():
    """Says when the run took place."""
    return {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="minutes")}


def processor():
    """Names the processor."""
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":")[1].strip() for line in file if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def save(name, title, results, kinds, figures, circumstances):
    """Writes the run as JSON and as a page."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    time = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    base = RESULTS / f"{name}-sf{circumstances['scale']}-{time}"
    document = {
        "circumstances": circumstances,
        "summary": figures,
        "queries": {
            query: {name: one.as_json() for name, one in row.items()}
            for query, row in results.items()
        },
    }
    # A scale such as 0.01 has a point of its own.
    base.with_name(base.name + ".json").write_text(json.dumps(document, indent=1) + "\n")
    text = page.render(title, results, kinds, figures, circumstances)
    base.with_name(base.name + ".html").write_text(text)
    print(f"\nsaved {base.relative_to(ROOT)}.json and .html")
