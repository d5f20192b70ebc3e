"""Where a program is said to be deployed, read before the profile is validated.

The profile's own model needs pydantic, whose import takes longer than starting a program; the program needs only
this much of it. The profile is validated while the program runs, and a mistake in it stops the run.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ledgergate.values import PLACEHOLDER_ACCOUNT

PROFILE_FILE: Final = "ledgergate.toml"
_DEFAULT_REGION: Final = "us-east-1"


@dataclass(frozen=True, slots=True)
class Place:
    """An account and Region.

    Args:
        account: AWS account id, 12 digits.
        partition: AWS partition.
        region: AWS Region that serves what names none.
        others: Further Regions of the profile.
    """

    account: str = PLACEHOLDER_ACCOUNT
    partition: str = "aws"
    region: str = _DEFAULT_REGION
    others: tuple[str, ...] = ()


def read_place(folder: Path, stack: str) -> Place:
    """Return what the profile in a program's folder says about a stack; the defaults where it is missing or wrong."""
    try:
        written = tomllib.loads((folder / PROFILE_FILE).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return Place()
    stacks = written.get("stack")
    own = stacks.get(stack) if isinstance(stacks, dict) else None
    merged = written | own if isinstance(own, dict) else written
    regions = merged.get("regions")
    first, *others = map(_text, regions) if isinstance(regions, list) and regions else ("",)
    return Place(
        _text(merged.get("account_id")) or PLACEHOLDER_ACCOUNT,
        _text(merged.get("partition")) or "aws",
        first or _DEFAULT_REGION,
        tuple(filter(None, others)),
    )


def strictest(what: str) -> str:
    """Return a sentence that says by what something is judged that has no profile."""
    return (
        f"{what} has no {PROFILE_FILE}, so it was judged as strictly as can be: environment class prod, data class "
        "cardholder, and no Region is known to be allowed"
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
