"""Outputs with one future each, and a wait that looks at none of them until one fails or all are done."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from pulumi.output import Output, _OutputData
from pulumi.runtime import resource as sdk_resource
from pulumi.runtime.settings import SETTINGS, get_project, get_stack

if TYPE_CHECKING:
    from pulumi import Inputs, Resource
    from pulumi.runtime.rpc import Resolver

    Data = asyncio.Future[_OutputData[Any]]

_sdk_create_urn = sdk_resource.create_urn


class Watch:
    """The outputs that failed, and who waits for the pending ones."""

    def __init__(self) -> None:
        self._failed: list[Data] = []
        self._waiter: asyncio.Future[None] | None = None

    def settle(self, data: "Data") -> None:
        """Forget an output that came out well; keep one that failed for the end of the program, as the SDK does."""
        outputs = SETTINGS.outputs
        if data.cancelled() or data.exception() is not None:
            self._failed.append(data)
            self._wake()
            return
        outputs.discard(data)
        if not outputs:
            self._wake()

    async def all_settled(self) -> None:
        """Return when no output is pending; raise the first failure that no other output took over."""
        while SETTINGS.outputs:
            for data in self._failed:
                if data in SETTINGS.outputs:
                    await data
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


WATCH = Watch()


class Property(asyncio.Future[Any]):
    """The future of a property: its resolver settles it, so only a cancellation needs to be noticed here."""

    __slots__ = ()

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel, as a time limit of the program's own around `Output.future` does."""
        cancelled = super().cancel(msg)
        if cancelled:
            WATCH.settle(self)
        return cancelled


def track(output: Output[Any]) -> None:
    """Stand in for `Output._track`: an output that is done and good needs no watching."""
    data = output._data
    if data.done() and not data.cancelled() and data.exception() is None:
        return
    SETTINGS.outputs.add(data)
    data.add_done_callback(WATCH.settle)


def resolved(value: Any) -> Output[Any]:
    """Return an output that is known, not secret and depends on nothing."""
    data: Data = asyncio.Future()
    data.set_result(_OutputData(resources=set(), value=value, is_known=True, is_secret=False))
    output: Output[Any] = object.__new__(Output)
    output._data = data
    return output


def transfer_properties(res: "Resource", props: "Inputs", custom: bool) -> "dict[str, Resolver]":
    """Stand in for `rpc.transfer_properties`: one future for each property instead of five and a task."""
    outputs = SETTINGS.outputs
    resolvers: dict[str, Resolver] = {}
    for name in props:
        if name == "urn" or (name == "id" and custom):
            continue
        data = Property()
        output: Output[Any] = object.__new__(Output)
        output._data = data
        outputs.add(data)
        res.__dict__[name] = output
        resolvers[name] = partial(_resolve, res, data)
    return resolvers


def _resolve(
    res: "Resource",
    data: "Data",
    value: Any,
    is_known: bool,
    is_secret: bool,
    deps: "set[Resource] | None",
    failed: Exception | None,
) -> None:
    if failed is not None:
        data.set_exception(failed)
    else:
        resources = {res, *deps} if deps else {res}
        data.set_result(_OutputData(resources=resources, value=value, is_known=is_known, is_secret=is_secret))
    WATCH.settle(data)


def create_urn(
    name: Any, type_: Any, parent: Any = None, project: str | None = None, stack: str | None = None
) -> Output[str]:
    """Stand in for `resource.create_urn`: plain strings need no output, and each registration asks for one."""
    if not (isinstance(name, str) and isinstance(type_, str) and (parent is None or isinstance(parent, str))):
        return _sdk_create_urn(name, type_, parent, project, stack)
    if parent is None:
        stack = get_stack() if stack is None else stack
        prefix = f"urn:pulumi:{stack}::{get_project() if project is None else project}::"
    else:
        prefix = parent[: parent.rfind("::")] + "$"
    return resolved(f"{prefix}{type_}::{name}")
