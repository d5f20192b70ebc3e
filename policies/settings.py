"""What a system is, and the parameters of the controls: defaults here, a profile per program, overrides per stack."""

import json
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ledgergate.errors import LedgergateError
from policies.suggestion import did_you_mean

PROFILE_FILE: Final = "ledgergate.toml"
_SHOWN: Final = 60
"""Characters of a wrong value that a message shows."""

_MOST_PORTS: Final = 16
"""More than that would be a way to turn a control off, not a list of services."""

Port = Annotated[int, Field(ge=0, le=65535)]
Region = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
Name = Annotated[str, Field(min_length=1, pattern=r"\S")]


class EnvironmentClass(StrEnum):
    """How much a stack is worth."""

    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


class DataClass(StrEnum):
    """The most sensitive data that a stack holds."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    CARDHOLDER = "cardholder"


class Settings(BaseModel):
    """What a system is, and what its controls ask for. Nothing here turns a control off: that is a waiver."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    system: str = ""
    """Name of the system, `banking`."""
    environment_class: EnvironmentClass = EnvironmentClass.PROD
    """How much the stack is worth; the strictest unless the profile says otherwise."""
    data_class: DataClass = DataClass.CARDHOLDER
    """The most sensitive data in the stack; the strictest unless the profile says otherwise."""
    destroyable: bool = False
    """Whether the stack is made to be destroyed. Counts in stacks below class prod only."""
    regions: tuple[Region, ...] = ()
    """Regions that the stack may use, the primary one first."""
    account_id: Annotated[str, Field(pattern=r"^(\d{12})?$")] = ""
    """AWS account id, 12 digits."""
    partition: Annotated[str, Field(pattern=r"^aws[a-z-]*$")] = "aws"
    """AWS partition."""
    required_tags: Annotated[tuple[Name, ...], Field(min_length=1)] = (
        "Environment",
        "Owner",
        "CostCenter",
        "ManagedBy",
        "Project",
    )
    """Tag keys that every taggable resource carries (LG-TAG-01)."""
    authorized_tcp_ports: Annotated[tuple[Port, ...], Field(max_length=_MOST_PORTS)] = (443, 80)
    """TCP ports that the internet may reach (LG-NET-02)."""

    @property
    def may_be_destroyed(self) -> bool:
        """Tell whether controls that guard against loss may stand aside: never in class prod."""
        return self.destroyable and self.environment_class is not EnvironmentClass.PROD


@dataclass(frozen=True, slots=True)
class Profile:
    """What `ledgergate.toml` says about one stack.

    Args:
        settings: Its settings.
        control_folders: Folders of the bank's own controls, absolute.
        path: The file; None when there is none.
    """

    settings: Settings
    control_folders: tuple[Path, ...] = ()
    path: Path | None = None


def load_profile(path: Path, stack: str, known_stacks: Collection[str] = ()) -> Profile:
    """Return what a profile says about `stack`.

    Args:
        path: The file `ledgergate.toml`; its top level holds settings for every stack and `controls`, a list of
            folders relative to it; `[stack.<name>]` overrides settings for one stack.
        stack: Stack name.
        known_stacks: Stacks that exist; empty to take any.

    Raises:
        LedgergateError: It cannot be read, a key or value in it is wrong, or it names a stack that does not exist.
    """
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LedgergateError(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LedgergateError(f"{path} is not TOML: {error}") from None
    stacks = written.pop("stack", {})
    if not isinstance(stacks, dict) or not all(isinstance(each, dict) for each in stacks.values()):
        raise LedgergateError(f"{path}: `stack` must hold one table for each stack", "Write [stack.dev].")
    missing = sorted(set(stacks) - set(known_stacks)) if known_stacks else []
    if missing:
        hint = did_you_mean(missing[0], known_stacks)
        raise LedgergateError(f"{path}: [stack.{missing[0]}] is for a stack that does not exist", hint)
    folders = written.pop("controls", [])
    if not isinstance(folders, list) or not all(isinstance(each, str) for each in folders):
        raise LedgergateError(f"{path}: `controls` must be a list of folders", 'Write controls = ["controls"].')
    settings = _validated(written, str(path))
    # All of them: a mistake in the table of another stack would else wait for the day that stack is deployed.
    overridden = {name: _validated(written | table, f"{path}, [stack.{name}]") for name, table in stacks.items()}
    return Profile(overridden.get(stack, settings), tuple((path.parent / each).resolve() for each in folders), path)


def settings_from_policy_config(config: Mapping[str, Mapping[str, Any]], base: Settings | None = None) -> Settings:
    """Return settings with what `--policy-pack-config` sets.

    Args:
        config: Policy name → parameter → value, without enforcement levels; numbers may be floats.
        base: Settings to override; the defaults when None.

    Raises:
        LedgergateError: A key or value is wrong, or two policies set one parameter differently.
    """
    merged: dict[str, Any] = {}
    for policy, parameters in config.items():
        for key, value in parameters.items():
            whole = _whole(value)
            if merged.setdefault(key, whole) != whole:
                raise LedgergateError(f"the policy configuration sets `{key}` twice, differently ({policy})")
    current = (base or Settings()).model_dump(mode="json")
    return _validated(current | merged, "the policy configuration")


def parameters_schema(names: Iterable[str]) -> dict[str, Any]:
    """Return the JSON schema of these settings: property name → schema, with a description and without a default.

    Without a default the engine sends only what a user wrote, so a profile is not overridden by accident.
    """
    schema = Settings.model_json_schema()
    definitions = schema.get("$defs", {})

    def inlined(name: str) -> dict[str, Any]:
        written = schema["properties"][name]
        referred = definitions.get(str(written.get("$ref", "")).rpartition("/")[2], {})
        return {key: value for key, value in (referred | written).items() if key not in ("$ref", "title", "default")}

    return {name: inlined(name) for name in names}


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _validated(written: Mapping[str, Any], where: str) -> Settings:
    try:
        # As JSON, where strict validation still takes a list for a tuple and a text for a member of an enumeration.
        return Settings.model_validate_json(json.dumps(written, default=str))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = "".join(f"[{part}]" if isinstance(part, int) else str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            hint = did_you_mean(key, Settings.model_fields)
            raise LedgergateError(f"{where}: there is no setting `{key}`", hint) from None
        wrong = json.dumps(first["input"], default=str)[:_SHOWN]
        described = Settings.model_fields[str(first["loc"][0])].description or ""
        raise LedgergateError(f"{where}: `{key}` is {wrong}. {first['msg']}.", " ".join(described.split())) from None
