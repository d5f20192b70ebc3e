"""Wildcards of the policy language: which texts a pattern matches, and which patterns it covers or meets."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_WILD: Final = re.compile(r"[*?]+")
_EVERY_ACTION: Final = re.compile(r"[*?]*\*[*?]*(:[*?]*\*[*?]*)?")
_EVERY_ARN: Final = re.compile(r"arn:(?=[^:]*\*)[*?:]+|arn:aws(-cn|-us-gov)?:(?=.*\*)[*?:]+", re.IGNORECASE)
_PROBE_ARNS: Final = (
    "arn:{}:s3:::examplebucket",
    "arn:{}:s3:::examplebucket/folder/object",
    "arn:{}:iam::111122223333:role/path/name",
    "arn:{}:sns:eu-west-1:111122223333:topic",
    "arn:{}:logs:eu-west-1:111122223333:log-group:name:log-stream:name",
)

_VARIABLE: Final = re.compile(r"\$\{([^{}]*)\}")
_ESCAPED: Final = {"${*}": "*", "${?}": "?", "${$}": "$"}
_PIECE: Final = re.compile(r"\$\{[^{}]*\}|.", re.DOTALL)

_STAR: Final = 0
_ONE: Final = 1
_OTHER: Final = "any character that neither pattern spells"

Token = str | int
"""`_STAR`, `_ONE`, or a character that stands for itself."""


def matches(pattern: str, text: str) -> bool:
    """Tell whether an IAM pattern matches: `*` any characters, `?` any one, letter case aside."""
    wild = "".join(".*" if part == "*" else "." if part == "?" else re.escape(part) for part in pattern)
    return re.fullmatch(wild, text, re.IGNORECASE | re.DOTALL) is not None


def covers_every_action(pattern: str) -> bool:
    """Tell whether an action pattern leaves nothing out: `*`, `**`, `*:*`.

    Only wildcards, with a `*` on each side of the colon if it has one; each `?` beside it merely asks for one more
    character of the name, which every action has.
    """
    return _EVERY_ACTION.fullmatch(pattern) is not None


def covers_every_resource(pattern: str) -> bool:
    """Tell whether a resource pattern leaves no ARN of its partition out: `*`, `**`, `arn:aws:*`, `arn:*:*:*:*:*`."""
    if _WILD.fullmatch(pattern):
        return "*" in pattern
    partition = next((name for name in ("aws-cn", "aws-us-gov") if f":{name}:" in pattern.lower()), "aws")
    return _EVERY_ARN.fullmatch(pattern) is not None and all(
        matches(pattern, probe.format(partition)) for probe in _PROBE_ARNS
    )


def has_wildcard(text: str) -> bool:
    """Tell whether a text holds `*`, `?` or a policy variable, so that what it stands for is not written in it."""
    return any(character in text for character in "*?") or has_variable(text)


def has_variable(text: str) -> bool:
    """Tell whether a text holds a policy variable, `${aws:username}`; `${*}`, `${?}` and `${$}` are plain characters.

    Source: policy variables, IAM user guide, read 2026-11-20. Documents of version 2008-10-17 have no variables; no
    ARN holds `${`, so nothing is lost by reading one there.
    """
    return any(found.group() not in _ESCAPED for found in _VARIABLE.finditer(text))


def covers(pattern: str, other: str, *, fold_case: bool = True) -> bool:
    """Tell whether `pattern` matches everything that `other` matches: `s3:*` covers `s3:Get*`.

    Exact, reflexive and transitive. What a policy variable stands for is known to nobody, so one in `other` is taken
    as any text, and a pattern with one covers itself alone.

    Args:
        pattern: The wider pattern.
        other: A pattern, or a plain action or ARN.
        fold_case: Whether letter case is put aside, as IAM does for actions; for resources it counts.
    """
    if fold_case:
        pattern, other = pattern.lower(), other.lower()
    return pattern == other or (not has_variable(pattern) and _includes(_tokens(pattern), _tokens(other)))


def overlaps(pattern: str, other: str, *, fold_case: bool = True) -> bool:
    """Tell whether some text matches both patterns; a policy variable in either is taken as any text."""
    if fold_case:
        pattern, other = pattern.lower(), other.lower()
    return _meet(_tokens(pattern), _tokens(other))


@lru_cache(maxsize=4096)  # the same few patterns are held against each other for every statement
def _tokens(pattern: str) -> tuple[Token, ...]:
    found: list[Token] = []
    for piece in _PIECE.findall(pattern):
        token = _STAR if piece == "*" else _ONE if piece == "?" else _ESCAPED.get(piece, piece)
        found.append(_STAR if isinstance(token, str) and len(token) > 1 else token)
    return tuple(found)


@lru_cache(maxsize=4096)
def _includes(wide: Sequence[Token], narrow: Sequence[Token]) -> bool:
    """Walk both together over every text of `narrow`; `wide` must end wherever `narrow` can."""
    alphabet = {each for each in (*wide, *narrow) if isinstance(each, str)} | {_OTHER}
    start = (0, _closed(wide, frozenset({0})))
    seen, waiting = {start}, [start]
    while waiting:
        position, states = waiting.pop()
        if position == len(narrow):
            if len(wide) not in states:
                return False
            continue
        token = narrow[position]
        after = [(position + 1, states)] if token == _STAR else []
        letters = alphabet if isinstance(token, int) else (token,)
        onward = position if token == _STAR else position + 1
        after += [(onward, _closed(wide, _stepped(wide, states, letter))) for letter in letters]
        fresh = set(after) - seen
        seen |= fresh
        waiting += fresh
    return True


def _stepped(wide: Sequence[Token], states: frozenset[int], letter: str) -> frozenset[int]:
    inside = [state for state in states if state < len(wide)]
    stay = {state for state in inside if wide[state] == _STAR}
    return frozenset(stay | {state + 1 for state in inside if wide[state] in (_ONE, letter)})


def _closed(wide: Sequence[Token], states: frozenset[int]) -> frozenset[int]:
    """Return the states with those behind a star; what lies before the last star can do nothing that it cannot."""
    found = set(states)
    for state in sorted(states):
        after = state
        while after < len(wide) and wide[after] == _STAR:
            after += 1
            found.add(after)
    stars = [state for state in found if state < len(wide) and wide[state] == _STAR]
    return frozenset(state for state in found if state >= max(stars, default=0))


@lru_cache(maxsize=4096)
def _meet(one: Sequence[Token], other: Sequence[Token]) -> bool:
    seen, waiting = {(0, 0)}, [(0, 0)]
    while waiting:
        left, right = waiting.pop()
        if (left, right) == (len(one), len(other)):
            return True
        fresh = set(_onward(one, other, left, right)) - seen
        seen |= fresh
        waiting += fresh
    return False


def _onward(one: Sequence[Token], other: Sequence[Token], left: int, right: int) -> list[tuple[int, int]]:
    here = one[left] if left < len(one) else None
    there = other[right] if right < len(other) else None
    steps = []
    if here == _STAR:
        steps.append((left + 1, right))
        steps += [(left, right + 1)] if there is not None else []
    if there == _STAR:
        steps.append((left, right + 1))
        steps += [(left + 1, right)] if here is not None else []
    if None not in (here, there) and (here == there or _ONE in (here, there)):
        steps.append((left + 1, right + 1))
    return steps
