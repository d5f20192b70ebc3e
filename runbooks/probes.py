"""Starts the probe as a process of its own, finds one that still runs, and ends it."""

import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from runbooks.clock import ScaledClock
from runbooks.probing import STOP_SUFFIX

_REPOSITORY: Final = Path(__file__).resolve().parents[1]
_LIFETIME_S: Final = 3600.0
_PATIENCE_S: Final = 10.0
_LOOK_S: Final = 0.02


class ProbeProcess:
    """The probe of one drill.

    Args:
        service: URL that it writes to.
        samples: File that it writes; whoever writes it holds a lock on it.
        clock: Time of the drill.
    """

    def __init__(self, service: str, samples: Path, clock: ScaledClock) -> None:
        self._service = service
        self._samples = samples
        self._clock = clock
        self._stop_file = samples.with_name(samples.name + STOP_SUFFIX)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, unless it still runs."""
        self._stop_file.unlink(missing_ok=True)
        if self.runs():
            return
        arguments = {
            "--service": self._service,
            "--samples": str(self._samples),
            "--origin": repr(self._clock.origin),
            "--scale": repr(self._clock.scale),
            "--lifetime": repr(_LIFETIME_S),
        }
        flat = [part for pair in arguments.items() for part in pair]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "runbooks.probing", *flat],
            cwd=_REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # A Ctrl-C meant for the runner must not end the measurement.
            start_new_session=True,
        )

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._stop_file.touch()
        patience = time.monotonic() + _PATIENCE_S
        while self.runs() and time.monotonic() < patience:
            time.sleep(_LOOK_S)
        if self._process is not None:
            self._process.wait(_PATIENCE_S)
        self._stop_file.unlink(missing_ok=True)

    def runs(self) -> bool:
        """Tell whether a probe writes the samples."""
        if not self._samples.exists():
            return False
        descriptor = os.open(self._samples, os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False
