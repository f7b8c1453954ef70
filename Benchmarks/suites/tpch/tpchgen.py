"""Lets tpchgen-cli of PyPI write TPC-H: `tpchgen.py FOLDER SCALE CODEC`."""

import os
import subprocess
import sys
import sysconfig


def main():
    """Writes a Parquet file a table."""
    folder, scale, codec = sys.argv[1:]
    program = os.path.join(sysconfig.get_path("scripts"), "tpchgen-cli")
    level = "(1)" if codec == "zstd" else ""
    subprocess.run(
        [program, "parquet", "-s", scale, "-c", codec.upper() + level, "-q"]
        + ["--output-dir", folder],
        check=True,
    )


if __name__ == "__main__":
    main()
