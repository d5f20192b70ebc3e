"""The containers of a task definition: one JSON text, parsed by its schema."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.values import Secret, Unknown, Value, is_symbolic, reveal
from policies.facts.images import Image, image_of
from policies.facts.properties import UNKNOWN, has_secret
from policies.facts.variables import Variable, variable_of


class MalformedContainersError(ValueError):
    """ECS would not take these container definitions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretReference:
    """A variable whose value ECS fetches as a task starts.

    Args:
        name: Name of the variable.
        value_from: What holds the value; a minted one names something that the stack creates.
    """

    name: str
    value_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One container definition.

    Args:
        name: `name`.
        image: `image`.
        environment: `environment`; empty when unset.
        secrets: `secrets`; empty when unset.
        readonly_root: `readonlyRootFilesystem`; false when unset.
        privileged: `privileged`; false when unset.
        user: `user`; empty when unset, for which the image decides, and may be root.
        log_driver: `logConfiguration.logDriver`; empty without a log configuration.
        log_group: Option `awslogs-group`; empty without.

    Source: ContainerDefinition, Amazon ECS API reference, read 2026-11-30. The provider decodes it as Go does, so the
    letter case of a key does not count.
    """

    name: str = ""
    image: Image = Image()  # noqa: RUF009 - a frozen value
    environment: tuple[Variable, ...] = ()
    secrets: tuple[SecretReference, ...] = ()
    readonly_root: bool = False
    privileged: bool = False
    user: str = ""
    log_driver: str = ""
    log_group: str = ""


def parse_containers(value: Value) -> Any:
    """Return container definitions as a tuple of `Container`.

    Args:
        value: JSON text, or the same as a list; unknowns and secrets may stand anywhere inside.

    Returns:
        A tuple; what is unknown inside stays so. `UNKNOWN` when the whole text is. A `Secret` around it when any part
        is secret.

    Raises:
        MalformedContainersError: ECS would not take them.
    """
    plain = reveal(value)
    if isinstance(plain, Unknown):
        return UNKNOWN
    listed = _loaded(plain) if isinstance(plain, str) else plain
    if isinstance(listed, Unknown):
        return UNKNOWN
    if not isinstance(listed, list) or not listed:
        raise MalformedContainersError("it is no list with at least one container")
    found = tuple(each if isinstance(each, Unknown) else _container(each) for each in listed)
    return Secret(found) if has_secret(value) else found


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise MalformedContainersError("it is nested too deeply") from None
    except ValueError:
        if is_symbolic(text):
            return UNKNOWN
        raise MalformedContainersError("it is not JSON") from None


def _container(item: Any) -> Container:
    fields = _Fields(item, "a container")
    driver, group = _log(fields.get("logConfiguration"))
    return Container(
        name=fields.text("name"),
        image=image_of(fields.required_text("image")),
        environment=fields.listed("environment", _variable),
        secrets=fields.listed("secrets", _secret),
        readonly_root=fields.flag("readonlyRootFilesystem"),
        privileged=fields.flag("privileged"),
        user=fields.text("user"),
        log_driver=driver,
        log_group=group,
    )


def _variable(item: Any) -> Variable:
    fields = _Fields(item, "an entry of environment")
    return variable_of(fields.text("name"), fields.text("value"))


def _secret(item: Any) -> SecretReference:
    fields = _Fields(item, "an entry of secrets")
    return SecretReference(name=fields.text("name"), value_from=fields.text("valueFrom"))


_GROUP: Final = "awslogs-group"


def _log(item: Any) -> tuple[Any, Any]:
    if item is None:
        return "", ""
    if isinstance(item, Unknown):
        return UNKNOWN, UNKNOWN
    fields = _Fields(item, "logConfiguration")
    options = fields.get("options")
    if isinstance(options, Unknown):
        return fields.text("logDriver"), UNKNOWN
    if options is not None and not isinstance(options, Mapping):
        raise MalformedContainersError("options of logConfiguration is no object")
    group = (options or {}).get(_GROUP)
    if group is not None and not isinstance(group, str | Unknown):
        raise MalformedContainersError(f"{_GROUP} is no text")
    return fields.text("logDriver"), group or ""


class _Fields:
    """The keys of an object, whatever their letter case."""

    def __init__(self, item: Any, what: str) -> None:
        if not isinstance(item, Mapping):
            raise MalformedContainersError(f"{what} is no object")
        self._what = what
        self._held = {str(key).lower(): value for key, value in item.items()}
        if len(self._held) < len(item):
            raise MalformedContainersError(f"a key of {what} occurs twice")

    def get(self, name: str) -> Any:
        """Return a value; None when it is absent or null."""
        return self._held.get(name.lower())

    def text(self, name: str) -> Any:
        """Return a text; empty when it is absent."""
        return self._of(name, str, "")

    def required_text(self, name: str) -> Any:
        """Return a text that must be there."""
        if self.get(name) is None:
            raise MalformedContainersError(f"{self._what} has no {name}")
        return self.text(name)

    def flag(self, name: str) -> Any:
        """Return a flag; false when it is absent."""
        return self._of(name, bool, default=False)

    def listed(self, name: str, build: Callable[[Any], Any]) -> Any:
        """Return a list of what `build` makes of its items; empty when it is absent."""
        items: Sequence[Any] | Unknown = self._of(name, list, [])
        if isinstance(items, Unknown):
            return UNKNOWN
        return tuple(each if isinstance(each, Unknown) else build(each) for each in items)

    def _of(self, name: str, kind: type, default: Any) -> Any:
        value = self.get(name)
        if value is None:
            return default
        if isinstance(value, (kind, Unknown)):
            return value
        raise MalformedContainersError(f"{name} of {self._what} has a wrong type")
