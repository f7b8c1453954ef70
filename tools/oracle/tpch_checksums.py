#!/usr/bin/env python3
"""Prints what Tests/GeneratorsTests expects of the TPC-H generator.

For every table at a scale factor: row count, FNV-1a (64 bits) over the '|'-terminated rows that
tpchgen-cli (PyPI) writes, and the first and last row.

    python3 tools/oracle/tpch_checksums.py [SCALE] [PATH_OF_TPCHGEN_CLI]
"""

import pathlib
import subprocess
import sys
import tempfile


def checksum(text: bytes) -> int:
    state = 0xCBF29CE484222325
    for byte in text:
        state = (state ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return state


def main() -> None:
    scale = sys.argv[1] if len(sys.argv) > 1 else "0.01"
    program = sys.argv[2] if len(sys.argv) > 2 else "tpchgen-cli"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "tbl", "-s", scale, "-o", folder, "--no-progress"], check=True)
        for path in sorted(pathlib.Path(folder).glob("*.tbl")):
            text = path.read_bytes()
            rows = text.splitlines()
            print(f"{path.stem}: {len(rows)} rows, 0x{checksum(text):016x}")
            print("   ", rows[0].decode())
            print("   ", rows[-1].decode())


main()
