"""The process of one run: started without credentials, ended with everything that it started.

Runs in the gate's process.
"""

import contextlib
import os
import select
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_BOOTSTRAP: Final = Path(__file__).with_name("bootstrap.py")
_PASSED_ON: Final = (
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "SYSTEMROOT",
    "SSL_CERT_FILE",
    "LD_LIBRARY_PATH",
)
_CREDENTIAL_FILES: Final = ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE")
_WITHOUT_CREDENTIALS: Final = {
    **dict.fromkeys(_CREDENTIAL_FILES, os.devnull),
    "AWS_EC2_METADATA_DISABLED": "true",
}
_SCRATCH: Final = "TMPDIR"
_PATIENCE_MS: Final = 1_000

_live: set[int] = set()
_live_lock = threading.RLock()  # a signal handler may stop everything while its own thread holds it


def stop_all() -> None:
    """Kill every program that is still running, with everything it started."""
    with _live_lock:
        for group in tuple(_live):
            _kill_group(group)


def environment(scratch: str, named: Iterable[str]) -> dict[str, str]:
    """Return the environment of a program.

    Args:
        scratch: Temporary folder of the run.
        named: Variables that it may see besides those that any process needs.
    """
    passed = {name: os.environ[name] for name in (*_PASSED_ON, *named) if name in os.environ}
    return {**_WITHOUT_CREDENTIALS, **passed, _SCRATCH: scratch, "PYTHONIOENCODING": "utf-8"}


def hidden_variables(named: Iterable[str]) -> list[str]:
    """Return the names of the variables that the gate has and a program does not get.

    Args:
        named: Variables that it may see besides those that any process needs.
    """
    return sorted(set(os.environ) - set(environment("", named)))


def credential_files(named: Iterable[str]) -> tuple[str, ...]:
    """Return the files and folders with AWS credentials that a program may not read.

    Args:
        named: Variables that the program may see; naming one of the AWS files opens them.
    """
    if set(named) & set(_CREDENTIAL_FILES):
        return ()
    elsewhere = (os.environ[name] for name in _CREDENTIAL_FILES if os.environ.get(name))
    return (os.path.expanduser("~/.aws"), *elsewhere)  # noqa: PTH111 - a text is wanted


def temporary_folders() -> tuple[str, ...]:
    """Return the temporary folders of this machine."""
    return tuple({tempfile.gettempdir(), *(("/tmp", "/var/tmp") if os.name == "posix" else ())})  # noqa: S108 - as they are called


@contextlib.contextmanager
def running(interpreter: Path, descriptor: int, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program's process, and end it with all that it started.

    Args:
        interpreter: Python of the program.
        descriptor: Socket that it inherits.
        variables: Its environment, as `environment` gives it.

    Raises:
        OSError: The interpreter cannot be started.
    """
    process = subprocess.Popen(
        [str(interpreter), "-u", str(_BOOTSTRAP), str(descriptor)],
        bufsize=0,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=variables,
        pass_fds=[descriptor],
        start_new_session=True,
    )
    with _live_lock:
        _live.add(process.pid)
    try:
        yield process
    finally:
        _end_all(variables[_SCRATCH])
        _kill_group(process.pid)
        with _live_lock:
            _live.discard(process.pid)
        process.wait()


def describe_end(code: int) -> str:
    """Say how a process ended.

    Args:
        code: Exit code; negative = killed by that signal.
    """
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return f"killed by {signal.Signals(-code).name}"
    return f"killed by signal {-code}"


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _end_all(scratch: str) -> None:
    """End every process of a run, and wait until it has gone, also one that left the process group.

    On Linux they are known by their environment, which holds the run's own folder; elsewhere only the group is ended.
    """
    mark = f"{_SCRATCH}={scratch}".encode()
    for _ in range(3):  # one of them may have started another meanwhile
        found = [pid for pid in _all_processes() if mark in _environment_of(pid).split(b"\0")]
        with contextlib.ExitStack() as stack:
            handles = [handle for handle in map(_handle_of, found) if handle is not None]
            for handle in handles:
                stack.callback(os.close, handle)
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    signal.pidfd_send_signal(handle, signal.SIGKILL)
            for handle in handles:
                _wait_for_end(handle)
        if not handles:
            return


def _handle_of(pid: int) -> int | None:
    """Return a descriptor of a process, which becomes readable when it has ended."""
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None


def _wait_for_end(handle: int) -> None:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.poll(_PATIENCE_MS)


def _all_processes() -> Iterator[int]:
    with contextlib.suppress(OSError):
        yield from (int(name) for name in os.listdir("/proc") if name.isdigit())  # noqa: PTH208 - names are enough


def _environment_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
