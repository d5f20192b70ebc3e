"""The thread pool of the program's loop: the SDK's own calls run in the loop's thread, everything else in real threads.

The monitor is an object in this process and answers at once, so a hop to a worker thread and back only costs time.
"""

from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_RPC_MODULES: Final = frozenset(
    f"pulumi.runtime.{name}" for name in ("_context", "invoke", "resource", "settings", "stack")
)


class Switch:
    """Whether the SDK's calls run in the loop's thread; off at first, which is what the SDK does.

    Args:
        callback_servers: Servers through which the engine calls functions of the program, on the program's own
            loop: while there is one, a call that ran in the loop would wait for itself.
    """

    def __init__(self, callback_servers: Collection[object] = ()) -> None:
        self.allowed = False
        self.callback_servers = callback_servers

    @property
    def inline(self) -> bool:
        """Tell whether the next call may run in the loop's thread."""
        return self.allowed and not self.callback_servers


class RpcExecutor(ThreadPoolExecutor):
    """A pool for `loop.set_default_executor`, which accepts no other class.

    Args:
        max_workers: Real threads, as many as the SDK would have.
        switch: Looked at before each call of the SDK.
    """

    def __init__(self, max_workers: int, switch: Switch) -> None:
        super().__init__(max_workers=max_workers, thread_name_prefix="pulumi")
        self._switch = switch

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a call of the SDK at once, hand anything else to a thread."""
        if not (self._switch.inline and _is_rpc(fn)):
            return super().submit(fn, *args, **kwargs)
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - a pool hands every error to the one who waits
            future.set_exception(error)
        return future


def _is_rpc(fn: Callable[..., Any]) -> bool:
    return getattr(fn, "__module__", "") in _RPC_MODULES
