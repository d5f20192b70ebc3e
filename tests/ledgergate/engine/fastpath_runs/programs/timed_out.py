"""The program gives up waiting for an output, which cancels it."""

import asyncio

import pulumi
from kit import Thing


async def give_up() -> str:
    """Wait too short a time, then let the resource be made."""
    gate = asyncio.Event()

    async def name() -> str:
        await gate.wait()
        return "late"

    late = Thing("late", display_name=name(), size=1)
    try:
        await asyncio.wait_for(late.arn.future(), 0.01)
    except TimeoutError:
        gate.set()
    return "gave up"


pulumi.export("outcome", pulumi.Output.from_input(give_up()))
