"""The benchmark driver: runs suites over Starling and its peers, checks and compares."""
