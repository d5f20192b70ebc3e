"""The Condition element, parsed: operators with their qualifiers, keys and values."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ledgergate.values import Unknown, is_symbolic
from policies.facts.properties import UNKNOWN
from policies.iam_document.errors import MalformedPolicyError
from policies.iam_document.statement import Condition, Qualifier

_NUMBERS_AND_DATES: Final = (
    "Equals",
    "NotEquals",
    "LessThan",
    "LessThanEquals",
    "GreaterThan",
    "GreaterThanEquals",
)
_OPERATORS: Final = (
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    *(f"Numeric{each}" for each in _NUMBERS_AND_DATES),
    *(f"Date{each}" for each in _NUMBERS_AND_DATES),
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
)
"""Source: condition operators, IAM user guide, read 2026-11-20."""

_SPELLED: Final = {each.lower(): each for each in _OPERATORS}
_OPERATOR: Final = re.compile(r"(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?")
_QUALIFIERS: Final = {None: Qualifier.NONE, "forallvalues": Qualifier.ALL, "foranyvalue": Qualifier.ANY}
_NAMING: Final = ("String", "Arn")
"""Operators over names, to which a minted value is as good as the real one; the others weigh what is written."""


def parse_conditions(value: Any) -> Any:
    """Return the conditions of a statement as a tuple of `Condition`; an unknown operator or value stays unknown.

    Raises:
        MalformedPolicyError: IAM would refuse it.
    """
    if isinstance(value, Unknown):
        return UNKNOWN
    if not isinstance(value, Mapping):
        raise MalformedPolicyError("a Condition is not an object")
    return tuple(each for operator, keys in value.items() for each in _under(operator, keys))


def _under(written: str, keys: Any) -> Iterator[Any]:
    found = _OPERATOR.fullmatch(written.lower())
    operator = _SPELLED.get(found.group(2)) if found else None
    if found is None or operator is None or (operator == "Null" and found.group(3)):
        raise MalformedPolicyError("a Condition has an operator that there is not")
    if isinstance(keys, Unknown):
        yield UNKNOWN
        return
    if not isinstance(keys, Mapping):
        raise MalformedPolicyError("an operator of a Condition is not an object of keys")
    for key, values in keys.items():
        yield Condition(
            operator=operator,
            key=key.lower(),
            values=_values(values, names=operator.startswith(_NAMING)),
            qualifier=_QUALIFIERS[found.group(1)],
            if_exists=found.group(3) is not None,
        )


def _values(value: Any, *, names: bool) -> Any:
    if isinstance(value, Unknown):
        return UNKNOWN
    return tuple(_text(each, names=names) for each in (value if isinstance(value, list) else [value]))


def _text(value: Any, *, names: bool) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(int(value) if isinstance(value, float) and value.is_integer() else value)
    if isinstance(value, str):
        return value if names or not is_symbolic(value) else UNKNOWN
    if isinstance(value, Unknown):
        return UNKNOWN
    raise MalformedPolicyError("a value of a Condition is neither a text nor a number nor a flag")
