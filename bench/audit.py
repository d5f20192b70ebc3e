"""The audit against the calls that it cannot avoid, and on many buckets."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from bench.figures import Figure
from bench.timing import Command, Sample, alternate, median_cpu, median_ratio, median_wall

ROOT: Final = Path(__file__).resolve().parent.parent
BUCKETS: Final = 150
MANY: Final = 10_000
FEW: Final = 1_000


def figures(rounds: int) -> list[Figure]:
    """Measure both."""
    return [*against_bare_calls(rounds), *growth(min(rounds, 3))]


def against_bare_calls(rounds: int) -> list[Figure]:
    """Measure a scan and the same calls in a thread pool, on one moto server."""
    from bench import audited
    from integration.sandbox import Sandbox

    with Sandbox.server(audited.ACCOUNT, audited.REGION) as sandbox:
        audited.furnish(sandbox.session(), BUCKETS)
        place = tuple(sandbox.environment().items())
        commands = {
            "audit": _child("audited", "audit", environment=place),
            "bare calls": _child("calls", "all", environment=place),
            "clients": _child("calls", "none", environment=place),
        }
        samples = alternate(commands, rounds)
    audit, bare, nothing = samples.values()
    audit_calls, bare_calls = _said(audit[0])["calls"], _said(bare[0])["calls"]
    return [
        Figure(
            name=f"Audit of an account with {BUCKETS} buckets against the bare calls in a thread pool, wall time",
            value=median_ratio(audit, bare),
            bound=1.5,
            measured=f"{_spent(audit)} / {_spent(bare)}",
            floor=f"boto3 and its clients {_spent(nothing)}",
        ),
        Figure(
            name="The same, calls",
            value=audit_calls / bare_calls,
            bound=1.1,
            measured=f"{audit_calls} / {bare_calls}",
            floor="each call once",
        ),
    ]


def growth(rounds: int) -> list[Figure]:
    """Measure time and memory for each bucket, moto in the process of the scan."""
    commands = {f"{count} buckets": _child("audited", "grow", str(count)) for count in (MANY, FEW)}
    samples = alternate(commands, rounds)
    many, few = ([_said(sample) for sample in found] for found in samples.values())
    seconds = [[each["seconds"] for each in found] for found in (many, few)]
    memory = [[each["mib"] for each in found] for found in (many, few)]
    return [
        Figure(
            name=f"Scan time for each bucket, of {MANY:,} against of {FEW:,}",
            value=min(seconds[0]) / MANY / (min(seconds[1]) / FEW),
            bound=1.2,
            measured=f"{min(seconds[0]):.1f} s / {min(seconds[1]):.1f} s",
            floor="moto's own work is in both",
        ),
        Figure(
            name=f"Memory that a scan adds for each bucket, of {MANY:,} against of {FEW:,}",
            value=min(memory[0]) / MANY / (min(memory[1]) / FEW),
            bound=1.2,
            measured=f"{min(memory[0]):.0f} MiB / {min(memory[1]):.1f} MiB",
            floor="buckets and clients are there before",
        ),
    ]


def _child(module: str, *arguments: str, environment: tuple[tuple[str, str], ...] = ()) -> Command:
    return Command([sys.executable, "-m", f"bench.{module}", *arguments], ROOT, environment=environment)


def _said(sample: Sample) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(sample.output)
    return said


def _spent(samples: list[Sample]) -> str:
    return f"{median_wall(samples):.2f} s ({median_cpu(samples):.2f} s CPU)"
