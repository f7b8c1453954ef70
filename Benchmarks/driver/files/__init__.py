"""`tools/bench files`: reading and writing files, every format, all engines in one run."""
