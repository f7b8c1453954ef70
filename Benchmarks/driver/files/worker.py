"""A peer in a process of its own: `python -m driver.files.worker ENGINE THREADS`.

A request is a JSON object a line: the step (`prepare` or `run`), the row, and the files
that it needs. The answer is that of `starling --exchange`; the time covers the step alone.
"""

import json
import sys
import time

from ..worker import answer_for
from .frames import Polars, PyArrow
from .peers import DataFusion, DuckDB, Missing
from .rows import Row

ENGINES = {"duckdb": DuckDB, "polars": Polars, "datafusion": DataFusion, "pyarrow": PyArrow}


def step(engine, request):
    """Does one step."""
    row = Row(**request["row"])
    if request["step"] == "prepare":
        return engine.prepare(row, request["seed"])
    return engine.run(row, request["target"])


def main():
    """Answers requests until the input ends."""
    engine = ENGINES[sys.argv[1]](int(sys.argv[2]))
    for line in sys.stdin:
        try:
            request = json.loads(line)
            start = time.perf_counter()
            table = step(engine, request)
            answer = answer_for(table, (time.perf_counter() - start) * 1000)
        except Missing:
            answer = {"error": {"kind": "missing", "message": "has no such reader or writer"}}
        except BaseException as error:  # Rust's panics aren't ordinary exceptions.
            message = (str(error).strip().split("\n") or [""])[0]
            answer = {"error": {"kind": type(error).__name__, "message": message}}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
