"""Compares Starling with DuckDB: on queries made at random, and for expected answers."""
