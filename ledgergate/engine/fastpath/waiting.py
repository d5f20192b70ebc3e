"""The end of a program: every call answered, every output settled."""

import asyncio

from pulumi.runtime.settings import _get_rpc_manager

from ledgergate.engine.fastpath.outputs import WATCH


async def wait_for_rpcs(await_all_outstanding_tasks: bool = True) -> None:
    """Stand in for `stack.wait_for_rpcs`, which wakes at the first finished output and registers on all others again.

    The calls are awaited as there, last first, so that the same exception comes out with the same cause.
    """
    rpc_manager = _get_rpc_manager()
    while True:
        while rpc_manager.rpcs:
            await asyncio.sleep(0)
            try:
                await rpc_manager.rpcs.pop()
            except Exception as error:
                first = rpc_manager.unhandled_exception
                if first is not None:
                    raise error from first.with_traceback(rpc_manager.exception_traceback)
                raise
        if rpc_manager.unhandled_exception is not None:
            raise rpc_manager.unhandled_exception.with_traceback(rpc_manager.exception_traceback)
        if await_all_outstanding_tasks:
            await WATCH.all_settled()
        if not rpc_manager.rpcs:
            return
