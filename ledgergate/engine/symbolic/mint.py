"""Stable values derived from a seed, each recognisable by its mark.

Runs inside the program's interpreter: standard library only.
"""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Final

SYMBOL_MARK: Final = "1ed6e7a7"
"""First eight hex digits of every minted id; the same as `ledgergate.values.SYMBOL_MARK`."""

Maker = Callable[[str], str]
"""Turns a digest of 64 hex digits into a value."""

_SIZED: Final = re.compile(r"(hex|upper|suffix)(\d+)")
_AUTO_SUFFIX_DIGITS: Final = 26


def digest(seed: str, salt: str = "") -> str:
    """Return 64 hex digits that depend on nothing but the seed (a URN) and the salt (which value of it)."""
    return sha256(f"{seed}\0{salt}".encode()).hexdigest()


def maker(kind: str) -> Maker | None:
    """Return what makes values of one kind, or None when there is no such kind.

    Args:
        kind: `hexN`, `upperN` (N digits, the mark first), `suffixN` (N digits without a mark, where the
            service leaves no room for it), `ec2` (17 digits as EC2 has them), `uuid`.
    """
    sized = _SIZED.fullmatch(kind)
    if sized is not None:
        length = int(sized[2])
        return {"hex": _hex, "upper": _upper, "suffix": _suffix}[sized[1]](length)
    return {"ec2": _ec2, "uuid": _uuid}.get(kind)


def unique_suffix(seed: str) -> str:
    """Return what a provider appends to a name prefix: 26 digits."""
    return (SYMBOL_MARK + digest(seed, "prefix"))[:_AUTO_SUFFIX_DIGITS]


def _hex(length: int) -> Maker:
    return lambda digits: (SYMBOL_MARK + digits)[:length]


def _upper(length: int) -> Maker:
    return lambda digits: (SYMBOL_MARK + digits)[:length].upper()


def _suffix(length: int) -> Maker:
    return lambda digits: digits[:length]


def _ec2(digits: str) -> str:
    return f"0{SYMBOL_MARK}{digits[:8]}"


def _uuid(digits: str) -> str:
    return f"{SYMBOL_MARK}-{digits[:4]}-4{digits[4:7]}-8{digits[7:10]}-{digits[10:22]}"
