"""Benchmarks: ratios of interleaved runs on one machine, never absolute figures alone. `make bench` runs them."""
