"""Programs are run by the hundred here; how a program's process starts and ends, the engine's tests show."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def _copies(programs_in_copies: None) -> None:
    """Run them in copies."""
