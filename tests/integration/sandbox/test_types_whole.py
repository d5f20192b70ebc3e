"""Every type of the sandbox's table is tried somewhere."""

from integration.sandbox.types import HANDLERS
from tests.integration.sandbox import (
    changes,
    test_types_compute,
    test_types_data,
    test_types_edge,
    test_types_guarded,
    test_types_networks,
    test_types_own,
    test_types_serverless,
    test_types_stores,
    test_types_watch,
)

_TABLES = (
    changes.CHANGES,
    test_types_compute.CHANGES,
    test_types_data.CHANGES,
    test_types_edge.CHANGES,
    test_types_guarded.CHANGES,
    test_types_networks.CHANGES,
    test_types_own.CHANGES,
    test_types_serverless.CHANGES,
    test_types_stores.CHANGES,
    test_types_watch.CHANGES,
)


def test_every_type_is_changed_once() -> None:
    """No type is in the table of the sandbox without a change in a table of these."""
    assert {change.type for table in _TABLES for change in table} == HANDLERS.keys()
