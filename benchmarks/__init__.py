"""Benchmarks: figures that a command of this repository prints."""
