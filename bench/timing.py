"""Runs commands from start to end and measures time and memory."""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SAMPLE_S: Final = 0.05
_KIB: Final = 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of a command.

    Args:
        wall_s: From the start of the process to its end, seconds.
        cpu_s: User and system time of it and everything it started, seconds.
        peak_mib: Largest memory of any one of its processes, MiB.
        output: What it wrote to stdout.
    """

    wall_s: float
    cpu_s: float
    peak_mib: float
    output: str


@dataclass(frozen=True, slots=True)
class Command:
    """What is run, and which exit codes say that it ran.

    Args:
        arguments: Program and arguments.
        folder: Working folder.
        accepted: Exit codes.
        environment: Variables besides the inherited ones.
    """

    arguments: Sequence[str]
    folder: Path
    accepted: tuple[int, ...] = (0,)
    environment: tuple[tuple[str, str], ...] = ()

    def start(self, stdout: int) -> subprocess.Popen[bytes]:
        """Start it, with stdout on a file descriptor."""
        return subprocess.Popen(self.arguments, cwd=self.folder, env=plain_environment(self.environment), stdout=stdout)

    def run(self) -> Sample:
        """Run it and measure.

        Raises:
            RuntimeError: It ended with another exit code.
        """
        started = time.perf_counter()
        reader, writer = os.pipe()
        process = self.start(writer)
        os.close(writer)
        with os.fdopen(reader, "rb") as stream:
            output = stream.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in self.accepted:
            raise RuntimeError(f"{' '.join(self.arguments)} ended with {process.returncode}:\n{output[-2000:]}")
        return Sample(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _KIB, output)

    def run_watched(self) -> tuple[Sample, float]:
        """Run it and return with the sample the largest memory of all its processes together, MiB."""
        started = time.perf_counter()
        process = self.start(subprocess.DEVNULL)
        watch = _Watch(process.pid)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        watch.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in self.accepted:
            raise RuntimeError(f"{' '.join(self.arguments)} ended with {process.returncode}")
        sample = Sample(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _KIB, "")
        return sample, max(watch.peak_mib, sample.peak_mib)


class _Watch(threading.Thread):
    """Adds up the memory of a process and its descendants, over and over. Linux only; elsewhere it sees nothing."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak_mib = 0.0
        self._pid = pid
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(_SAMPLE_S):
            self.peak_mib = max(self.peak_mib, sum(map(_proportional_mib, _family(self._pid))))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _family(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    family = [pid]
    for member in family:
        family += parents.get(member, [])
    return family


def _proportional_mib(pid: int) -> float:
    """Return what a process takes, pages it shares counted in part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / _KIB for line in lines if line.startswith("Pss:")), 0.0)


def plain_environment(more: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """Return the environment without what changes how Python starts, so that every side finds its compiled files."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PULUMI"))}
    return {**plain, **dict(more)}


def alternate(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Sample]]:
    """Run commands in turn, each once to warm up and then `rounds` times, so that noise meets all alike."""
    samples: dict[str, list[Sample]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            sample = command.run()
            progress(f"{name} {number}/{rounds}: {sample.wall_s:.2f} s, {sample.cpu_s:.2f} s CPU")
            if number:
                samples[name].append(sample)
    return samples


def median_wall(samples: Sequence[Sample]) -> float:
    """Return the median wall time, seconds."""
    return statistics.median(sample.wall_s for sample in samples)


def median_cpu(samples: Sequence[Sample]) -> float:
    """Return the median CPU time, seconds."""
    return statistics.median(sample.cpu_s for sample in samples)


def median_ratio(samples: Sequence[Sample], base: Sequence[Sample]) -> float:
    """Return the median of the ratios of runs that were made one after the other."""
    return statistics.median(a.wall_s / b.wall_s for a, b in zip(samples, base, strict=True))


def progress(line: str) -> None:
    """Say on stderr how far the run is."""
    sys.stderr.write(f"  {line}\n")
    sys.stderr.flush()
