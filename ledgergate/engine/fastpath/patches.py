"""Puts the stand-ins in place, each with the SDK code it depends on."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.engine.fastpath.executor import Switch
from ledgergate.engine.fastpath.verified import VERSIONS, is_verified

SWITCH: Final = Switch()
"""One program, one loop, one switch in a process."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One group of stand-ins that belong together.

    Args:
        name: What it makes faster.
        relies_on: Keys of `verified.FINGERPRINTS`: what it replaces, and what must be as it was for that to be right.
        apply: Replaces.
    """

    name: str
    relies_on: tuple[str, ...]
    apply: Callable[[], None]


def install(sdk_version: str) -> tuple[str, ...]:
    """Replace slow internals of the SDK, before the program runs.

    The collector is tuned with any SDK; that replaces nothing.

    Args:
        sdk_version: Version of the installed `pulumi` package.

    Returns:
        Names of the patches applied; none when the SDK is not one they were verified with.
    """
    tune_collector()
    if sdk_version not in VERSIONS:
        return ()
    fit = [patch for patch in PATCHES if is_verified(patch.relies_on)]
    for patch in fit:
        patch.apply()
    return tuple(patch.name for patch in fit)


def tune_collector() -> None:
    """Look for reference cycles seldom: a program makes many objects that live to its end and few cycles.

    Measured: the default thresholds cost two fifths of the run of 600 resources.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _debug_log() -> None:
    from pulumi import log

    def debug(*_args: Any, **_kwargs: Any) -> None:
        """Drop a line that the engine would drop."""

    log.debug = debug


def _frames() -> None:
    from pulumi.runtime import resource

    from ledgergate.engine.fastpath.frames import stack_trace

    resource._get_stack_trace = stack_trace


def _metadata() -> None:
    from pulumi import _types

    from ledgergate.engine.fastpath.metadata import PER_CLASS, PER_IDENTITY, per_class, per_identity

    for name in PER_CLASS:
        setattr(_types, name, per_class(getattr(_types, name)))
    for name in PER_IDENTITY:
        setattr(_types, name, per_identity(getattr(_types, name)))


def _urns() -> None:
    from pulumi.runtime import resource

    from ledgergate.engine.fastpath.outputs import create_urn

    resource.create_urn = create_urn


def _inline_calls() -> None:
    from pulumi.runtime._callbacks import _CallbackServicer

    SWITCH.callback_servers = _CallbackServicer._servicers
    SWITCH.allowed = True


def _outputs() -> None:
    from pulumi.output import Output
    from pulumi.runtime import rpc, stack

    from ledgergate.engine.fastpath.outputs import track, transfer_properties
    from ledgergate.engine.fastpath.waiting import wait_for_rpcs

    Output._track = track  # type: ignore[assignment]  # a stub knows no stand-in
    rpc.transfer_properties = transfer_properties
    stack.wait_for_rpcs = wait_for_rpcs


def _values() -> None:
    from pulumi.runtime import rpc

    from ledgergate.engine.fastpath import values

    rpc.contains_unknowns = values.contains_unknowns
    rpc.deserialize_properties = values.deserialize_properties
    rpc.serialize_property = values.serialize_property
    rpc.translate_output_properties = values.translate_output_properties


PATCHES: Final = (
    Patch(
        "inline-calls",
        (
            "pulumi.runtime._callbacks:_CallbackServicer.__init__",
            "pulumi.runtime._callbacks:_CallbackServicer.shutdown",
            "pulumi.runtime._context:wrap_with_context",
        ),
        _inline_calls,
    ),
    Patch("debug-log", ("pulumi.log:debug",), _debug_log),
    Patch(
        "frames",
        (
            "pulumi.runtime.resource:_get_source_position_for_frame",
            "pulumi.runtime.resource:_get_stack_trace",
        ),
        _frames,
    ),
    Patch(
        "metadata",
        (
            "pulumi._types:input_type_py_to_pulumi_names",
            "pulumi._types:resource_py_to_pulumi_names",
            "pulumi._types:resource_pulumi_to_py_names",
            "pulumi._types:resource_types",
            "pulumi._types:unwrap_type",
        ),
        _metadata,
    ),
    Patch(
        "urns",
        (
            "pulumi.output:Output._from_data",
            "pulumi.output:_OutputData",
            "pulumi.runtime.resource:create_urn",
        ),
        _urns,
    ),
    Patch(
        "outputs",
        (
            "pulumi.output:Output.__init__",
            "pulumi.output:Output._from_data",
            "pulumi.output:Output._track",
            "pulumi.output:Output._untrack",
            "pulumi.output:Output.recover",
            "pulumi.output:_OutputData",
            "pulumi.runtime.rpc:transfer_properties",
            "pulumi.runtime.rpc_manager:RPCManager",
            "pulumi.runtime.stack:run_pulumi_func",
            "pulumi.runtime.stack:wait_for_rpcs",
        ),
        _outputs,
    ),
    Patch(
        "values",
        (
            "pulumi.runtime.rpc:contains_unknowns",
            "pulumi.runtime.rpc:deserialize_properties",
            "pulumi.runtime.rpc:deserialize_property",
            "pulumi.runtime.rpc:serialize_property",
            "pulumi.runtime.rpc:translate_output_properties",
        ),
        _values,
    ),
)
