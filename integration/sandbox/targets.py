"""Where moto runs: in this process, or in one of its own."""

import contextlib
import json
import os
import select
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol
from unittest.mock import patch

from integration.sandbox.clients import model_loader
from integration.sandbox.corrections import corrected
from integration.sandbox.errors import SandboxError

LOOPBACK: Final = "127.0.0.1"

SETTINGS: Final[Mapping[str, str]] = {
    # Hundreds of images and 1,300 snapshots that no account owns.
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
}
"""Environment of moto."""

_ONE_ACCOUNT: Final = "MOTO_ACCOUNT_ID"
"""Variable that would make every account the same one."""

_START_S: Final = 60.0
_STOP_S: Final = 5.0
_REPOSITORY: Final = Path(__file__).resolve().parents[2]


class Target(Protocol):
    """A running moto."""

    @property
    def endpoint(self) -> str:
        """URL; empty when it runs in this process."""
        ...

    def wait(self) -> None:
        """Return when it has ended by itself."""
        ...

    def reset(self) -> None:
        """Take everything out of every account."""
        ...


class InProcess:
    """Moto in this process: every botocore client of it reaches moto and nothing else."""

    endpoint = ""

    def wait(self) -> None:
        """Return: it ends with its process."""

    def reset(self) -> None:
        """Take everything out of every account."""
        from moto.core.base_backend import BackendDict

        BackendDict.reset()


class Server:
    """Moto in a process of its own.

    Args:
        endpoint: URL.
        process: The process.
    """

    def __init__(self, endpoint: str, process: "subprocess.Popen[bytes]") -> None:
        self.endpoint = endpoint
        self._process = process

    def wait(self) -> None:
        """Return when the process has ended."""
        self._process.wait()

    def reset(self) -> None:
        """Take everything out of every account."""
        request = urllib.request.Request(f"{self.endpoint}/moto-api/reset", method="POST")  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request, timeout=_START_S):  # noqa: S310 - loopback
                pass
        except (urllib.error.URLError, TimeoutError) as error:
            raise SandboxError(f"the sandbox at {self.endpoint} does not answer: {error}") from None


_in_process = False


@contextlib.contextmanager
def in_process() -> Iterator[Target]:
    """Run moto in this process.

    Raises:
        SandboxError: There is one already; they would share everything.
    """
    global _in_process  # noqa: PLW0603 - moto's state is the process's too
    if _in_process:
        raise SandboxError("there is a sandbox in this process already", "Close it first, or use Sandbox.server.")
    from moto import mock_aws

    _in_process = True
    try:
        # Moto reads the models that its clients have read: neither changes them.
        models = patch("moto.core.utils.create_loader", model_loader)
        with patch.dict(os.environ, SETTINGS), models, corrected(), mock_aws():
            os.environ.pop(_ONE_ACCOUNT, None)
            yield InProcess()
    finally:
        _in_process = False


@contextlib.contextmanager
def server(port: int = 0) -> Iterator[Target]:
    """Run moto on loopback in a process that ends with this one, however this one ends.

    Args:
        port: TCP port; 0 = one that is free.

    Raises:
        SandboxError: It could not be started.
    """
    path = os.pathsep.join(filter(None, (str(_REPOSITORY), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, **SETTINGS, "PYTHONPATH": path}
    environment.pop(_ONE_ACCOUNT, None)
    process = subprocess.Popen(
        [sys.executable, "-m", "integration.sandbox.server", str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        # Ctrl-C is for whoever waits here; it ends the server in its own time.
        start_new_session=True,
    )
    try:
        yield Server(_endpoint(process), process)
    finally:
        _stop(process)


def _endpoint(process: "subprocess.Popen[bytes]") -> str:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    ready, _, _ = select.select([process.stdout], [], [], _START_S)
    line = process.stdout.readline() if ready else b""
    if not line:
        raise SandboxError("the sandbox could not be started", _complaint(process))
    return str(json.loads(line)["endpoint"])


def _complaint(process: "subprocess.Popen[bytes]") -> str:
    process.kill()
    _, said = process.communicate()
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "It ended without a word."


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Close the pipe, which is what the server lives by; wait for it, and make sure."""
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
