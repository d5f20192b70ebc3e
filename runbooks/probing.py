"""The probe: a process of its own that writes a numbered record once a second, whatever becomes of the runner.

It ends by a file beside its samples, or when its time is over.
"""

import argparse
import fcntl
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ledgergate.evidence.samples import INTERVAL_S, Sample, parse_samples
from runbooks.clock import ScaledClock
from runbooks.samples import render_sample
from runbooks.service import HttpService

STOP_SUFFIX: Final = ".stop"
_SHORTEST_TIMEOUT_S: Final = 0.25


def main(arguments: Sequence[str] | None = None) -> None:
    """Take samples until told to stop; nothing is done while another probe writes the same file."""
    parser = argparse.ArgumentParser(prog="python -m runbooks.probing", description=__doc__)
    parser.add_argument("--service", required=True)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--origin", type=float, required=True)
    parser.add_argument("--scale", type=float, required=True)
    parser.add_argument("--lifetime", type=float, required=True, help="seconds of the wall")
    options = parser.parse_args(arguments)
    descriptor = os.open(options.samples, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(0)
    clock = ScaledClock(options.origin, options.scale)
    service = HttpService(options.service, max(_SHORTEST_TIMEOUT_S, INTERVAL_S / options.scale))
    _probe(service, clock, options.samples, descriptor, clock.now() + options.lifetime * options.scale)


def _probe(service: HttpService, clock: ScaledClock, path: Path, descriptor: int, end: float) -> None:
    stop = path.with_name(path.name + STOP_SUFFIX)
    taken = parse_samples(path.read_bytes())
    number = taken[-1].number + 1 if taken else 1
    due = clock.now()
    while clock.now() < end and not stop.exists():
        at, steady = clock.both()
        ok = service.write(number)
        os.write(descriptor, render_sample(Sample(at, number, ok, steady)))
        number += 1
        # What was missed is not made up for: samples lie a second apart or more, never less.
        due = max(due + INTERVAL_S, clock.now())
        clock.wait(due - clock.now())


if __name__ == "__main__":
    main()
