"""How long a schedule may wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.facts.schedules import longest_wait_days


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(30 days)", 30),
        ("rate(1 day)", 1),
        ("rate(4 hours)", 1),
        ("rate(49 hours)", 3),
        ("rate(5 minutes)", 1),
        ("cron(0 4 * * ? *)", 1),
        ("cron(0 4 1 * ? *)", 31),
        ("cron(0 4 1,15 * ? *)", 17),
        ("cron(0 4 1/10 * ? *)", 10),
        ("cron(0 4 ? * MON *)", 7),
        ("cron(0 4 ? * MON-FRI *)", 3),
        ("cron(0 4 ? * SAT-MON *)", 5),
        ("cron(0 4 ? * 1#1 *)", 35),
        ("cron(0 4 ? * 6L *)", 35),
        ("cron(0 4 L * ? *)", 31),
        ("cron(0 4 15W * ? *)", 32),
        ("cron(0 4 1 1,4,7,10 ? *)", 92),
        ("cron(0 4 1 JAN,JUL ? *)", 184),
        ("cron(0 4 1 1 ? *)", 366),
        ("cron(0 4 31 * ? *)", 61),
    ],
)
def test_schedules(expression: str, expected: int) -> None:
    """The longest wait decides, not the usual one."""
    assert longest_wait_days(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "daily",
        "rate(0 days)",
        "rate(1 month)",
        "cron(0 4 * * *)",
        "cron(0 4 32 * ? *)",
        "cron(0 4 1 13 ? *)",
        "cron(0 4 1 * ? 2027)",
        "cron(0 4 30 2 ? *)",
        "cron(0 4 x * ? *)",
    ],
)
def test_what_is_not_understood(expression: str) -> None:
    """A schedule that fires once, never or in certain years has no interval, nor has what is none."""
    assert longest_wait_days(expression) is None


@given(st.lists(st.integers(1, 28), min_size=1, unique=True), st.integers(1, 28))
def test_a_further_day_never_makes_the_wait_longer(days: list[int], further: int) -> None:
    """Firing more often cannot mean waiting longer."""
    some = longest_wait_days(f"cron(0 4 {','.join(map(str, days))} * ? *)")
    more = longest_wait_days(f"cron(0 4 {','.join(map(str, {*days, further}))} * ? *)")

    assert some is not None
    assert more is not None
    assert more <= some
