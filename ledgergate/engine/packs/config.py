"""The configuration of a pack's policies: what the code states, what a file changes, whether it is valid.

Source: recordings of the engine 3.260.0; `pkg/resource/analyzer/config.go`, read 2026-11-21.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from ledgergate.engine.packs.policy import Enforcement, PackError, PackInfo, PolicyInfo
from ledgergate.engine.packs.schema import SchemaError, violations

_ALL: Final = "all"
_LEVEL: Final = "enforcementLevel"


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """How one policy runs.

    Args:
        properties: Its configuration, as JSON data.
    """

    level: Enforcement = Enforcement.ADVISORY
    properties: Mapping[str, Any] = field(default_factory=dict)


def load_pack_config(path: Path) -> dict[str, Any]:
    """Read a policy configuration file, as `--policy-pack-config` names it.

    Raises:
        PackError: It cannot be read or is not a JSON object.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8").strip() or "{}")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise PackError(message) from None
    except json.JSONDecodeError as error:
        message = f"{path}, line {error.lineno}, column {error.colno}: not valid JSON: {error.msg}"
        raise PackError(message) from None
    if not isinstance(content, dict):
        message = f"{path}: expected an object with a policy's name as key, found a {type(content).__name__}"
        raise PackError(message)
    return content


def settings_of(pack: PackInfo, given: Mapping[str, Any]) -> dict[str, PolicySettings]:
    """Return how every policy of a pack runs, and whatever else `given` names.

    The schema's defaults come first, then the pack's own initial configuration, then `given`; the later wins for
    each property. The key `all` sets the level of every policy before the named ones.

    Args:
        pack: The pack.
        given: Policy → level, or object of properties with or without `enforcementLevel`.

    Raises:
        PackError: A level that does not exist, or a property that the policy's schema refuses.
    """
    found = {policy.name: PolicySettings(policy.level, _schema_defaults(policy)) for policy in pack.policies}
    _apply(found, {name: (level, properties) for name, (level, properties) in pack.initial_config.items()})
    _apply(found, {name: _parse(pack, name, value) for name, value in given.items()})
    _validate(pack, found)
    return found


def _schema_defaults(policy: PolicyInfo) -> dict[str, Any]:
    properties = policy.schema.get("properties", {})
    return {
        name: schema["default"]
        for name, schema in properties.items()
        if isinstance(schema, Mapping) and "default" in schema
    }


def _apply(
    found: dict[str, PolicySettings], changes: Mapping[str, tuple[Enforcement | None, Mapping[str, Any]]]
) -> None:
    for_all = changes.get(_ALL, (None, {}))[0]
    if for_all is not None:
        found.update({name: replace(settings, level=for_all) for name, settings in found.items()})
    for name, (level, properties) in changes.items():
        if level is None and not properties:
            continue
        before = found.get(name, PolicySettings())
        found[name] = PolicySettings(level or before.level, {**before.properties, **properties})


def _parse(pack: PackInfo, name: str, value: Any) -> tuple[Enforcement | None, dict[str, Any]]:
    if isinstance(value, str):
        return _level(pack, name, value), {}
    if not isinstance(value, Mapping):
        message = f"configuration of policy `{name}` of {pack.label}: expected a level or an object"
        raise PackError(message)
    level = _level(pack, name, value[_LEVEL]) if _LEVEL in value else None
    return level, {key: item for key, item in value.items() if key != _LEVEL}


def _level(pack: PackInfo, name: str, value: Any) -> Enforcement:
    if value not in tuple(Enforcement):
        message = f"configuration of policy `{name}` of {pack.label}: there is no enforcement level {json.dumps(value)}"
        raise PackError(message, "Use one of " + ", ".join(Enforcement) + ".")
    return Enforcement(value)


def _validate(pack: PackInfo, found: Mapping[str, PolicySettings]) -> None:
    wrong: list[str] = []
    for policy in sorted(pack.policies, key=lambda policy: policy.name):
        schema = {"type": "object", **policy.schema} if policy.schema else True
        try:
            wrong += [f"{policy.name}: {text}" for text in violations(dict(found[policy.name].properties), schema)]
        except SchemaError as error:
            message = f"configuration of policy `{policy.name}` of {pack.label}: {error}"
            raise PackError(message) from None
    if wrong:
        message = "  ".join([f"validating policy config: {pack.name} {pack.version}", *wrong])
        raise PackError(message)
