"""A guard around the program: no network beyond loopback, no writes but temporary ones, no AWS credentials.

It stops accidents, not attackers: the hook sees what Python code does, not what compiled code or a subprocess
does, and code in the same process can get at its memory. `namespace` closes the network for those as well.

Runs inside the program's interpreter: standard library only.
Source: Python audit events, https://docs.python.org/3/library/audit_events.html, read 2026-11-21.
"""

import os
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from ledgergate.engine.sources import is_program_file

_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NO_FOLDER: Final = -1
_CHANGES: Final = {
    "os.remove": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)),
    "os.mkdir": ((0, 2),),
    "os.rmdir": ((0, 1),),
    "os.link": ((1, 3),),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "shutil.rmtree": ((0, 1),),
}
"""Audit event → positions of each path that it changes and of the open folder that path starts from."""

Check = Callable[[tuple[Any, ...]], None]


class GuardError(PermissionError):
    """The program tried something that a judgement at design time must not do."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a program may touch. Paths are absolute.

    Args:
        scratch: Temporary folder of this run, always writable.
        own: Folders of the program.
        own_writable: Whether the program may write there.
        temporary: Temporary folders of the machine; writable except for what lies in `own`.
        hidden: Files and folders that may not even be read.
    """

    scratch: Path
    own: tuple[Path, ...] = ()
    own_writable: bool = False
    temporary: tuple[Path, ...] = ()
    hidden: tuple[Path, ...] = ()


@dataclass(slots=True)
class Guard:
    """The guard of this process.

    Args:
        refused: What it refused, in order, each once.
    """

    refused: list[str] = field(default_factory=list)

    def install(self, rules: Rules) -> None:
        """Put the guard up for the rest of the process: an audit hook cannot be taken away."""
        sys.addaudithook(_hook(_checks(rules, self._refuse)))

    def _refuse(self, message: str) -> None:
        if message not in self.refused:
            self.refused.append(message)
        raise GuardError(message)


def _hook(checks: Mapping[str, Check]) -> Callable[[str, tuple[Any, ...]], None]:
    find = dict(checks).get

    def watch(event: str, args: tuple[Any, ...]) -> None:
        check = find(event)
        if check is not None:
            check(args)

    return watch


def _checks(rules: Rules, refuse: Callable[[str], None]) -> dict[str, Check]:
    network, lookup = _network_checks(refuse)
    change = _write_check(rules, refuse)
    checks: dict[str, Check] = {
        "open": _open_check(change, rules.hidden, refuse),
        "socket.connect": lambda args: network(args[0].family, args[1]),
        "socket.sendto": lambda args: network(args[0].family, args[1]),
        "socket.sendmsg": lambda args: network(args[0].family, args[1]),
        "socket.getaddrinfo": lambda args: lookup(args[0]),
        "socket.gethostbyname": lambda args: lookup(args[0]),
        "socket.gethostbyaddr": lambda args: lookup(args[0]),
        "socket.getnameinfo": lambda args: lookup(args[0][0]),
    }
    for event, places in _CHANGES.items():
        checks[event] = _change_check(places, change)
    return checks


def _open_check(change: Callable[[object], None], hidden: tuple[Path, ...], refuse: Callable[[str], None]) -> Check:
    files, folders = frozenset(map(str, hidden)), tuple(f"{path}{os.sep}" for path in hidden)
    decode, writing = os.fsdecode, _WRITING

    def check(args: tuple[Any, ...]) -> None:
        path, _, flags = args
        if isinstance(path, int):
            return
        name = decode(path)
        if name in files or name.startswith(folders):
            refuse(f"the gate does not let the program read {name}: it judges without AWS credentials")
        if isinstance(flags, int) and flags & writing:
            change(path)

    return check


def _change_check(places: tuple[tuple[int, int | None], ...], change: Callable[[object], None]) -> Check:
    join, follow, decode = os.path.join, os.readlink, os.fsdecode

    def check(args: tuple[Any, ...]) -> None:
        for position, folder_position in places:
            path = args[position]
            folder = args[folder_position] if folder_position is not None and folder_position < len(args) else None
            if isinstance(folder, int) and folder != _NO_FOLDER and not isinstance(path, int):
                try:
                    path = join(follow(f"/proc/self/fd/{folder}"), decode(path))
                except OSError:
                    return  # a system that does not tell where an open folder lies
            change(path)

    return check


def _write_check(rules: Rules, refuse: Callable[[str], None]) -> Callable[[object], None]:
    real, decode, separator = os.path.realpath, os.fsdecode, os.sep
    devices = (os.devnull, "/dev/tty", "/dev/shm", "/dev/fd", real("/proc/self"))  # noqa: S108 - recognised, not used
    always = _prefixes((rules.scratch, *map(Path, devices), *(rules.own if rules.own_writable else ())))
    own, temporary = _prefixes(rules.own), _prefixes(rules.temporary)

    def change(path: object) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        target = real(decode(path)) + separator
        if target.startswith(always):
            return
        if f"{separator}__pycache__{separator}" in target and not is_program_file(target):
            return
        if target.startswith(temporary) and not target.startswith(own):
            return
        refuse(
            f"the gate does not let the program write {decode(path)}; only temporary folders may be written "
            "(--allow-writes opens the program's own folder)"
        )

    return change


def _prefixes(folders: tuple[Path, ...]) -> tuple[str, ...]:
    return tuple(os.path.realpath(folder).rstrip(os.sep) + os.sep for folder in folders)


def _network_checks(
    refuse: Callable[[str], None],
) -> tuple[Callable[[int, object], None], Callable[[object], None]]:
    """Return a check of where a socket goes and one of which name is looked up."""
    parse, families = ip_address, (socket.AF_INET, socket.AF_INET6)
    here = frozenset(("", "localhost", socket.gethostname()))

    def check(host: object, *, literals: bool) -> None:
        name = os.fsdecode(bytes(host)) if isinstance(host, bytes | bytearray) else str(host or "")
        if name in here:
            return
        try:
            address = parse(name.partition("%")[0])
            local = literals or address.is_loopback or address.is_unspecified
        except ValueError:
            local = False
        if not local:
            refuse(
                f"the gate does not let the program reach {name} over the network; give what it would fetch "
                "with --answers or --config"
            )

    def go(family: int, address: object) -> None:
        if family in families and isinstance(address, tuple) and address:
            check(address[0], literals=False)

    def look_up(host: object) -> None:
        check(host, literals=True)

    return go, look_up
