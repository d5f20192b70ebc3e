"""Stack references whose outputs are known one by one.

The SDK takes all outputs of another stack for unknown as soon as one of them is: with the real engine they come from
a state, where none is. Here a stack of the same run answers, and a port that it exports may well be unknown.

Runs inside the program's interpreter: standard library and pulumi only.
Source: `pulumi/stack_reference.py`, SDK 3.272.0, read 2026-11-21.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from pulumi import Output, StackReference
from pulumi.output import contains_unknowns

Pick = Callable[[Mapping[str, Any], str], Any]


def install() -> None:
    """Let `get_output` and `require_output` look at one output alone."""
    StackReference.get_output = _alone(StackReference.get_output, lambda outputs, name: outputs.get(name))  # type: ignore[assignment,method-assign]  # only the rest of the outputs is treated otherwise
    StackReference.require_output = _alone(StackReference.require_output, lambda outputs, name: outputs[name])  # type: ignore[assignment,method-assign]  # as above


def _alone(original: Callable[[Any, Any], "Output[Any]"], pick: Pick) -> Callable[[Any, Any], "Output[Any]"]:
    def output(self: StackReference, name: Any) -> "Output[Any]":
        """Return one output of the other stack."""
        as_sdk = original(self, name)

        def picked(both: list[Any]) -> Any:
            asked, outputs = both
            unknown = contains_unknowns(asked) or not isinstance(outputs, Mapping)
            value = None if unknown else pick(outputs, asked)
            return _unknown() if unknown or contains_unknowns(value) else value

        both = Output.all(Output.from_input(name), self.outputs)
        value = both.apply(picked, run_with_unknowns=True)
        return Output(as_sdk.resources(), value.future(), value.is_known(), as_sdk.is_secret())

    return output


def _unknown() -> "Output[Any]":
    return Output(_future(set()), _future(None), _future(False))  # noqa: FBT003 - a value, not a switch


def _future(value: Any) -> "asyncio.Future[Any]":
    future: asyncio.Future[Any] = asyncio.Future()
    future.set_result(value)
    return future
