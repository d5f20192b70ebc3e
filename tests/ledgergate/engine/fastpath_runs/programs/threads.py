"""Work that the program hands to threads runs in threads."""

import asyncio
import threading

import pulumi
from kit import Thing

main = threading.get_ident()


def where() -> bool:
    """Tell whether this is another thread."""
    return threading.get_ident() != main


async def ask() -> list[bool]:
    """Ask from both interfaces."""
    loop = asyncio.get_running_loop()
    return [await asyncio.to_thread(where), await loop.run_in_executor(None, where)]


Thing("asked", document=ask())
pulumi.export("asked", pulumi.Output.from_input(ask()))
