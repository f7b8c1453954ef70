"""`tools/bench shapes`: queries of every shape over data of every distribution."""
