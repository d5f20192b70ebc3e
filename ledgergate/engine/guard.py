"""A guard around the program: no network beyond loopback, no writes outside the temporary folder.

It stops accidents, not attackers: compiled code and subprocesses do not pass the audit hook. On Linux a
network namespace, where one can be made, closes the network for those as well.

Runs inside the program's interpreter: standard library only.
Source: Python audit events, https://docs.python.org/3/library/audit_events.html, read 2026-11-21.
"""

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import sys
import tempfile
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_SIOCGIFFLAGS: Final = 0x8913
_SIOCSIFFLAGS: Final = 0x8914
_IFF_UP: Final = 0x1
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES: Final = {
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.mkdir": (0,),
    "os.rmdir": (0,),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "os.chown": (0,),
    "shutil.rmtree": (0,),
}
"""Audit event → positions of the paths that it changes."""


class GuardError(PermissionError):
    """The program tried something that a judgement at design time must not do."""


def install(*, writable: Sequence[Path] = (), namespace: bool = True) -> bool:
    """Put the guard up for the rest of the process.

    Args:
        writable: Folders that may be written besides the temporary one.
        namespace: Whether to try a network namespace.

    Returns:
        Whether the process has a network of its own now.
    """
    allowed = tuple(_real(folder) for folder in (Path(tempfile.gettempdir()), Path(os.devnull).parent, *writable))
    isolated = namespace and _leave_network()
    sys.addaudithook(_hook(allowed))
    return isolated


def _hook(allowed: tuple[str, ...]) -> Callable[[str, tuple[Any, ...]], None]:
    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            if isinstance(args[2], int) and args[2] & _WRITING:
                _check_write(args[0], allowed)
        elif event in ("socket.connect", "socket.sendto"):
            _check_address(args[1])
        elif event in _CHANGES:
            for position in _CHANGES[event]:
                _check_write(args[position], allowed)

    return watch


def _check_write(path: object, allowed: tuple[str, ...]) -> None:
    if isinstance(path, int) or not isinstance(path, str | bytes | os.PathLike):
        return
    target = _real(Path(os.fsdecode(path)))
    if target.startswith(allowed) or os.sep + "__pycache__" in target:
        return
    message = (
        f"the gate does not let the program write {os.fsdecode(path)}; "
        "only the temporary folder may be written (--allow-writes opens the program's own folder)"
    )
    raise GuardError(message)


def _check_address(address: object) -> None:
    if not isinstance(address, tuple) or not address:
        return
    host = str(address[0])
    with contextlib.suppress(ValueError):
        if ip_address(host.partition("%")[0]).is_loopback:
            return
    if host == "localhost":
        return
    message = f"the gate does not let the program connect to {host}; give what it would fetch with --answers"
    raise GuardError(message)


def _real(path: Path) -> str:
    return os.path.realpath(path)


def _leave_network() -> bool:
    """Move the process into a network of its own with only loopback; tell whether that worked."""
    if not sys.platform.startswith("linux"):
        return False
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with contextlib.suppress(OSError):
            Path("/proc/self", name).write_text(text)
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(probe, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(probe, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))
    return True
