"""An output is cancelled."""

import asyncio

import pulumi
from kit import Thing


async def give_up() -> str:
    """Cancel oneself."""
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    await asyncio.sleep(0)
    return "never"


Thing("base")
pulumi.export("never", pulumi.Output.from_input(give_up()))
