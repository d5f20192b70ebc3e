"""Reads what `pulumi stack export` writes: the resources of a stack, whatever language its program is in.

Secrets stay what they are there: a ciphertext is a secret that nobody knows.

Source: the deployment types of version 3 in the Pulumi SDK (apitype), read 2026-11-30.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ledgergate.engine import urns, wire
from ledgergate.engine.decode import decode
from ledgergate.errors import LedgergateError
from ledgergate.graph import Frame, Graph, Kind, Options, Resource
from ledgergate.values import UNKNOWN, Secret, Value

VERSIONS: Final = (3, 4)
"""Versions of the format. 4 names features that a reader must know; those known here change nothing that is read."""

_FEATURES: Final = frozenset({"refreshBeforeUpdate", "views", "hooks", "taint"})
_DEFAULTS: Final = "__defaults"
_DYNAMIC: Final = ("pulumi-python:dynamic", "pulumi-nodejs:dynamic")
_POSITION: Final = re.compile(r"project:///(?P<file>.+)#(?P<line>\d+)(,\d+)?")
_EXPORT: Final = "Write one with: pulumi stack export --stack NAME --file state.json"


@dataclass(frozen=True, slots=True)
class State:
    """An exported stack.

    Args:
        graph: Its resources.
        ciphertexts: How many values are known to nobody here, as they are encrypted.
        pending: URNs of resources in the middle of an operation when it was exported, sorted.
    """

    graph: Graph
    ciphertexts: int = 0
    pending: tuple[str, ...] = ()


def load_state(path: Path) -> State:
    """Read an exported stack.

    Raises:
        LedgergateError: It cannot be read, is no exported stack, or is of a version that nobody knows here.
    """
    try:
        written = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise LedgergateError(f"--state {path}: it cannot be read: {error.strerror}") from None
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LedgergateError(f"--state {path}: it is not JSON: {error}", _EXPORT) from None
    try:
        return _State(written).read()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = error.args[0] if isinstance(error, _MalformedError) else f"{type(error).__name__}: {error}"
        raise LedgergateError(f"--state {path}: it is no exported stack: {said}", _EXPORT) from None


class _MalformedError(ValueError):
    """Something in a state is not as it must be."""


class _State:
    def __init__(self, written: Any) -> None:
        if not isinstance(written, dict) or not isinstance(written.get("deployment"), dict):
            raise _MalformedError("there is no object `deployment`")
        version = written.get("version")
        if version not in VERSIONS:
            raise _MalformedError(f"its version is {version!r}; {VERSIONS[0]} to {VERSIONS[-1]} are known")
        self._deployment = written["deployment"]
        strange = sorted({*(written.get("features") or ())} - _FEATURES)
        if strange:
            raise _MalformedError(f"it uses features that are not known here: {', '.join(strange)}")
        self._ciphertexts = 0

    def read(self) -> State:
        listed = self._deployment.get("resources") or []
        kept = [self._resource(each) for each in listed if not each.get("delete")]
        stack = next((each for each in kept if each.kind is Kind.STACK), None)
        if stack is None:
            raise _MalformedError("it holds no stack: nothing was deployed, or it was destroyed")
        twice = len(kept) - len({each.urn for each in kept})
        if twice:
            raise _MalformedError("two resources have one URN")
        prefix, project, *_ = stack.urn.split("::")
        operations = self._deployment.get("pendingOperations") or self._deployment.get("pending_operations") or ()
        pending = tuple(sorted({str(each["resource"]["urn"]) for each in operations}))
        return State(Graph(project, prefix.removeprefix("urn:pulumi:"), kept), self._ciphertexts, pending)

    def _resource(self, written: Mapping[str, Any]) -> Resource:
        urn, type_ = str(written["urn"]), str(written["type"])
        inputs = written.get("inputs") or {}
        return Resource(
            urn=urn,
            type=type_,
            name=urns.name_of(urn),
            kind=_kind(type_, written),
            inputs=self._properties(inputs),
            outputs=self._properties(written.get("outputs") or {}),
            id=str(written.get("id") or ""),
            parent=str(written.get("parent") or ""),
            # `urn::id` of the provider; its URN ends before the last pair of colons.
            provider=str(written.get("provider") or "").rpartition("::")[0],
            dependencies=tuple(sorted(written.get("dependencies") or ())),
            property_dependencies={
                key: tuple(sorted(found or ())) for key, found in (written.get("propertyDependencies") or {}).items()
            },
            options=_options(written),
            source=_source(written),
            auto_named=tuple(key for key in inputs.get(_DEFAULTS) or () if isinstance(inputs.get(key), str)),
        )

    def _properties(self, written: Mapping[str, Any]) -> dict[str, Value]:
        return {key: self._value(value) for key, value in written.items() if not key.startswith("__")}

    def _value(self, written: Any) -> Value:
        if isinstance(written, list):
            return [self._value(each) for each in written]
        if not isinstance(written, dict):
            return decode(written)
        signature = written.get(wire.SIGNATURE)
        if signature is None:
            return {key: self._value(each) for key, each in written.items() if key != _DEFAULTS}
        if signature != wire.SECRET:
            return decode(written)
        if "plaintext" in written:
            return Secret(self._value(json.loads(written["plaintext"])))
        self._ciphertexts += 1
        return Secret(UNKNOWN)


def _kind(type_: str, written: Mapping[str, Any]) -> Kind:
    if type_ == urns.STACK_TYPE:
        return Kind.STACK
    if type_.startswith(urns.PROVIDER_PREFIX):
        return Kind.PROVIDER
    if type_.startswith(_DYNAMIC):
        return Kind.OPAQUE
    if written.get("external"):
        return Kind.READ
    return Kind.CUSTOM if written.get("custom") else Kind.COMPONENT


def _options(written: Mapping[str, Any]) -> Options:
    return Options(
        protect=bool(written.get("protect")),
        ignore_changes=tuple(written.get("ignoreChanges") or ()),
        additional_secret_outputs=tuple(written.get("additionalSecretOutputs") or ()),
        aliases=tuple(written.get("aliases") or ()),
        retain_on_delete=bool(written.get("retainOnDelete")),
    )


def _source(written: Mapping[str, Any]) -> tuple[Frame, ...]:
    """Return where the program made it, of which newer SDKs tell the engine."""
    found = _POSITION.fullmatch(str(written.get("sourcePosition") or ""))
    return (Frame(found["file"], int(found["line"])),) if found else ()
