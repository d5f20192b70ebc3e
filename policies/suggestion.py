"""The hint that a mistyped name deserves: what exists, nearest first."""

import difflib
from collections.abc import Iterable


def near_matches(wanted: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of `known` that `wanted` may have meant, nearest first, whatever the case."""
    spelled = {name.casefold(): name for name in sorted(known)}
    found = difflib.get_close_matches(wanted.casefold(), list(spelled), n=3, cutoff=0.5)
    return tuple(spelled[name] for name in found)


def did_you_mean(wanted: str, known: Iterable[str]) -> str:
    """Return a hint sentence: the near matches, or everything there is when nothing is near."""
    names = sorted(known)
    near = near_matches(wanted, names)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"Known: {', '.join(names)}."
