"""Numbers with their unit."""

import pytest

from policies.amounts import amount


@pytest.mark.parametrize(("count", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_one_of_a_unit_is_no_plural(count: int, said: str) -> None:
    """A finding says 1 day, and 0 days."""
    assert amount(count, "day") == said
