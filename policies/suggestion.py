"""The hint that a mistyped name deserves: what exists, nearest first."""

import difflib
from collections.abc import Collection, Iterable
from typing import Final

EVERY_CONTROL: Final = "`python -m policies.gate --list` names every control"
EVERY_STACK: Final = "each has a file Pulumi.<stack>.yaml"
_SHOWN: Final = 12


def near_matches(wanted: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of `known` that `wanted` may have meant, nearest first, whatever the case."""
    spelled = {name.casefold(): name for name in sorted(known)}
    found = difflib.get_close_matches(wanted.casefold(), list(spelled), n=3, cutoff=0.5)
    return tuple(spelled[name] for name in found)


def did_you_mean(wanted: str, known: Collection[str], listing: str = "") -> str:
    """Return a hint sentence: the near matches, or what there is when nothing is near, a dozen names of it at most.

    Args:
        wanted: The mistyped name.
        known: Every name there is.
        listing: What lists them all, without a full stop; said where they are too many to be named.
    """
    near = near_matches(wanted, known)
    return f"Did you mean {' or '.join(near)}?" if near else all_known(known, listing)


def control_meant(wanted: str, names: Collection[str]) -> str:
    """Return a hint sentence: the near matches, or what lists every control.

    Args:
        wanted: The mistyped id or slug.
        names: Every id and slug.
    """
    return did_you_mean(wanted, names) if near_matches(wanted, names) else f"{EVERY_CONTROL}."


def all_known(known: Collection[str], listing: str = "") -> str:
    """Return a hint sentence with what there is, a dozen names of it at most; arguments as for `did_you_mean`."""
    names = sorted(known)
    if len(names) <= _SHOWN:
        return f"Known: {', '.join(names)}."
    more = f"Known: {', '.join(names[:_SHOWN])} and {len(names) - _SHOWN} more"
    return f"{more}; {listing}." if listing else f"{more}."
