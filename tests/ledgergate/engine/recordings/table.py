"""The recorded runs and what each of them must be equal to, read from this folder."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
STACK_OUTPUTS: Final = {
    "organization/network/dev": {
        "vpcId": "vpc-0abc",
        "subnets": {"a": "subnet-a", "b": ["subnet-b1", "subnet-b2"]},
        "dbToken": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "tok-123"},
    }
}
"""What the stack behind the recorded stack references had exported."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where our request is not the recorded one, and why that is right.

    Args:
        phases: `remediate`, `analyze`, `stack`, `register`, and `check` and `create` of the provider.
        urn: The resource.
        path: Where in its request, `properties.bucket`.
        reason: Why.
    """

    phases: tuple[str, ...]
    urn: str
    path: str
    reason: str

    @property
    def places(self) -> set[tuple[str, str, str]]:
        """Return what `comparison.differences` finds for it."""
        return {(phase, self.urn, self.path) for phase in self.phases}


@dataclass(frozen=True)
class Recording:
    """One recorded run.

    Args:
        name: `group/case`; the group is the program.
        needs_state: Why it cannot be compared; empty when it is.
        mode: `preview` or `up`.
        config: Full key → plain text.
        secret_keys: Secret keys of `config`.
        packs: Folders under `packs`, as the command named them.
        pack_config: File under `packs`, or empty.
        provider: Changed behaviour of the stand-in, `Standin`'s arguments.
        pack_fails: Whether a pack stops the run before the program starts.
        varies: Names of resources that the recorded run reached, or did not, by chance of its order.
        differs: Places where our requests are not the recorded ones.
    """

    name: str
    needs_state: str = ""
    mode: str = ""
    config: Mapping[str, str] = field(default_factory=dict)
    secret_keys: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    pack_config: str = ""
    provider: Mapping[str, Any] = field(default_factory=dict)
    pack_fails: bool = False
    varies: tuple[str, ...] = ()
    varies_reason: str = ""
    differs: tuple[Difference, ...] = ()

    @property
    def program(self) -> str:
        """Return the folder under `programs`."""
        return self.name.partition("/")[0]

    @cached_property
    def expected(self) -> Mapping[str, Any]:
        """Return what was recorded."""
        content: dict[str, Any] = json.loads((FOLDER / "expected" / f"{self.name}.json").read_text(encoding="utf-8"))
        return content

    @cached_property
    def kept(self) -> Mapping[str, Any] | None:
        """Return `calls` of the program with their answers, and what its `transforms` returned; None = not kept."""
        path = FOLDER / "answers" / f"{self.name}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def read_table() -> tuple[Recording, ...]:
    """Return every recorded run, compared or not."""
    content = tomllib.loads((FOLDER / "recordings.toml").read_text(encoding="utf-8"))
    shared = content.get("programs", {})
    return tuple(_recording(row, shared) for row in content["recording"])


def _recording(row: Mapping[str, Any], shared: Mapping[str, Any]) -> Recording:
    found = {**shared.get(row["name"].partition("/")[0], {}), **row}
    found["differs"] = tuple(Difference(**item) for item in row.get("differs", ()))
    for name in ("packs", "varies", "secret_keys"):
        found[name] = tuple(found.get(name, ()))
    return Recording(**found)
