"""What the tests of the symbolic provider share."""

from collections.abc import Iterator

import pulumi_aws  # noqa: F401 - the provider looks only into SDKs that the program has imported
import pytest
from pulumi.output import Unknown

from ledgergate.engine.symbolic import SymbolicProvider
from ledgergate.engine.symbolic.unknowns import TAUGHT


@pytest.fixture
def provider() -> SymbolicProvider:
    """Return a provider that makes everything up."""
    return SymbolicProvider()


@pytest.fixture(autouse=True)
def _sdk_as_it_was() -> Iterator[None]:
    """Take back what a call's answer changed in the SDK."""
    before = {name: vars(Unknown).get(name) for name in TAUGHT}
    yield
    for name, method in before.items():
        if method is not None:
            setattr(Unknown, name, method)
        elif name in vars(Unknown):
            delattr(Unknown, name)
