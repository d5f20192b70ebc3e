"""What holds for every test: nobody outside this machine is reached, and tools that are not here are not asked for."""

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import pytest

from tests.ledgergate.engine.forked import Original

_NEEDED: Final = {
    "pulumi_cli": shutil.which("pulumi"),
    "oldest_sdk": os.environ.get("LEDGERGATE_OLDEST_SDK"),
}
"""Marker → what a test with it needs; empty where this machine lacks it."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, and count as deselected, what this machine cannot run."""
    missing = [marker for marker, found in _NEEDED.items() if not found]
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in missing)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _refuse_strangers(event: str, args: tuple[Any, ...]) -> None:
    if event != "socket.connect" or args[0].family == socket.AF_UNIX:
        return
    host = args[1][0]
    try:
        near = ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = host == "localhost"
    if not near:
        raise PermissionError(f"a test wanted to reach {host}")


def pytest_configure() -> None:
    """Refuse connections that leave this machine."""
    sys.addaudithook(_refuse_strangers)


@pytest.fixture(scope="session")
def original() -> Iterator[Original]:
    """Return the process in whose copies programs can be run."""
    with closing(Original()) as process:
        yield process


@pytest.fixture(scope="module")
def programs_in_copies(original: Original) -> Iterator[None]:
    """Run the programs of a module's tests in copies."""
    with original.standing_in():
        yield
