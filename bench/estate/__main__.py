"""A program of the size that the benchmarks time: `units` × 30 resources."""

import pulumi
import unit

for number in range(pulumi.Config().require_int("units")):
    made = unit.Unit(f"unit{number:04d}", number)
    pulumi.export(made.label, made.exports)
