"""Programs run in copies of one process that has imported the SDK already.

To import it takes longer than to run a small program, and hundreds of tests run one. What goes on in the copy is what
goes on in a process of its own, from the job on; how such a process is started and ended is tested without this.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import types
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.engine import process

_ORIGINAL: Final = Path(__file__).with_name("original.py")
_BOOTSTRAP: Final = Path(process.__file__).with_name("bootstrap.py")


class Copy:
    """A program's process; as much of `subprocess.Popen` as the engine uses.

    Args:
        output: Descriptor of what it prints.
        told: Descriptor on which its pid and its exit code are told.
    """

    def __init__(self, output: int, told: int) -> None:
        self.stdout = os.fdopen(output, "rb", buffering=0)
        self._told = os.fdopen(told, "r", encoding="ascii")
        self.pid = int(self._told.readline())
        self._code: Future[int] = Future()
        threading.Thread(target=self._await_end, daemon=True).start()

    def _await_end(self) -> None:
        with self._told:
            self._code.set_result(int(self._told.readline() or -signal.SIGKILL))

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code when it has ended.

        Args:
            timeout: Seconds; None to wait as long as it takes.

        Raises:
            subprocess.TimeoutExpired: It is still running.
        """
        try:
            return self._code.result(timeout)
        except TimeoutError:
            raise subprocess.TimeoutExpired("copy", timeout or 0.0) from None


class Original:
    """The process that is copied; started when the first program is run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def copy(self, command: Sequence[str], **options: Any) -> "Copy | subprocess.Popen[bytes]":
        """Start what the engine starts with `subprocess.Popen`; another interpreter gets a process of its own."""
        if Path(command[0]) != Path(sys.executable):
            return subprocess.Popen(command, **options)
        (channel,) = options["pass_fds"]
        printed, prints = os.pipe()
        hears, tells = os.pipe()
        with self._lock:
            self._process = self._process or _started(self._theirs.fileno())
            request = json.dumps(options["env"]).encode()
            socket.send_fds(self._connection, [request], [channel, prints, tells])
        os.close(prints)
        os.close(tells)
        return Copy(printed, hears)

    @contextlib.contextmanager
    def standing_in(self) -> Iterator[None]:
        """Run every program in a copy until the context ends."""
        replaced = types.SimpleNamespace(**vars(subprocess) | {"Popen": self.copy})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(process, "subprocess", replaced)
            yield

    def close(self) -> None:
        """End it."""
        self._theirs.close()
        self._connection.close()
        if self._process is not None:
            self._process.wait()


def _started(descriptor: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        # As text, so that no frame of it counts as a line of the program.
        [sys.executable, "-u", "-c", _ORIGINAL.read_text(encoding="utf-8"), str(descriptor), str(_BOOTSTRAP)],
        stdin=subprocess.DEVNULL,
        env=process.environment("", ()),
        pass_fds=[descriptor],
    )
