"""The gate against the bare program: time, growth, memory, two stacks at once."""

import json
import shutil
import statistics
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from bench.figures import Figure
from bench.timing import Command, Sample, alternate, median_cpu, median_ratio, median_wall, progress
from ledgergate.report.forms import FORMS

ROOT: Final = Path(__file__).resolve().parent.parent
PROGRAM: Final = Path(__file__).with_name("estate")
BARE: Final = Path(__file__).with_name("bare.py")

RESOURCES_PER_UNIT: Final = 30
UNITS: Final = 20
LARGE_UNITS: Final = 200
JUDGED: Final = (0, 1, 3)
"""Exit codes of a gate that has judged everything: the estate is not written to pass."""


def copied(folder: Path) -> Path:
    """Copy the program into `folder`, with two stacks; return where it lies."""
    program = folder / "estate"
    shutil.copytree(PROGRAM, program, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(program / "Pulumi.bench.yaml", program / "Pulumi.twin.yaml")
    return program


def bare(program: Path, units: int) -> Command:
    """Return the program under the SDK's mocks."""
    config = json.dumps({"aws:region": "eu-central-1", "estate:units": str(units)})
    return Command([sys.executable, str(BARE), str(program), config], ROOT)


def gated(program: Path, units: int, *more: str, stacks: tuple[str, ...] = ("bench",)) -> Command:
    """Return the gate on the program."""
    chosen = [word for stack in stacks for word in ("--stack", stack)]
    options = ["--config", f"units={units}", "--format", "json", "--output", str(program / "findings.json"), *more]
    return Command([sys.executable, "-m", "policies.gate", str(program), *chosen, *options], ROOT, accepted=JUDGED)


def reported(program: Path, *forms: str) -> Command:
    """Return the gate on 600 resources, its text on standard output and a file for each further format."""
    files = [word for form in forms for word in ("--output", f"{form}:{program / form}")]
    options = ["--stack", "bench", "--config", f"units={UNITS}", *files]
    return Command([sys.executable, "-m", "policies.gate", str(program), *options], ROOT, accepted=JUDGED)


def engine(program: Path, units: int, mode: str) -> Command:
    """Return the program in the embedded engine, `fast` or `plain`."""
    return Command([sys.executable, "-m", "bench.engine", str(program), json.dumps([f"units={units}"]), mode], ROOT)


def speed(program: Path, rounds: int) -> list[Figure]:
    """Measure one stack of 600 resources."""
    samples = alternate(
        {
            "gate, 600 resources": gated(program, UNITS),
            "bare, 600 resources": bare(program, UNITS),
            "bare, no resource": bare(program, 0),
            "gate, no resource": gated(program, 0),
            "engine with the fast path": engine(program, UNITS, "fast"),
            "engine without": engine(program, UNITS, "plain"),
        },
        rounds,
    )
    gate, program_alone, imports, _, fast, plain = samples.values()
    floor = f"imports of the program {_spent(imports)}"
    details = {name: _details(found) for name, found in samples.items()}
    return [
        Figure(
            name="Gate on 600 resources against the bare program",
            value=median_ratio(gate, program_alone),
            bound=1.0,
            measured=f"{_spent(gate)} / {_spent(program_alone)}",
            floor=floor,
            details=details,
        ),
        Figure(
            name="Engine alone on 600 resources, with the fast path against without",
            value=median_ratio(fast, plain),
            bound=1.0,
            measured=f"{_spent(fast)} / {_spent(plain)}",
            floor=floor,
            details={"patches": fast[0].output.split()[1:]},
        ),
    ]


def growth(program: Path, rounds: int) -> list[Figure]:
    """Measure 6,000 resources: time for each of them, and memory."""
    samples = alternate(
        {
            "gate, 6,000 resources": gated(program, LARGE_UNITS),
            "gate, 600 resources": gated(program, UNITS),
            "gate, no resource": gated(program, 0),
        },
        rounds,
    )
    large, small, none = (median_cpu(found) for found in samples.values())
    each = _per_unit(median_cpu, samples)
    walls = " / ".join(f"{median_wall(found):.2f} s" for found in list(samples.values())[:2])
    wall = _per_unit(median_wall, samples)
    sides = {"gate": gated(program, LARGE_UNITS), "bare": bare(program, LARGE_UNITS), "floor": bare(program, 0)}
    memory = {name: _memory(command, name, rounds) for name, command in sides.items()}
    gate_mib, bare_mib, floor_mib = map(statistics.median, memory.values())
    return [
        Figure(
            name="CPU time for each resource, of 6,000 against of 600",
            value=each,
            bound=1.2,
            measured=f"{large:.2f} s / {small:.2f} s CPU ({walls} wall, ratio {wall:.2f})",
            floor=f"gate without resources {none:.2f} s CPU, taken off both",
            details={name: _details(found) for name, found in samples.items()},
        ),
        Figure(
            name="Memory on 6,000 resources against the bare program",
            value=gate_mib / bare_mib,
            bound=1.15,
            measured=f"{gate_mib:.0f} MiB, all processes / {bare_mib:.0f} MiB",
            floor=f"imports of the program {floor_mib:.0f} MiB",
            details=memory,
        ),
    ]


def _per_unit(median: Callable[[list[Sample]], float], samples: Mapping[str, list[Sample]]) -> float:
    """Return what one of many resources takes against one of few, start and end of the gate taken off."""
    large, small, none = (median(found) for found in samples.values())
    return (large - none) / LARGE_UNITS / ((small - none) / UNITS)


def _memory(command: Command, name: str, rounds: int) -> list[float]:
    progress(f"memory on 6,000 resources, {name}")
    return [command.run_watched()[1] for _ in range(rounds)]


def parallel(program: Path, rounds: int) -> list[Figure]:
    """Measure two stacks of 600 resources at once."""
    samples = alternate(
        {
            "two stacks": gated(program, UNITS, stacks=("bench", "twin")),
            "first alone": gated(program, UNITS, stacks=("bench",)),
            "second alone": gated(program, UNITS, stacks=("twin",)),
        },
        rounds,
    )
    both, first, second = samples.values()
    ratios = [a.wall_s / (b.wall_s + c.wall_s) for a, b, c in zip(both, first, second, strict=True)]
    return [
        Figure(
            name="Two stacks at once against one after the other",
            value=statistics.median(ratios),
            bound=0.65,
            measured=f"{median_wall(both):.2f} s / ({median_wall(first):.2f} s + {median_wall(second):.2f} s)",
            floor="0.5 on two cores",
            details={name: _details(found) for name, found in samples.items()},
        )
    ]


def formats(program: Path, rounds: int) -> list[Figure]:
    """Measure what it takes to write every format beside the text: five more reports, 6 % for each."""
    further = sorted(set(FORMS) - {"text"})
    samples = alternate(
        {
            "text": reported(program),
            "every format": reported(program, *further),
            "libraries": Command([sys.executable, "-c", "import jinja2, junitparser"], ROOT),
        },
        rounds,
    )
    text, everything, libraries = samples.values()
    return [
        Figure(
            name="Gate on 600 resources with every format at once against with text alone",
            value=median_ratio(everything, text),
            bound=1.3,
            measured=f"{_spent(everything)} / {_spent(text)}",
            floor=f"imports of jinja2 and junitparser {_spent(libraries)}",
            details={name: _details(found) for name, found in samples.items()},
        )
    ]


def _spent(samples: list[Sample]) -> str:
    return f"{median_wall(samples):.2f} s ({median_cpu(samples):.2f} s CPU)"


def _details(samples: list[Sample]) -> dict[str, float]:
    return {
        "runs": len(samples),
        "wall_s": median_wall(samples),
        "least_s": min(sample.wall_s for sample in samples),
        "most_s": max(sample.wall_s for sample in samples),
        "cpu_s": median_cpu(samples),
        "largest_process_mib": max(sample.peak_mib for sample in samples),
    }
