"""What the benchmarks are made of: servers to measure, loads to put on them, and the table of results."""
