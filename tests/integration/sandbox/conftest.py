"""A sandbox in this process, empty for every test."""

from collections.abc import Iterator

import pytest

from integration.sandbox import Sandbox

ACCOUNT = "111122223333"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Open a sandbox."""
    with Sandbox.in_process(account=ACCOUNT) as opened:
        yield opened
