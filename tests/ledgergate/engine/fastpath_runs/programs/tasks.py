"""Awaitables as inputs, tasks of the program's own, and an asynchronous body."""

import asyncio

import pulumi
from kit import Thing


async def slowly(value: str) -> str:
    """Give `value` after some turns of the loop."""
    for _ in range(5):
        await asyncio.sleep(0)
    return value


class Late:
    """Makes a resource from a task."""

    def __init__(self) -> None:
        self.task = asyncio.ensure_future(self.make())

    async def make(self) -> str:
        """Register once another value has come."""
        name = await slowly("late")
        Thing(name, display_name=slowly("awaited"))
        return name


late = Late()
Thing("early", display_name=pulumi.Output.from_input(slowly("early")), tags={"Late": late.task})


async def body() -> dict[str, object]:
    """Export what came."""
    waited = await asyncio.to_thread(lambda: "from a thread")
    return {"late": await late.task, "waited": waited, "later": pulumi.Output.from_input(slowly("x"))}


pulumi.run(body)
