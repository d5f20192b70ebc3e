"""What the engine keeps of each resource, and the requests that a policy pack gets about it.

Runs inside the program's interpreter: standard library only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledgergate.engine import wire
from ledgergate.engine.options import ResourceOptions


@dataclass(slots=True)
class Record:
    """One registered or read resource; wire values throughout.

    Args:
        urn: Pulumi URN.
        type: Type token.
        name: Logical name.
        kind: `stack`, `component`, `provider`, `custom`, `read` or `opaque`.
        inputs: Inputs after the provider's `check` and any remediation.
        outputs: State after `create`; what `RegisterResourceOutputs` gave for components.
        id: Physical id; empty when unknown.
        source: (file, line) pairs of the program, innermost first.
    """

    urn: str
    type: str
    name: str
    kind: str
    inputs: dict[str, wire.Wire] = field(default_factory=dict)
    outputs: dict[str, wire.Wire] = field(default_factory=dict)
    id: str = ""
    parent: str = ""
    provider: str = ""
    dependencies: tuple[str, ...] = ()
    property_dependencies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    options: ResourceOptions = field(default_factory=ResourceOptions)
    source: tuple[tuple[str, int], ...] = ()
    auto_named: tuple[str, ...] = ()
    transforms: tuple[Any, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON data for the gate's process."""
        return {
            "urn": self.urn,
            "type": self.type,
            "name": self.name,
            "kind": self.kind,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "id": self.id,
            "parent": self.parent,
            "provider": self.provider,
            "dependencies": sorted(self.dependencies),
            "property_dependencies": self.property_dependencies,
            "options": {**self.options.for_pack(""), "retainOnDelete": bool(self.options.retain_on_delete)},
            "source": self.source,
            "auto_named": self.auto_named,
        }


def analyze_request(record: Record, provider: Record | None, *, remediate: bool = False) -> dict[str, Any]:
    """Return the `Analyze` (or `Remediate`) request of a resource, as protojson.

    A remediation still sees the bookkeeping properties that begin with two underscores.
    """
    request: dict[str, Any] = {
        "type": record.type,
        "urn": record.urn,
        "name": record.name,
        "properties": _shown(record.inputs, keep_internal=remediate),
        "options": record.options.for_pack(record.parent),
    }
    if provider is not None:
        request["provider"] = _provider_reference(provider)
    return request


def stack_request(records: Iterable[Record], by_urn: Mapping[str, Record]) -> dict[str, Any]:
    """Return the `AnalyzeStack` request of a stack, as protojson."""
    return {"resources": [_stack_resource(record, by_urn.get(record.provider)) for record in records]}


def _stack_resource(record: Record, provider: Record | None) -> dict[str, Any]:
    found = analyze_request(record, provider)
    found["properties"] = _shown(record.outputs)
    if record.parent:
        found["parent"] = record.parent
    if record.dependencies:
        found["dependencies"] = sorted(record.dependencies)
    depended = {key: {"urns": list(urns)} for key, urns in record.property_dependencies.items() if urns}
    if depended:
        found["propertyDependencies"] = depended
    return found


def _provider_reference(provider: Record) -> dict[str, Any]:
    return {
        "type": provider.type,
        "urn": provider.urn,
        "name": provider.name,
        "properties": _shown(provider.inputs),
    }


def _shown(values: Mapping[str, wire.Wire], *, keep_internal: bool = False) -> dict[str, wire.Wire]:
    return {
        key: wire.flatten_references(value)
        for key, value in values.items()
        if keep_internal or not key.startswith("__")
    }
