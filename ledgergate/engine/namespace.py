"""A network of its own for the program's process, where the operating system lets one be made.

Unlike the audit hook it holds for compiled code and for subprocesses too.
Runs inside the program's interpreter, before anything has started a thread: standard library only.
Source: unshare(2), user_namespaces(7), netdevice(7), read 2026-11-21.
"""

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path
from typing import Final

_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_SIOCGIFFLAGS: Final = 0x8913
_SIOCSIFFLAGS: Final = 0x8914
_IFF_UP: Final = 0x1


def leave_network() -> bool:
    """Move the process into a network that has only its own loopback; tell whether that worked.

    It is tried in a forked copy first: some systems let a namespace be made and then forbid its loopback,
    and there is no way back out of one.
    """
    if not sys.platform.startswith("linux"):
        return False
    copy = os.fork()
    if copy == 0:
        works = False
        with contextlib.suppress(OSError):
            works = _move()
        os._exit(0 if works else 1)
    _, status = os.waitpid(copy, 0)
    return status == 0 and _move()


def _move() -> bool:
    """Prefer a network namespace alone: in a user namespace root may not read what other users own."""
    user, group = os.getuid(), os.getgid()
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(_CLONE_NEWNET) != 0:
        if unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
            return False
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with contextlib.suppress(OSError):
                Path("/proc/self", name).write_text(text)
    return _raise_loopback()


def _raise_loopback() -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(probe, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(probe, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))
    return True
