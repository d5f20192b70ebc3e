"""The audit against the calls that it cannot avoid, and on many buckets."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from bench.figures import Figure
from bench.timing import Command, Sample, alternate, median_cpu, median_ratio, median_wall, progress

ROOT: Final = Path(__file__).resolve().parent.parent
BUCKETS: Final = 150
COUNTS: Final = (10_000, 1_000, 0)


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
    timed = alternate({f"scan of {count:,} buckets": _grown("time", count) for count in COUNTS}, rounds)
    seconds = [min(_said(each)["time"] for each in samples) for samples in timed.values()]
    progress("memory of the same")  # once: what is allocated hardly differs from one run to the next
    memory = [_said(_grown("memory", count).run())["memory"] for count in COUNTS]
    return [
        Figure(
            name="Scan time for each bucket, of 10,000 against of 1,000",
            value=_per_bucket(seconds),
            bound=1.2,
            measured=f"{seconds[0]:.1f} s / {seconds[1]:.1f} s",
            floor=f"scan of an empty account {seconds[2]:.1f} s, taken off both; moto's own work is in both",
        ),
        Figure(
            name="Memory that a scan allocates at most for each bucket, of 10,000 against of 1,000",
            value=_per_bucket(memory),
            bound=1.2,
            measured=f"{memory[0]:.0f} MiB / {memory[1]:.1f} MiB",
            floor=f"scan of an empty account {memory[2]:.1f} MiB, taken off both",
        ),
    ]


def _grown(mode: str, count: int) -> Command:
    return _child("audited", mode, str(count))


def _per_bucket(taken: list[float]) -> float:
    """Return what one of many buckets takes against one of few, from what each of COUNTS took."""
    many, few, none = taken
    return (many - none) / COUNTS[0] / ((few - none) / COUNTS[1])


def _child(module: str, *arguments: str, environment: tuple[tuple[str, str], ...] = ()) -> Command:
    return Command([sys.executable, "-m", f"bench.{module}", *arguments], ROOT, environment=environment)


def _said(sample: Sample) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(sample.output)
    return said


def _spent(samples: list[Sample]) -> str:
    return f"{median_wall(samples):.2f} s ({median_cpu(samples):.2f} s CPU)"
