"""Faster stand-ins for internals of the Pulumi SDK, each only where the code it replaces is what it was verified with.

Runs inside the program's interpreter: standard library and pulumi only.
"""

from concurrent.futures import ThreadPoolExecutor

from ledgergate.engine.fastpath.executor import RpcExecutor
from ledgergate.engine.fastpath.patches import SWITCH, install

__all__ = ["executor", "install", "use_threads"]


def use_threads() -> None:
    """Send the SDK's calls to real threads from now on: the monitor is going to call back into the program's loop."""
    SWITCH.allowed = False


def executor(max_workers: int) -> ThreadPoolExecutor:
    """Return the default executor for the program's loop.

    Args:
        max_workers: Real threads, > 0.
    """
    return RpcExecutor(max_workers, SWITCH)
