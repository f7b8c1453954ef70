"""A dialogue with an engine in a process of its own: one JSON object a line in, one out.

It is the protocol of `starling --exchange`. The peers speak it too (worker.py), so that the rest
of the driver sees all engines alike.
"""

import json
import os
import select
import subprocess
import time
from dataclasses import dataclass, field


class EngineError(Exception):
    """An engine's own error, as opposed to the loss of its process."""

    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message


class EngineLost(Exception):
    """The engine's process ended or stopped answering."""


@dataclass
class Answer:
    """What one statement gave."""

    names: list = field(default_factory=list)
    types: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    elapsed_ms: float = 0.0
    wall_ms: float = 0.0


class Exchange:
    """Runs an engine's process and asks it one statement at a time."""

    def __init__(self, command, threads=None, environment=None, errors=None):
        def pin():
            if threads and hasattr(os, "sched_setaffinity"):
                cores = sorted(os.sched_getaffinity(0))
                os.sched_setaffinity(0, cores[:threads])

        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **(environment or {})},
            preexec_fn=pin,
        )

    def ask(self, sql, timeout=None):
        """Runs one statement; raises the engine's error. After `timeout` seconds it is lost."""
        return self.send({"sql": sql}, timeout)

    def send(self, request, timeout=None):
        """Sends a request and gives its answer, as `ask` does for one of SQL."""
        line = json.dumps(request) + "\n"
        start = time.perf_counter()
        try:
            self.process.stdin.write(line.encode())
            self.process.stdin.flush()
            if timeout and not select.select([self.process.stdout], [], [], timeout)[0]:
                self.process.kill()
                self.process.wait()
                raise EngineLost(f"no answer within {timeout} s")
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = b""
        wall_ms = (time.perf_counter() - start) * 1000
        if not answer:
            self.process.wait()
            raise EngineLost(f"the process ended with status {self.process.returncode}")
        parsed = json.loads(answer)
        if "error" in parsed:
            error = parsed["error"]
            raise EngineError(error.get("kind", "unknown"), error.get("message", ""))
        columns = parsed.get("columns", [])
        return Answer(
            names=[column["name"] for column in columns],
            types=[column["type"] for column in columns],
            rows=parsed.get("rows", []),
            elapsed_ms=parsed.get("elapsed_ms", wall_ms),
            wall_ms=wall_ms,
        )

    def reset_peak_memory(self):
        """Lets the peak be measured anew; does nothing where the system has no such thing."""
        try:
            with open(f"/proc/{self.process.pid}/clear_refs", "w") as file:
                file.write("5")
        except OSError:
            pass

    def peak_memory(self):
        """Gives the largest resident size since the last reset, in bytes."""
        try:
            with open(f"/proc/{self.process.pid}/status") as file:
                for line in file:
                    if line.startswith("VmHWM:"):
                        return int(line.split()[1]) * 1024
        except OSError:
            pass
        return 0

    def processor_ms(self):
        """Gives the time that the process's threads have spent on processors so far."""
        # The system numbers the clocks of processes so; a process's own has the number 2.
        clock = (~self.process.pid << 3) | 2
        try:
            return time.clock_gettime(clock) * 1000
        except OSError:
            return 0.0

    def close(self):
        """Ends the process."""
        try:
            self.process.stdin.close()
            self.process.wait(timeout=5)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
