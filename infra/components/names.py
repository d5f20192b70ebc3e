"""Physical names: one pattern for a whole system, checked before AWS can refuse them."""

import re
from dataclasses import dataclass
from typing import Final

from components.errors import ComponentError

SHORTEST_LIMIT: Final = 32
"""Characters: what load balancers and target groups take, the tightest limit of all."""

TAG_LIMIT: Final = 255
"""Characters: what a `Name` tag takes, rounded down."""

SUFFIX_LIMIT: Final = 12
"""Characters: leaves eleven for the kind within `SHORTEST_LIMIT` after `payment-`."""

_SUFFIX: Final = re.compile(rf"[a-z0-9]{{1,{SUFFIX_LIMIT}}}")
_KIND: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of one deployment of a system: `{system}-{kind}-{suffix}`.

    The suffix holds no hyphen. So the last hyphen splits a name without doubt, and two deployments with
    different suffixes can never claim one name.

    Args:
        system: First part, `payment`.
        suffix: Last part, 1 to 12 lower-case letters and digits.

    Raises:
        ComponentError: The suffix cannot end every name.
    """

    system: str
    suffix: str

    def __post_init__(self) -> None:
        if not _SUFFIX.fullmatch(self.suffix):
            raise ComponentError(
                f"{self.suffix!r} cannot end every name: use 1 to {SUFFIX_LIMIT} lower-case letters and digits."
            )

    def of(self, kind: str, *, limit: int = SHORTEST_LIMIT) -> str:
        """Return the physical name of the resource of this kind.

        Args:
            kind: What it is, unique within the system: `database`, `public-a`.
            limit: Most characters that the resource type takes.

        Raises:
            ComponentError: The kind is malformed, or the name is longer than the limit.
        """
        if not _KIND.fullmatch(kind):
            raise ComponentError(f"{kind!r} cannot be part of a name: use lower-case words joined by hyphens.")
        name = f"{self.system}-{kind}-{self.suffix}"
        if len(name) > limit:
            raise ComponentError(
                f"The name {name!r} has {len(name)} characters, {limit} are allowed: shorten the suffix."
            )
        return name

    def tag(self, kind: str) -> dict[str, str]:
        """Return the `Name` tag of a resource that has no other name."""
        return {"Name": self.of(kind, limit=TAG_LIMIT)}

    def log_group(self, kind: str) -> str:
        """Return the name of a log group of the system."""
        return f"/{self.system}/{self.of(kind)}"
