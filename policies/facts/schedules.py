"""How long a schedule may wait: rates and cron expressions as AWS writes them."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Final

_RATE: Final = re.compile(r"rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)")
_CRON: Final = re.compile(r"cron\(\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*\)")
_DAY_MIN: Final = 24 * 60
_PER_DAY: Final = {"minute": 24 * 60, "hour": 24, "day": 1}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIRST: Final = date(2027, 1, 1)
_LAST: Final = date(2032, 12, 31)
"""Six years: every combination of month, weekday and leap day that a schedule may wait for, but for rare ones."""

_FREQUENT_YEARS: Final = frozenset({"*", "?"})


@cache
def longest_wait_days(expression: str) -> int | None:
    """Return the longest time between two days on which a schedule fires, in whole days, at least 1.

    Args:
        expression: `rate(30 days)` or `cron(0 4 1 * ? *)`: minutes, hours, day of month, month, day of week, year.

    Returns:
        None when it is no such expression, or fires too seldom to be seen in six years, or only in certain years.

    Source: schedule expressions, Secrets Manager and EventBridge user guides, read 2026-11-30.
    """
    rate = _RATE.fullmatch(expression.strip())
    if rate is not None:
        return max(-(-int(rate[1]) // _PER_DAY[rate[2]]), 1) if int(rate[1]) else None
    cron = _CRON.fullmatch(expression.strip())
    if cron is None or cron[6] not in _FREQUENT_YEARS:
        return None
    try:
        days = list(_days(cron[3], cron[4].lower(), cron[5].lower()))
    except ValueError:
        return None
    return max((later - sooner).days for sooner, later in pairwise(days)) if len(days) > 1 else None


@cache
def longest_wait_hours(expression: str) -> int | None:
    """Return the longest time between two moments at which a schedule fires, in hours, rounded up, at least 1.

    Arguments and result are else those of `longest_wait_days`. Clocks that are put back are left out.
    """
    days = longest_wait_days(expression)
    rate = _RATE.fullmatch(expression.strip())
    if days is None:
        return None
    if rate is not None:
        return max(-(-int(rate[1]) * 24 // _PER_DAY[rate[2]]), 1)
    cron = _CRON.fullmatch(expression.strip())
    try:
        times = _times(cron[1], cron[2]) if cron is not None else []
    except ValueError:
        return None
    waits = [later - sooner for sooner, later in pairwise(times)]
    return max(-(-max(*waits, days * _DAY_MIN - times[-1] + times[0], 0) // 60), 1) if times else None


def _times(minute: str, hour: str) -> list[int]:
    """Return the minutes of a day at which a schedule fires."""
    return [
        60 * each + past for each in sorted(_numbers(hour, 0, 23, ())) for past in sorted(_numbers(minute, 0, 59, ()))
    ]


def _days(of_month: str, month: str, of_week: str) -> Iterator[date]:
    months = _numbers(month, 1, 12, _MONTHS)
    day = _FIRST
    while day <= _LAST:
        if day.month in months and _fits_month(of_month.upper(), day) and _fits_week(of_week, day):
            yield day
        day += timedelta(days=1)


def _fits_month(field: str, day: date) -> bool:
    if field in _FREQUENT_YEARS:
        return True
    last = monthrange(day.year, day.month)[1]
    if field == "L":
        return day.day == last
    if field.endswith("W"):
        return day == _nearest_weekday(day, int(field[:-1]))
    return day.day in _numbers(field, 1, 31, ())


def _nearest_weekday(day: date, wanted: int) -> date | None:
    last = monthrange(day.year, day.month)[1]
    if not 1 <= wanted <= last:
        return None
    found = day.replace(day=wanted)
    if found.weekday() == 5:  # noqa: PLR2004 - Saturday
        return found + timedelta(days=2 if wanted == 1 else -1)
    if found.weekday() == 6:  # noqa: PLR2004 - Sunday
        return found + timedelta(days=-2 if wanted == last else 1)
    return found


def _fits_week(field: str, day: date) -> bool:
    if field in _FREQUENT_YEARS:
        return True
    today = (day.weekday() + 1) % 7 + 1
    if "#" in field:
        weekday, _, number = field.partition("#")
        return today in _numbers(weekday, 1, 7, _DAYS) and (day.day - 1) // 7 + 1 == int(number)
    if field.endswith("l"):
        in_last_week = day.day + 7 > monthrange(day.year, day.month)[1]
        return in_last_week and today in (_numbers(field[:-1], 1, 7, _DAYS) if field[:-1] else {7})
    return today in _numbers(field, 1, 7, _DAYS)


@cache
def _numbers(field: str, low: int, high: int, names: tuple[str, ...]) -> frozenset[int]:
    """Return the numbers that a field lists: `*`, `1,15`, `mon-fri`, `1/7`.

    Raises:
        ValueError: It lists something else.
    """
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        if span in _FREQUENT_YEARS:
            first, last = low, high
        else:
            first, last = _bounds(span, names)
            last = high if step and "-" not in span else last
        if not low <= first <= high or not low <= last <= high:
            raise ValueError(field)
        size = high - low + 1
        wrapped = last if first <= last else last + size
        found |= {(number - low) % size + low for number in range(first, wrapped + 1, int(step or 1) or size)}
    return frozenset(found)


def _bounds(span: str, names: tuple[str, ...]) -> tuple[int, int]:
    first, dash, last = span.partition("-")
    low = _number(first, names)
    return low, _number(last, names) if dash else low


def _number(text: str, names: tuple[str, ...]) -> int:
    return names.index(text) + 1 if text in names else int(text)
