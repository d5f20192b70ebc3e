"""Stacks of the programs, each run once for the whole session."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.infra.recording import PAYMENTS, Changed, Record, Recording, open_recorder


@pytest.fixture(scope="session")
def record() -> Iterator[Record]:
    """Return the recorder of this session."""
    with open_recorder() as recorder:
        yield recorder


@pytest.fixture(scope="session", params=["dev", "prod"])
def payments(request: pytest.FixtureRequest, record: Record) -> Recording:
    """Return each stack of the payment system as its files configure it."""
    recording = record(PAYMENTS, request.param)
    assert recording.error == ""
    return recording


@pytest.fixture(scope="session")
def prod(record: Record) -> Recording:
    """Return the production stack of the payment system."""
    return record(PAYMENTS, "prod")


@pytest.fixture(scope="session")
def changed(record: Record) -> Changed:
    """Return the development stack of the payment system with changed configuration."""

    def run(*, environ: Mapping[str, str] | None = None, **config: Any) -> Recording:
        return record(PAYMENTS, "dev", environ=environ, **config)

    return run
