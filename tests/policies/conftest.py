"""Programs are run by the hundred here; how a program's process starts and ends, the engine's tests show."""

from collections.abc import Iterator

import pytest

from tests.ledgergate.engine.forked import Original


@pytest.fixture(scope="module", autouse=True)
def _programs_in_copies(original: Original) -> Iterator[None]:
    with original.standing_in():
        yield
