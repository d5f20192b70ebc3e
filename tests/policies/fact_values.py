"""Facts made at random, and facts with one value changed."""

import enum
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from hypothesis import strategies as st

from policies.facts.registry import is_frozen_fact

TEXTS = st.sampled_from(["", " ", "a", "Owner", "*", "10.0.0.0/8", "0.0.0.0/0", "tcp", "-1", "Allow", "eu-west-1"])


@cache  # Hypothesis prepares a strategy the first time it is drawn from, which takes longer than to draw
def facts(hint: Any) -> st.SearchStrategy[Any]:
    """Return a strategy of values for a type as the fields of facts have it."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([facts(each) for each in arguments])
    if origin is tuple:
        return st.lists(facts(arguments[0]), max_size=3).map(tuple)
    if isinstance(hint, type) and is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{each.name: facts(hints[each.name]) for each in fields(hint)})
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return st.sampled_from(hint)
    plain = {str: TEXTS, bool: st.booleans(), int: st.integers(0, 500), type(None): st.none()}
    return plain[hint]


def paths(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every field inside a fact, and of every item of a tuple that is looked at one by one."""
    if isinstance(value, tuple) and not all(isinstance(each, (str, int)) for each in value):
        for index, item in enumerate(value):
            yield f"{path}[{index}]"
            yield from paths(item, f"{path}[{index}]")
    elif is_frozen_fact(type(value)):
        for each in fields(value):
            below = f"{path}.{each.name}" if path else each.name
            yield below
            yield from paths(getattr(value, each.name), below)


def with_value(fact: Any, path: str, value: Any) -> Any:
    """Return the fact with the value at one path replaced."""
    return _put(fact, re.findall(r"\w+|\[\d+\]", path), value)


def _put(holder: Any, steps: list[str], value: Any) -> Any:
    if not steps:
        return value
    step, *rest = steps
    if step.startswith("["):
        index = int(step[1:-1])
        return (*holder[:index], _put(holder[index], rest, value), *holder[index + 1 :])
    return replace(holder, **{step: _put(getattr(holder, step), rest, value)})
