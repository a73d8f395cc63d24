"""Benchmarks: how fast it is, as ratios to something that anyone can name. `make bench`, never a test."""
