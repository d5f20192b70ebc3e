"""Behaviour probes: what no describe call tells is tried, by a pytest suite of its own."""
