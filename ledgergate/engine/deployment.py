"""The engine's loop: takes registrations one at a time, asks provider and packs, keeps the graph.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ledgergate.engine import urns, wire
from ledgergate.engine.aliases import Known
from ledgergate.engine.assets import AssetError, with_hashes
from ledgergate.engine.options import ResourceOptions
from ledgergate.engine.provider import Handling, Provider, ProviderConfig, ProviderError, ResourceRequest
from ledgergate.engine.records import Record, analyze_request, stack_request


class StepError(Exception):
    """A resource could not be registered; the run stops there.

    Args:
        message: What is wrong, ready to show.
        urn: The resource; empty when it has no URN yet.
        quoted: What an exception said, whole; the message goes on with it, and the gate cuts it.
    """

    source: tuple[tuple[str, int], ...] = ()
    """(file, line) pairs of the program that wanted the resource, innermost first."""

    def __init__(self, message: str, urn: str = "", quoted: str = "") -> None:
        super().__init__(message + quoted)
        self.message = message + quoted
        self.urn = urn
        self.quoted = quoted


class Packs(Protocol):
    """The policy packs of a run, wherever they live. Requests and answers are protojson."""

    def remediate(self, request: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the properties after all remediations, or None for no change."""
        ...

    def analyze(self, request: Mapping[str, Any]) -> bool:
        """Judge one resource; return whether a mandatory policy is violated."""
        ...

    def analyze_stack(self, request: Mapping[str, Any]) -> bool:
        """Judge the stack; return whether a mandatory policy is violated."""
        ...


@dataclass(frozen=True, slots=True)
class Registration:
    """One resource that the program wants.

    Args:
        type: Type token.
        name: Logical name.
        parent: URN, or empty.
        custom: Whether a provider manages it.
        remote: Whether its inside is made by a provider in another process.
        inputs: camelCase property → wire value.
        property_dependencies: Property → URNs.
        source: (file, line) pairs of the program, innermost first.
        transforms: Callbacks that children inherit.
    """

    type: str
    name: str
    parent: str
    custom: bool
    remote: bool
    inputs: dict[str, wire.Wire]
    options: ResourceOptions
    property_dependencies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    source: tuple[tuple[str, int], ...] = ()
    transforms: tuple[Any, ...] = ()


class Deployment:
    """One run of one program on one stack.

    Args:
        project: Project name.
        stack: Stack name.
        config: Full key → plain text, for the inputs of default providers.
        provider: What creates resources.
        packs: What judges them during the run, or None.
        preview: Whether nothing may be created.
        root: Folder that relative asset paths start from.
    """

    def __init__(
        self,
        project: str,
        stack: str,
        config: Mapping[str, str],
        provider: Provider,
        *,
        packs: Packs | None = None,
        preview: bool = True,
        root: Path = Path(),
    ) -> None:
        self.project = project
        self.stack = stack
        self.provider = provider
        self.preview = preview
        self.records: dict[str, Record] = {}
        self.failure: StepError | None = None
        self.violated = False
        self.registered: list[str] = []
        self._aliases: dict[str, tuple[str, ...]] = {}
        self._config = config
        self._packs = packs
        self._root = root
        self._lock = threading.RLock()

    def register(self, wanted: Registration) -> Record:
        """Take one registration through check, packs and create.

        Raises:
            StepError: It failed, or the run has failed before.
        """
        with self._lock:
            if self.failure is not None:
                raise self.failure
            try:
                return self._register(wanted)
            except StepError as error:
                self.fail(error, wanted.source)
                raise

    def fail(self, error: StepError, source: tuple[tuple[str, int], ...] = ()) -> None:
        """Let the run stop here; what stopped it first is why."""
        error.source = error.source or source
        self.failure = self.failure or error

    def read(self, wanted: Registration, resource_id: str) -> Record:
        """Look an existing resource up; it joins the graph and is never judged.

        Raises:
            StepError: The provider could not read it.
        """
        with self._lock:
            urn = self._urn(wanted)
            served = self._provider_for(wanted)
            record = self._record(wanted, urn, "read", served)
            known = resource_id != wire.UNKNOWN
            record.id = resource_id if known else ""
            if known:
                try:
                    found = self.provider.read(self._request(record, record.inputs, served), resource_id)
                except ProviderError as error:
                    self.failure = StepError(str(error), urn)
                    raise self.failure from None
                record.id, record.outputs = found.id, dict(found.outputs)
            self.records[urn] = record
            return record

    def complete(self, urn: str, outputs: dict[str, wire.Wire]) -> None:
        """Keep what `register_outputs` gave for a component or the stack.

        Raises:
            StepError: It holds an asset that cannot be read.
        """
        with self._lock:
            self.records[urn].outputs = self.hashed(outputs)

    def hashed(self, values: Mapping[str, wire.Wire]) -> dict[str, wire.Wire]:
        """Return properties with the hash of every asset and archive.

        Raises:
            StepError: The file or folder of one cannot be read.
        """
        try:
            return {key: with_hashes(value, self._root) for key, value in values.items()}
        except AssetError as error:
            raise StepError(str(error)) from None

    def judge_stack(self) -> None:
        """Let the packs judge the whole stack, unless the run failed before.

        Raises:
            StepError: A pack failed.
        """
        if self._packs is not None and self.failure is None:
            shown = [record for record in self.records.values() if record.kind != "read"]
            self.violated |= self._packs.analyze_stack(stack_request(shown, self.records))

    def provider_config(self, reference: str, package: str, version: str) -> ProviderConfig:
        """Return the configuration behind a provider reference, or of the default provider.

        Raises:
            StepError: A pack failed on the default provider, or forbids it.
        """
        with self._lock:
            try:
                urn = reference.rpartition("::")[0] or self.default_provider(package, version)
            except StepError as error:
                self.fail(error)
                raise
            record = self.records.get(urn)
            inputs = wire.plain(record.inputs) if record is not None else {}
            return ProviderConfig(package=package, urn=urn, version=version, inputs=inputs)

    def default_provider(self, package: str, version: str) -> str:
        """Return the URN of the provider that the engine makes on first need."""
        type_ = urns.PROVIDER_PREFIX + package
        name = urns.default_provider_name(version)
        urn = urns.make_urn(self.stack, self.project, "", type_, name)
        if urn not in self.records:
            prefix = f"{package}:"
            inputs: dict[str, wire.Wire] = {
                key[len(prefix) :]: text for key, text in self._config.items() if key.startswith(prefix)
            }
            if version:
                inputs["version"] = version
            record = Record(urn, type_, name, "provider", inputs=inputs)
            record.id = self._provider_id()
            self._judge(record, None)
            record.outputs = dict(record.inputs)
            self.records[urn] = record
        return urn

    def _register(self, wanted: Registration) -> Record:
        urn = self._urn(wanted)
        if urn in self.records:
            message = f"Duplicate resource URN '{urn}'; try giving it a unique name"
            raise StepError(message, urn)
        wanted.options.inherit(self._options_of(wanted.parent))
        served = self._provider_for(wanted)
        record = self._record(wanted, urn, _kind_of(wanted), served)
        if record.kind == "custom":
            self._create(record, served)
        else:
            self._keep(record, wanted.options.version)
        self.records[urn] = record
        self.registered.append(urn)
        return record

    def _create(self, record: Record, served: ProviderConfig) -> None:
        given = {key: wire.flatten_references(value) for key, value in record.inputs.items()}
        checked = self.provider.check(self._request(record, given, served))
        record.inputs = _keep_secrets(dict(checked.inputs), given)
        record.auto_named = checked.auto_named
        self._judge(record, self.records.get(record.provider))
        if checked.failures:
            name, reason = checked.failures[0]
            value = "{[secret]}" if wire.has_secret(given.get(name)) else _go_text(wire.plain(given.get(name)))
            message = f"{record.type} resource '{record.name}': property {name} value {value} has a problem: {reason}"
            raise StepError(message, record.urn)
        try:
            created = self.provider.create(self._request(record, record.inputs, served))
        except ProviderError as error:
            raise StepError(str(error), record.urn) from None
        record.id = created.id
        record.outputs = _keep_secrets(dict(created.outputs), record.inputs)
        for key in record.options.additional_secret_outputs:
            if key in record.outputs:
                record.outputs[key] = wire.secret(record.outputs[key])

    def _keep(self, record: Record, version: str) -> None:
        """Take a resource that no provider creates: stack, component, provider, opaque."""
        if record.kind == "provider":
            if version:
                record.inputs.setdefault("version", version)
            record.id = self._provider_id()
        elif record.kind == "opaque":
            record.inputs.pop("__provider", None)
        self._judge(record, self.records.get(record.provider))
        if record.kind == "provider" or (record.kind == "opaque" and not self.preview):
            record.outputs = dict(record.inputs)
        elif record.kind == "opaque":
            # What it makes of its inputs is decided out of sight.
            record.outputs = dict.fromkeys(record.inputs, wire.UNKNOWN)

    def _judge(self, record: Record, provider: Record | None) -> None:
        if self._packs is None:
            return
        seen = analyze_request(record, provider, remediate=True)
        if record.kind == "provider" and "version" in record.inputs:
            seen["properties"] |= {"__internal": {}}
        changed = self._packs.remediate(seen)
        if changed is not None:
            record.inputs = {key: value for key, value in changed.items() if key != "__internal"}
        if self._packs.analyze(analyze_request(record, provider)):
            self.violated = True
            if not self.preview:
                message = "a mandatory policy is violated"
                raise StepError(message, record.urn)

    def _request(self, record: Record, inputs: Mapping[str, wire.Wire], served: ProviderConfig) -> ResourceRequest:
        return ResourceRequest(
            urn=record.urn,
            type=record.type,
            name=record.name,
            inputs=wire.plain(inputs),
            provider=served,
            preview=self.preview,
            handling=Handling(
                dependencies=record.dependencies,
                delete_before_replace=bool(record.options.delete_before_replace),
                ignore_changes=record.options.ignore_changes,
                protect=bool(record.options.protect),
                retain_on_delete=bool(record.options.retain_on_delete),
                replace_on_changes=record.options.replace_on_changes,
                aliases=self._aliases.get(record.urn, ()),
                import_id=record.options.import_id,
            ),
        )

    def _record(self, wanted: Registration, urn: str, kind: str, served: ProviderConfig) -> Record:
        known = Known(self.stack, self.project, wanted.type, wanted.name, wanted.parent)
        self._aliases[urn] = known.earlier(wanted.options.aliases, self._aliases.get(wanted.parent, ()))
        return Record(
            urn=urn,
            type=wanted.type,
            name=wanted.name,
            kind=kind,
            inputs=self.hashed(wanted.inputs),
            parent=wanted.parent,
            provider=served.urn,
            dependencies=wanted.options.depends_on,
            property_dependencies=wanted.property_dependencies,
            options=wanted.options,
            source=wanted.source,
            transforms=wanted.transforms,
        )

    def _urn(self, wanted: Registration) -> str:
        if wanted.parent and wanted.parent not in self.records:
            message = f"could not find parent resource {wanted.parent}"
            raise StepError(message)
        return urns.make_urn(self.stack, self.project, wanted.parent, wanted.type, wanted.name)

    def _options_of(self, urn: str) -> ResourceOptions | None:
        record = self.records.get(urn)
        return record.options if record is not None else None

    def _provider_for(self, wanted: Registration) -> ProviderConfig:
        """Choose who serves a resource: what it names, its parent's, or the default one."""
        if not wanted.custom or wanted.type.startswith(urns.PROVIDER_PREFIX):
            return ProviderConfig(package="", urn="")
        package = urns.package_of(wanted.type)
        reference = wanted.options.provider
        parent = self.records.get(wanted.parent)
        if not reference and parent is not None:
            named = parent.options.providers.get(package, "")
            same = parent.kind == "custom" and urns.package_of(parent.type) == package
            reference = named or (f"{parent.provider}::" if same and parent.provider else "")
        return self.provider_config(reference, package, wanted.options.version)

    def _provider_id(self) -> str:
        return wire.UNKNOWN if self.preview else str(uuid.uuid4())

    def ancestors(self, urn: str) -> Iterator[Record]:
        """Yield the resource with this URN and its parents, innermost first."""
        record = self.records.get(urn)
        while record is not None:
            yield record
            record = self.records.get(record.parent)


def _kind_of(wanted: Registration) -> str:
    if wanted.type == urns.STACK_TYPE:
        return "stack"
    if wanted.type.startswith(urns.PROVIDER_PREFIX):
        return "provider"
    if wanted.remote or wanted.type.startswith(urns.DYNAMIC_PREFIX):
        return "opaque"
    return "custom" if wanted.custom else "component"


def _keep_secrets(values: dict[str, wire.Wire], marked: Mapping[str, wire.Wire]) -> dict[str, wire.Wire]:
    """Wrap each value again whose namesake was secret, or held a secret, before it went to the provider."""
    for key, before in marked.items():
        if key in values and wire.has_secret(before):
            values[key] = _mark(values[key], before)
    return values


def _mark(value: wire.Wire, before: wire.Wire) -> wire.Wire:
    if wire.is_secret(before) or not (isinstance(value, dict) and isinstance(before, dict)):
        return wire.secret(value)
    return _keep_secrets(dict(value), before)


def _go_text(value: wire.Wire) -> str:
    """Show a value as the engine does in its messages."""
    if isinstance(value, Mapping):
        return "{map[" + " ".join(f"{key}:{_go_text(item)}" for key, item in sorted(value.items())) + "]}"
    if isinstance(value, list):
        return "{[" + " ".join(_go_text(item) for item in value) + "]}"
    return "{" + str(value) + "}"
