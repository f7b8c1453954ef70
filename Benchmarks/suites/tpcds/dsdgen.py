"""Lets dsdgen, the specification's generator as an extension of DuckDB, make TPC-DS.

Run as `dsdgen.py FOLDER SCALE CODEC`. The extension comes as a package of PyPI, with no download
of its own. The tables go through a database file, so that memory holds no scale factor.
"""

import pathlib
import sys


def main():
    """Writes a Parquet file a table."""
    import duckdb
    import duckdb_extension_tpcds

    folder, scale, codec = pathlib.Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    package = pathlib.Path(duckdb_extension_tpcds.__file__).parent
    extension = next(package.rglob("tpcds.duckdb_extension"))
    database = folder / "dsdgen.duckdb"
    connection = duckdb.connect(str(database))
    connection.execute(f"LOAD '{extension}'")
    connection.execute(f"CALL dsdgen(sf = {scale})")
    for (table,) in connection.execute("SHOW TABLES").fetchall():
        connection.execute(
            f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet, COMPRESSION {codec})"
        )
    connection.close()
    database.unlink()


if __name__ == "__main__":
    main()
