"""The resource monitor that an unmodified program talks to, as an object in its own process.

Runs inside the program's interpreter: standard library and pulumi only.
Source: `pulumi/resource.proto`, SDK 3.272.0, read 2026-11-20.
"""

import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, Final, Protocol

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, provider_pb2, resource_pb2

from ledgergate.engine import urns, wire
from ledgergate.engine.deployment import Deployment, Registration, StepError
from ledgergate.engine.options import ResourceOptions, options_of_request
from ledgergate.engine.provider import Invoked, ProviderError
from ledgergate.engine.records import Record
from ledgergate.engine.sources import program_frames, program_place
from ledgergate.engine.transforms import Callbacks, run_transforms, transform_request

FEATURES: Final = (
    "SECRETS",
    "RESOURCE_REFERENCES",
    "OUTPUT_VALUES",
    "ALIAS_SPECS",
    "REPLACEMENT_TRIGGER",
    "DELETED_WITH",
    "REPLACE_WITH",
    "TRANSFORMS",
    "INVOKE_TRANSFORMS",
    "PARAMETERIZATION",
    "RESOURCE_HOOKS",
    "ERROR_HOOKS",
    "INVOKE_DEPENDS_ON",
)
"""Hooks are accepted and never run: they belong to real creates, updates and deletes."""

_OLD_FEATURES: Final = frozenset(
    (
        "secrets",
        "resourceReferences",
        "outputValues",
        "aliasSpecs",
        "deletedWith",
        "transforms",
        "invokeTransforms",
        "parameterization",
        "resourceHooks",
    )
)


# Older SDKs answer with the provider's message, which has no `unknown`; they do not say what a call depends on either.
_InvokeResponse: Final[Any] = getattr(resource_pb2, "ResourceInvokeResponse", provider_pb2.InvokeResponse)
_CallResponse: Final[Any] = provider_pb2.CallResponse


class MonitorError(grpc.RpcError):
    """An answer that the SDK turns into an exception of the program, as it does with the real engine's."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self._message = message

    def code(self) -> grpc.StatusCode:
        """Return the gRPC status."""
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        """Return the text that the SDK shows."""
        return self._message


def _stopping(answer: Callable[["Monitor", Any], Any]) -> Callable[["Monitor", Any], Any]:
    """Let the run stop where a request cannot be answered, and the program see it as it sees the real engine's."""

    @wraps(answer)
    def answered(self: "Monitor", request: Any) -> Any:
        try:
            return answer(self, request)
        except wire.NotFiniteError:
            error = StepError(_not_finite(request))
        except StepError as stopped:
            error = stopped
        self.deployment.fail(error, program_frames(request))
        raise MonitorError(error.message) from None

    return answered


def _not_finite(request: Any) -> str:
    """Word which property of a request holds a number that is not finite; a transform may have put it there."""
    named = [field.name for field in request.DESCRIPTOR.fields]
    subject = f"{request.type} resource '{request.name}'" if "name" in named else request.tok if "tok" in named else ""
    structs = (getattr(request, name) for name in ("object", "properties", "args", "outputs") if name in named)
    wrong = (key for struct in structs for key, value in struct.fields.items() if not wire.is_finite(value))
    where = f"property {next(wrong, 'that a transform changed')}"
    return f"{subject}: {where} has a problem: a number must be finite".removeprefix(": ")


class StackOutputs(Protocol):
    """Where the outputs of other stacks come from."""

    def __call__(self, name: str, /) -> Mapping[str, wire.Wire] | None:
        """Return output name → wire value, or None for an unknown stack."""
        ...


class Monitor:
    """The engine's side of `ResourceMonitor`; `unanswered` says which calls the program went on without.

    Args:
        deployment: The run.
        organization: Organization name.
        config: Full key → plain text.
        secret_keys: Keys of `config` that are secret.
        stack_outputs: Answers stack references.
        use_threads: Called before the first transform is registered: from then on a registration calls
            back into the program's event loop and must not run on it.
    """

    def __init__(
        self,
        deployment: Deployment,
        organization: str,
        config: Mapping[str, str],
        secret_keys: Iterable[str],
        stack_outputs: StackOutputs,
        use_threads: Callable[[], object] = lambda: None,
    ) -> None:
        self.deployment = deployment
        self.assumed: Counter[str] = Counter()
        self.look_ups: list[dict[str, Any]] = []
        self.unanswered: dict[str, None] = {}
        self._organization = organization
        self._config = dict(config)
        self._secret_keys = tuple(secret_keys)
        self._stack_outputs = stack_outputs
        self._use_threads = use_threads
        self._callbacks = Callbacks()
        self._stack_transforms: list[Any] = []
        self._invoke_transforms: list[Any] = []

    def GetDeploymentInfo(self, _request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Say what is run and what this engine can do."""
        names = (f"RESOURCE_MONITOR_FEATURE_{name}" for name in FEATURES)
        return resource_pb2.DeploymentInfo(
            project=self.deployment.project,
            stack=self.deployment.stack,
            organization=self._organization,
            config=self._config,
            configSecretKeys=self._secret_keys,
            dryRun=self.deployment.preview,
            supportedFeatures=[getattr(resource_pb2, name) for name in names if hasattr(resource_pb2, name)],
        )

    def SupportsFeature(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Answer the question that older SDKs ask instead of `GetDeploymentInfo`."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _OLD_FEATURES)

    @_stopping
    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Take one resource into the graph."""
        record = self.deployment.register(self._registration(request))
        answers = record.kind in ("custom", "provider", "opaque")
        return resource_pb2.RegisterResourceResponse(
            urn=record.urn,
            id=record.id if answers else "",
            object=wire.to_struct(record.outputs if answers else {}),
        )

    def _registration(self, request: Any) -> Registration:
        inputs = wire.from_struct(request.object)
        options = options_of_request(request)
        dependencies = {key: tuple(sorted(value.urns)) for key, value in request.propertyDependencies.items()}
        own = tuple(request.transforms)
        if request.type != urns.STACK_TYPE:
            chain = [*own]
            for ancestor in self.deployment.ancestors(request.parent):
                chain += ancestor.transforms
            chain += self._stack_transforms
            if chain:
                message = transform_request(request, self.deployment.hashed(inputs))
                inputs, changed = run_transforms(self._callbacks, chain, message, options)
                options = changed if own else replace(changed, depends_on=options.depends_on)
        inputs = {key: wire.without_outputs(value) for key, value in inputs.items() if value is not None}
        return Registration(
            type=request.type,
            name=request.name,
            parent=request.parent,
            custom=request.custom,
            remote=request.remote,
            inputs=inputs,
            options=options,
            property_dependencies=dependencies,
            source=program_frames(request),
            transforms=own,
        )

    @_stopping
    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Keep the outputs of a component or the stack."""
        self.deployment.complete(request.urn, wire.from_struct(request.outputs))
        return empty_pb2.Empty()

    @_stopping
    def ReadResource(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Look up a resource that exists already, or another stack's outputs."""
        wanted = Registration(
            type=request.type,
            name=request.name,
            parent=request.parent,
            custom=True,
            remote=False,
            inputs=wire.from_struct(request.properties),
            options=ResourceOptions(
                provider=request.provider, version=request.version, depends_on=tuple(request.dependencies)
            ),
            source=program_frames(request),
        )
        record = self._reference(wanted) if wanted.type == urns.REFERENCE_TYPE else None
        record = record or self.deployment.read(wanted, request.id)
        answer = resource_pb2.ReadResourceResponse(urn=record.urn, properties=wire.to_struct(record.outputs))
        if "id" in answer.DESCRIPTOR.fields_by_name:
            answer.id = record.id
        return answer

    def _reference(self, wanted: Registration) -> Record:
        name = str(wire.plain(wanted.inputs.get("name", "")))
        urn = urns.make_urn(self.deployment.stack, self.deployment.project, wanted.parent, wanted.type, wanted.name)
        self.deployment.provider_config(wanted.options.provider, "pulumi", wanted.options.version)
        try:
            outputs = self._stack_outputs(name)
        except StepError as error:
            raise StepError(error.message, urn) from None
        if outputs is None:
            message = f'unknown stack "{name}"'
            raise StepError(message, urn)
        record = self.deployment.read(wanted, wire.UNKNOWN)
        secret_names = sorted(key for key, value in outputs.items() if wire.has_secret(value))
        record.id = name
        record.outputs = {"name": name, "outputs": dict(outputs), "secretOutputNames": secret_names}
        return record

    @_stopping
    def Invoke(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Answer a function call."""
        if request.tok == "pulumi:pulumi:getResource":
            return self._known_resource(wire.from_struct(request.args))
        if self._waits_for_creation(getattr(request, "dependsOn", ())):
            return _InvokeResponse(unknown=True)
        args = wire.plain(self._transformed_args(request))
        try:
            served = self.deployment.provider_config(request.provider, urns.package_of(request.tok), request.version)
            found = self.deployment.provider.invoke(request.tok, args, served)
        except ProviderError as error:
            message = f"invocation of {request.tok} returned an error: {error}"
            file, line = program_place(sys._getframe(1))  # noqa: SLF001 - the SDK does not tell where it was called
            self.unanswered[f"{file}:{line}: {message}" if file else message] = None
            raise MonitorError(message) from None
        if found.assumed:
            self.assumed[request.tok] += 1
        self._remember(request.tok, args, found)
        failures = [provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in found.failures]
        return _InvokeResponse(**{"return": wire.to_struct(found.result), "failures": failures})

    def _remember(self, token: str, args: Mapping[str, wire.Wire], found: Invoked) -> None:
        self.look_ups.append({"token": token, "args": args, "result": wire.plain(found.result), "given": found.given})

    def _transformed_args(self, request: Any) -> dict[str, wire.Wire]:
        if not self._invoke_transforms:
            return wire.from_struct(request.args)
        options = resource_pb2.TransformInvokeOptions(provider=request.provider, version=request.version)
        message = resource_pb2.TransformInvokeRequest(token=request.tok, args=request.args, options=options)
        for transform in self._invoke_transforms:
            answer = resource_pb2.TransformInvokeResponse.FromString(self._callbacks.call(transform, message))
            message.args.CopyFrom(answer.args)
            if answer.HasField("options") and answer.options.provider:
                request.provider = answer.options.provider
        return wire.from_struct(message.args)

    def _waits_for_creation(self, depends_on: Iterable[str]) -> bool:
        records = (self.deployment.records.get(urn) for urn in depends_on)
        return any(record is not None and record.kind in ("custom", "opaque") and not record.id for record in records)

    def _known_resource(self, args: Mapping[str, wire.Wire]) -> Any:
        record = self.deployment.records.get(str(args.get("urn")))
        if record is None:
            message = f"unknown resource {args.get('urn')}"
            raise MonitorError(message)
        answer = {"urn": record.urn, "id": record.id, "state": record.outputs}
        provider = self.deployment.records.get(record.provider)
        if provider is not None:
            answer["provider"] = f"{provider.urn}::{provider.id}"
        return _InvokeResponse(**{"return": wire.to_struct(answer)})

    def Call(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Answer a method call: nobody can look inside, so the result is unknown and counted as assumed."""
        self.assumed[request.tok] += 1
        return _CallResponse(**{"return": wire.to_struct({"result": wire.UNKNOWN})})

    def RegisterStackTransform(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Add a transform for every later registration."""
        self._use_threads()
        self._stack_transforms.append(request)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Add a transform for every later call."""
        self._use_threads()
        self._invoke_transforms.append(request)
        return empty_pb2.Empty()

    def RegisterResourceHook(self, _request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Accept a hook; see `FEATURES`."""
        return empty_pb2.Empty()

    def RegisterErrorHook(self, _request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Accept a hook; see `FEATURES`."""
        return empty_pb2.Empty()

    def RegisterPackage(self, _request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Accept a parameterized package."""
        return resource_pb2.RegisterPackageResponse(ref=str(uuid.uuid4()))

    def ExistsResource(self, _request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Say that nobody knows whether a resource exists."""
        return resource_pb2.ExistsResourceResponse(unknown=True)

    def SignalAndWaitForShutdown(self, _request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Let the program end; the stack is judged after it."""
        return empty_pb2.Empty()


class EngineLog:
    """The engine's side of `Engine`: keeps what the program logs, drops debug lines."""

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []

    def Log(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Keep one line."""
        if request.severity != engine_pb2.DEBUG and not request.ephemeral:
            severity = engine_pb2.LogSeverity.Name(request.severity).lower()
            self.messages.append({"severity": severity, "text": request.message, "urn": request.urn})
        return empty_pb2.Empty()

    def RequirePulumiVersion(self, _request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Accept any version range: there is no CLI to compare with."""
        return empty_pb2.Empty()
