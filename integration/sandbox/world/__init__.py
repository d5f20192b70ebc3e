"""A small model of what an emulator lacks: zones that fail, service that stops, recovery that takes time."""

from integration.sandbox.world.model import ClusterView, Flaw, Instance, Member, RefusedError, World
from integration.sandbox.world.times import Event, Times, load_times

__all__ = [
    "ClusterView",
    "Event",
    "Flaw",
    "Instance",
    "Member",
    "RefusedError",
    "Times",
    "World",
    "load_times",
]
