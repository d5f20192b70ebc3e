"""Measures speed and memory against their bounds: `python -m bench`."""
