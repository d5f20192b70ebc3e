"""Transforms: functions of the program that change a registration or a call before the engine takes it.

Runs inside the program's interpreter: standard library and pulumi only.
Source: behaviour of the engine 3.260.0 as recorded; `pulumi/callback.proto`, read 2026-11-20.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import grpc
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc, resource_pb2

from ledgergate.engine import urns, wire
from ledgergate.engine.callbacks import raised_by_transform
from ledgergate.engine.deployment import StepError
from ledgergate.engine.exceptions import program_source, said_by
from ledgergate.engine.options import ResourceOptions, options_of_transform, said

_TOKEN: Final = re.compile(r"^Invoke callback \S+ error: ")


class Callbacks:
    """Calls functions that the program registered, over the program's own callback server."""

    def __init__(self) -> None:
        self._stubs: dict[str, Any] = {}

    def call(self, callback: Any, request: Any) -> bytes:
        """Call one function.

        Raises:
            StepError: The function raised.
        """
        stub = self._stubs.get(callback.target)
        if stub is None:
            stub = callback_pb2_grpc.CallbacksStub(grpc.insecure_channel(callback.target))
            self._stubs[callback.target] = stub
        message = callback_pb2.CallbackInvokeRequest(token=callback.token, request=request.SerializeToString())
        try:
            answer: bytes = stub.Invoke(message).response
        except grpc.RpcError as error:
            raise _failure(error, request) from None
        return answer


def _failure(error: grpc.RpcError, request: Any) -> StepError:
    """Word what a transform raised; the SDK's own text names a random token."""
    of = f"'{request.name}'" if "name" in request.DESCRIPTOR.fields_by_name else request.token
    raised = raised_by_transform()
    if raised is None:
        words = getattr(error, "details", error.__str__)
        return StepError(f"a transform of {of} failed: ", quoted=_TOKEN.sub("", str(words())))
    found = StepError(f"a transform of {of} failed: ", quoted=said_by(raised))
    found.source = program_source(raised)
    return found


def transform_request(request: Any, inputs: Mapping[str, wire.Wire]) -> Any:
    """Return the message that a transform of a resource receives."""
    options = resource_pb2.TransformResourceOptions(
        depends_on=request.dependencies,
        ignore_changes=request.ignoreChanges,
        replace_on_changes=request.replaceOnChanges,
        version=request.version,
        aliases=request.aliases,
        provider=request.provider,
        plugin_download_url=request.pluginDownloadURL,
        deleted_with=request.deletedWith,
        additional_secret_outputs=request.additionalSecretOutputs,
        providers=request.providers,
    )
    for ours, theirs in (("custom_timeouts", "customTimeouts"), ("hooks", "hooks")):
        if theirs in request.DESCRIPTOR.fields_by_name and request.HasField(theirs):
            getattr(options, ours).CopyFrom(getattr(request, theirs))
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    for ours, theirs in (("protect", "protect"), ("retain_on_delete", "retainOnDelete")):
        value = said(request, theirs)
        if value is not None:
            setattr(options, ours, value)
    return resource_pb2.TransformRequest(
        type=request.type,
        name=request.name,
        custom=request.custom,
        parent=request.parent,
        properties=wire.to_struct({key: as_outputs(value) for key, value in inputs.items()}),
        options=options,
    )


def run_transforms(
    callbacks: Callbacks,
    transforms: Sequence[Any],
    message: Any,
    options: ResourceOptions,
) -> tuple[dict[str, wire.Wire], ResourceOptions]:
    """Call each transform with the result of the one before.

    Args:
        callbacks: How to call.
        transforms: Callback messages, in order.
        message: The first `TransformRequest`; changed in place.
        options: Options before any transform.

    Returns:
        Inputs and options after the last transform.
    """
    for transform in transforms:
        answer = resource_pb2.TransformResponse.FromString(callbacks.call(transform, message))
        message.properties.CopyFrom(answer.properties)
        if answer.HasField("options"):
            message.options.CopyFrom(answer.options)
            options = options_of_transform(answer.options, options)
    changed = wire.from_struct(message.properties)
    return {key: wire.without_outputs(value) for key, value in changed.items()}, options


def as_outputs(value: wire.Wire) -> wire.Wire:
    """Turn unknowns and secrets into output values, which is how a transform sees them."""
    if isinstance(value, str):
        return {wire.SIGNATURE: wire.OUTPUT} if value == wire.UNKNOWN else value
    if isinstance(value, Mapping):
        if wire.is_secret(value):
            return {wire.SIGNATURE: wire.OUTPUT, "secret": True, "value": as_outputs(value.get("value"))}
        if wire.signature_of(value) == wire.RESOURCE:
            return _named_reference(value)
        return {key: as_outputs(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_outputs(item) for item in value]
    return value


def _named_reference(reference: Mapping[str, wire.Wire]) -> wire.Wire:
    urn = str(reference.get("urn", ""))
    named = {**reference, "name": urns.name_of(urn), "type": urns.type_of(urn)}
    return {**named, "id": ""} if reference.get("id") == wire.UNKNOWN else named
